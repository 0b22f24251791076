//go:build !js

package janusproc

import (
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// luaScript is what janus.plugin.lua runs.
//
//go:embed echo.lua
var luaScript string

// duktapeScript is the sample Debian ships for janus.plugin.duktape.
const duktapeScript = "/usr/share/janus/duktape/echotest.js"

// setting is one line of a configuration group.
type setting struct {
	key   string
	value any // string, bool or int
}

// group renders one group of a libconfig file, a setting a line.
func group(name string, settings ...setting) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: {\n", name)
	for _, s := range settings {
		if v, ok := s.value.(string); ok {
			fmt.Fprintf(&b, "\t%s = %s\n", s.key, quote(v))
			continue
		}
		fmt.Fprintf(&b, "\t%s = %v\n", s.key, s.value)
	}
	b.WriteString("}\n")
	return b.String()
}

// quote renders a libconfig string.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			b.WriteByte('\\')
			b.WriteByte(c)
		case c < ' ' || c == 0x7f:
			fmt.Fprintf(&b, `\x%02x`, c)
		default:
			b.WriteByte(c)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// writeConfig fills s.dir with the files Janus reads.
func (s *Server) writeConfig() error {
	for _, d := range []string{"recordings", "voicemail"} {
		if err := os.Mkdir(filepath.Join(s.dir, d), 0o700); err != nil {
			return fmt.Errorf("janusproc: %w", err)
		}
	}
	files := s.transportFiles()
	files["janus.jcfg"] = s.coreFile()
	for name, text := range s.pluginFiles() {
		files[name] = text
	}
	for name, text := range s.opts.Append {
		files[name] += text + "\n"
	}
	files["echo.lua"] = luaScript
	for name, text := range files {
		// The secrets are in there: owner only.
		if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o600); err != nil {
			return fmt.Errorf("janusproc: %w", err)
		}
	}
	return nil
}

// coreFile renders janus.jcfg. The folders of plugins and transports are left
// to the binary, which knows where its package put them.
func (s *Server) coreFile() string {
	o, none := s.opts, filepath.Join(s.dir, "none")
	general := []setting{
		{"configs_folder", s.dir},
		{"events_folder", none},
		{"loggers_folder", none},
		{"debug_level", 4},
		{"debug_timestamps", true},
		{"debug_colors", false},
		{"server_name", s.name},
		{"admin_secret", o.AdminSecret},
	}
	if o.APISecret != "" {
		general = append(general, setting{"api_secret", o.APISecret})
	}
	if o.TokenAuth || o.TokenSecret != "" {
		general = append(general, setting{"token_auth", true})
	}
	if o.TokenSecret != "" {
		general = append(general, setting{"token_auth_secret", o.TokenSecret})
	}
	if o.EventLoops > 0 {
		general = append(general, setting{"event_loops", o.EventLoops}, setting{"allow_loop_indication", true})
	}
	general = appendSeconds(general, "session_timeout", o.SessionTimeout)
	general = appendSeconds(general, "reclaim_session_timeout", o.ReclaimTimeout)
	general = appendSeconds(general, "candidates_timeout", o.CandidatesTimeout)

	media := []setting{{"rtp_port_range", s.ports.media.String()}}
	media = appendSeconds(media, "no_media_timer", o.NoMediaTimer)
	if o.SlowLinkThreshold > 0 {
		media = append(media, setting{"slowlink_threshold", o.SlowLinkThreshold})
	}
	var nat []setting // no STUN server: nothing leaves the machine
	if o.FullTrickle {
		nat = append(nat, setting{"full_trickle", true})
	}
	return group("general", general...) + group("media", media...) + group("nat", nat...) +
		group("plugins", setting{"disable", s.disabledPlugins()}) +
		group("transports", setting{"disable", "libjanus_mqtt.so,libjanus_nanomsg.so,libjanus_rabbitmq.so"})
}

// appendSeconds adds a duration unless it is zero; a negative one turns off.
func appendSeconds(list []setting, key string, d time.Duration) []setting {
	if d == 0 {
		return list
	}
	return append(list, setting{key, int(max(d, 0) / time.Second)})
}

// disabledPlugins names the shared objects that Janus must not load.
func (s *Server) disabledPlugins() string {
	var objects []string
	for _, p := range s.opts.DisablePlugins {
		objects = append(objects, "libjanus_"+strings.TrimPrefix(p, "janus.plugin.")+".so")
	}
	if _, err := os.Stat(duktapeScript); err != nil {
		objects = append(objects, "libjanus_duktape.so")
	}
	return strings.Join(objects, ",")
}

// transportFiles renders the three transports, each with both APIs.
func (s *Server) transportFiles() map[string]string {
	const ip = "127.0.0.1"
	p := s.ports
	compact := setting{"json", "compact"}
	return map[string]string{
		"janus.transport.websockets.jcfg": group("general", compact,
			setting{"ws", true}, setting{"ws_port", p.ws}, setting{"ws_ip", ip}, setting{"wss", false}) +
			group("admin", setting{"admin_ws", true}, setting{"admin_ws_port", p.adminWS},
				setting{"admin_ws_ip", ip}, setting{"admin_wss", false}),
		"janus.transport.http.jcfg": group("general", compact, setting{"base_path", "/janus"},
			setting{"http", true}, setting{"port", p.http}, setting{"ip", ip}, setting{"https", false}) +
			group("admin", setting{"admin_base_path", "/admin"}, setting{"admin_http", true},
				setting{"admin_port", p.adminHTTP}, setting{"admin_ip", ip}, setting{"admin_https", false}),
		"janus.transport.pfunix.jcfg": group("general", compact, setting{"enabled", true},
			setting{"path", s.socket("api")}, setting{"type", "SOCK_SEQPACKET"}) +
			group("admin", setting{"admin_enabled", true},
				setting{"admin_path", s.socket("admin")}, setting{"admin_type", "SOCK_SEQPACKET"}),
	}
}

// pluginFiles renders a file for every plugin, so that a complaint about
// configuration in the log is always a mistake here.
func (s *Server) pluginFiles() map[string]string {
	ids := setting{"string_ids", s.opts.StringIDs}
	general := map[string][]setting{
		"echotest":    nil,
		"videocall":   nil,
		"videoroom":   {ids},
		"audiobridge": {ids, {"rtp_port_range", s.ports.mixer.String()}},
		"streaming":   {ids, {"rtp_port_range", s.ports.streaming.String()}},
		"textroom":    {ids, {"json", "compact"}},
		"recordplay":  {{"path", filepath.Join(s.dir, "recordings")}},
		"voicemail":   {{"path", filepath.Join(s.dir, "voicemail")}, {"base", "/voicemail"}},
		"nosip":       {{"rtp_port_range", s.ports.nosip.String()}},
		"sip":         {{"rtp_port_range", s.ports.sip.String()}},
		"lua":         {{"path", s.dir}, {"script", filepath.Join(s.dir, "echo.lua")}},
		"duktape":     {{"path", filepath.Dir(duktapeScript)}, {"script", duktapeScript}},
	}
	files := make(map[string]string, len(general))
	for name, settings := range general {
		files["janus.plugin."+name+".jcfg"] = group("general", settings...)
	}
	return files
}
