//go:build !js

package main

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/bifrons-rtc/bifrons/transport"
)

// checkGateway asks for the info, which needs no credentials.
func (d *doctor) checkGateway(ctx context.Context) *finding {
	info, err := d.client.Info(ctx)
	if err != nil {
		d.stop = "the gateway does not say what it is"
		text, fix := cause(err)
		if fix == "" {
			fix = "see whether it is Janus, and not frozen: its log says more"
		}
		code := exitCode(ctx, err)
		if ctx.Err() != nil {
			code, text = exitConnect, fmt.Sprintf("no answer within %s", d.timeout)
		}
		return failure(code, fix, "%s", text)
	}
	if info.Name == "" && info.Version == 0 {
		d.stop = "it is not Janus"
		return failure(exitConnect, "use the URL of Janus", "it answers, and not as Janus does")
	}
	d.info = info
	return found("%s, named %q", strings.TrimSpace(info.Name+" "+info.VersionString), info.ServerName).
		with(map[string]any{"name": info.Name, "server_name": info.ServerName})
}

// lacking is what versions before another do not have, as the numbers of info:
// 1102 is 1.1.2.
var lacking = []struct {
	before int
	what   string
}{
	{1104, "layers of scalable video (SVC)"},
	{1200, "a warning before a broken ICE connection is hung up"},
	{1300, "metadata of VideoRoom publishers"},
}

// checkVersion says what the version lacks.
func (d *doctor) checkVersion(context.Context) *finding {
	v := d.info.VersionString
	details := map[string]any{"version": v}
	if d.info.Version > 0 && d.info.Version < 1000 {
		return failure(exitFailure, "install Janus 1.x", "%s is of the series before 1.x, which works otherwise", v).with(details)
	}
	var without []string
	for _, l := range lacking {
		if d.info.Version < l.before {
			without = append(without, l.what)
		}
	}
	if len(without) > 0 {
		return warning("install a newer one if you want that; everything else works", "%s has not: %s", v, strings.Join(without, ", ")).with(details)
	}
	return found("%s", orNothing(v)).with(details)
}

// checkPlugins looks for those that --plugin named.
func (d *doctor) checkPlugins(context.Context) *finding {
	list := slices.Sorted(maps.Keys(d.info.Plugins))
	details := map[string]any{"plugins": list}
	var missing []string
	for _, name := range d.cmd.StringSlice("plugin") {
		if !slices.Contains(list, pluginName(name)) {
			missing = append(missing, pluginName(name))
		}
	}
	if len(missing) > 0 {
		return failure(exitPlugin, "install the plugin, and see that plugins: disable in janus.jcfg does not name it",
			"it has no %s, only %s", strings.Join(missing, ", "), shortPlugins(list)).with(details)
	}
	if len(list) == 0 {
		return warning("see plugins_folder in janus.jcfg", "it has no plugin").with(details)
	}
	return found("%s", shortPlugins(list)).with(details)
}

// checkSessions tells the session timeout, and the keepalive that follows.
func (d *doctor) checkSessions(context.Context) *finding {
	every := d.info.KeepAlive()
	details := map[string]any{"session_timeout_s": d.info.SessionTimeout, "keepalive_s": every.Seconds()}
	text := fmt.Sprintf("a silent session times out after %s; Bifrons sends a keepalive after %s", seconds(d.info.SessionTimeout, "never"), every)
	if t := d.info.SessionTimeout; t > 0 && 2*every > time.Duration(t)*time.Second {
		return warning("set session_timeout in janus.jcfg to 10 or more", "%s, which leaves no room for one that is lost", text).with(details)
	}
	return found("%s", text).with(details)
}

// checkReclaim tells what a lost connection costs.
func (d *doctor) checkReclaim(context.Context) *finding {
	t := d.info.ReclaimTimeout
	details := map[string]any{"reclaim_session_timeout_s": t}
	if t == 0 {
		return warning("set reclaim_session_timeout = 15 in janus.jcfg, so that calls outlive a lost connection",
			"a session ends with its connection: it cannot be claimed, so Bifrons builds a new one").with(details)
	}
	return found("a session outlives its connection by %d s, in which Bifrons claims it", t).with(details)
}

// checkICE judges the gateway's settings for peer connections.
func (d *doctor) checkICE(ctx context.Context) *finding {
	i := d.info
	var text []string
	for _, o := range []struct {
		on      bool
		yes, no string
	}{
		{i.ICELite, "ice-lite", "full ICE"}, {i.FullTrickle, "full trickle", "half trickle"}, {i.ICETCP, "TCP", ""},
		{i.IPv6, "IPv6", ""}, {i.MDNSEnabled, "mDNS", "no mDNS"},
	} {
		if o.on {
			text = append(text, o.yes)
		} else if o.no != "" {
			text = append(text, o.no)
		}
	}
	public := i.PublicIPs
	if len(public) == 0 && i.PublicIP != "" {
		public = []string{i.PublicIP}
	}
	text = append(text, "address "+orNothing(i.LocalIP))
	if len(public) > 0 {
		text = append(text, "as "+strings.Join(public, ", ")+" (nat_1_1_mapping)")
	}
	if i.STUNServer != "" {
		text = append(text, "STUN "+transport.Redact(i.STUNServer))
	}
	if i.TURNServer != "" {
		text = append(text, "TURN "+transport.Redact(i.TURNServer))
	}
	line := strings.Join(text, ", ")
	details := map[string]any{
		"ice_lite": i.ICELite, "full_trickle": i.FullTrickle, "ice_tcp": i.ICETCP, "ipv6": i.IPv6, "mdns": i.MDNSEnabled,
		"local_ip": i.LocalIP, "public_ips": append([]string{}, public...),
	}
	if on := i.WebRTCEncryption; on != nil && !*on {
		return warning("remove no_webrtc_encryption from janus.jcfg: browsers insist on encryption", "%s, without encryption", line).with(details)
	}
	local, err := netip.ParseAddr(i.LocalIP)
	if err == nil && local.IsPrivate() && len(public) == 0 && i.STUNServer == "" && i.TURNServer == "" && d.public(ctx) {
		return warning("set nat_1_1_mapping in janus.jcfg to its public address, or stun_server",
			"%s: the gateway offers a private address alone, and this URL leads to a public one", line).with(details)
	}
	return found("%s", line).with(details)
}

// public reports whether the host of the URL has a public address.
func (d *doctor) public(ctx context.Context) bool {
	if !d.network() {
		return false
	}
	addrs, err := net.DefaultResolver.LookupNetIP(ctx, "ip", d.url.Hostname())
	if err != nil {
		return false
	}
	return slices.ContainsFunc(addrs, func(a netip.Addr) bool {
		return a.IsGlobalUnicast() && !a.IsPrivate()
	})
}
