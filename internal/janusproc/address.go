//go:build !js

package janusproc

import (
	"fmt"
	"path/filepath"
)

// Name returns the unique server name, the server-name of an info answer.
func (s *Server) Name() string { return s.name }

// AdminSecret returns the secret of the admin API.
func (s *Server) AdminSecret() string { return s.opts.AdminSecret }

// Dir returns the server's own folder: recordings goes there. Stop removes it.
func (s *Server) Dir() string { return s.dir }

// Log returns the end of what Janus printed, 64 KiB at most, since it was last
// started. It stays readable after Stop.
func (s *Server) Log() string { return s.log.String() }

// WS returns the Janus API's WebSocket URL.
func (s *Server) WS() string { return fmt.Sprintf("ws://127.0.0.1:%d/", s.ports.ws) }

// HTTP returns the Janus API's HTTP URL.
func (s *Server) HTTP() string { return fmt.Sprintf("http://127.0.0.1:%d/janus", s.ports.http) }

// Unix returns the Janus API's Unix socket (SOCK_SEQPACKET) as a unix:// URL.
func (s *Server) Unix() string { return "unix://" + s.socket("api") }

// AdminWS returns the admin API's WebSocket URL.
func (s *Server) AdminWS() string { return fmt.Sprintf("ws://127.0.0.1:%d/", s.ports.adminWS) }

// AdminHTTP returns the admin API's HTTP URL.
func (s *Server) AdminHTTP() string {
	return fmt.Sprintf("http://127.0.0.1:%d/admin", s.ports.adminHTTP)
}

// AdminUnix returns the admin API's Unix socket as a unix:// URL.
func (s *Server) AdminUnix() string { return "unix://" + s.socket("admin") }

// socket returns the path of a Unix socket.
func (s *Server) socket(api string) string { return filepath.Join(s.dir, api) }
