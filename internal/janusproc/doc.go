// Package janusproc starts a private Janus for tests, the demo and benchmarks:
// the one Debian packages, on free loopback ports, from a configuration it
// generates in a temporary directory.
//
//	gw, err := janusproc.Start(ctx, nil)
//	defer gw.Stop()
//	c, err := client.Dial(ctx, gw.WS(), nil)
//
// A server speaks WebSocket, HTTP and Unix sockets on both the Janus API and
// the admin API, and loads every plugin of the package. Start returns once all
// six listeners answer with the server's own unique name, because a Janus whose
// port is taken comes up without that listener and says so in its log only.
//
// Two plugins run scripts. janus.plugin.echojs is the echo sample Debian ships.
// janus.plugin.lua runs a script of this package which answers any message body
// with that body: at once, or as an event when the body holds "reply":"event";
// with "reply":"error" the core answers error 462.
//
// Signalling stays on loopback; media cannot, because Janus never gathers
// candidates there: see [MediaAddr].
//
// Tests use the janustesting package below this one, which shares one server
// in a test package and skips where no Janus is installed. The methods of
// [Server] may be called concurrently. All but this file is native only.
package janusproc
