package janustest

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// info answers with everything Janus says about itself. s.mu is held.
func (s *Server) info(c *conn, r *request) {
	if s.hushed(c, r) {
		return
	}
	b, err := encode(append(object{{"janus", "server_info"}, {"transaction", *r.txn}}, s.serverInfo()...))
	if err != nil {
		return // out of reach: strings, numbers and truth values
	}
	s.send(c, b)
}

func (s *Server) serverInfo() object {
	o := &s.opts
	v := object{
		{"name", "Janus WebRTC Server"},
		{"version", o.Version},
		{"version_string", versionString(o.Version)},
		{"author", "Bifrons"},
		{"commit-hash", "not-a-git-repo"},
		{"compile-time", "Sat Jan  1 00:00:00 UTC 2000"},
		{"log-to-stdout", false},
		{"log-to-file", false},
		{"data_channels", !o.NoDataChannels},
		{"accepting-new-sessions", !s.faults.draining.active()},
		{"session-timeout", seconds(o.SessionTimeout)},
		{"reclaim-session-timeout", seconds(o.ReclaimTimeout)},
		{"candidates-timeout", 45},
		{"server-name", o.ServerName},
		{"local-ip", gatewayIP},
		{"ipv6", false},
		{"ice-lite", false},
		{"ice-tcp", false},
		{"ice-nomination", "aggressive"},
		{"ice-keepalive-conncheck", false},
		{"full-trickle", o.FullTrickle},
		{"mdns-enabled", true},
		{"min-nack-queue", 200},
		{"nack-optimizations", false},
		{"twcc-period", 200},
		{"dtls-mtu", 1200},
		{"static-event-loops", 0},
		{"api_secret", o.APISecret != ""},
		{"auth_token", o.Tokens != nil || o.TokenSecret != ""},
		{"event_handlers", false},
		{"opaqueid_in_api", o.OpaqueIDInAPI},
		{"dependencies", object{}},
		{"transports", object{component("janus.transport.janustest")}},
		{"events", object{}},
		{"loggers", object{}},
	}
	if o.Version >= 1200 {
		v = append(v, field{"ice-consent-freshness", false})
	}
	if o.Version >= 1201 {
		v = append(v, field{"hangup-on-failed", false})
	}
	var plugins object
	for _, name := range slices.Sorted(maps.Keys(s.plugins)) {
		plugins = append(plugins, component(name))
	}
	return append(v, field{"plugins", plugins})
}

// component describes one module of the gateway.
func component(name string) field {
	return field{name, object{
		{"name", "janustest " + name[strings.LastIndexByte(name, '.')+1:]},
		{"author", "Bifrons"},
		{"description", "Stands in for " + name + " in tests."},
		{"version_string", "0.0.1"},
		{"version", 1},
	}}
}

// seconds writes a timeout as Janus does, with 0 for never.
func seconds(d time.Duration) int { return max(0, int((d+time.Second-1)/time.Second)) }
