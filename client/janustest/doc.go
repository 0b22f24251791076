// Package janustest runs a Janus gateway inside the test process, as
// net/http/httptest does for HTTP. It lives in memory, needs no Janus and no
// network, and works on every target and inside testing/synctest bubbles.
//
//	gw := janustest.New(t, nil)
//	c, err := gw.Client(ctx, nil)
//	s, err := c.NewSession(ctx)
//	h, err := s.Attach(ctx, "janus.plugin.echotest", nil)
//
// It speaks the whole core protocol, as Janus 1.1.2 was seen to speak it: the
// conformance table of this package's tests runs against both. It carries no
// media: descriptions are exchanged, well formed and made up, and events such
// as webrtcup come from [Server.Push].
//
// The echotest plugin is there from the start, following the rules of the real
// one. Other plugins are a few lines each; see [Server.Handle] and [PluginFunc].
//
// Things go wrong on demand: [Server.Drop], [Server.Refuse], [Server.Delay],
// [Server.Fail], [Server.Silence], [Server.EventBeforeAck],
// [Server.ExpireSession], [Server.PushRaw]. [Server.Requests] shows what the
// clients sent.
//
// # Time
//
// Timeouts use package time, so a synctest bubble decides how fast they run.
// Make the Server inside the bubble. A bubble begins in the year 2000; mind
// that when a test makes signed tokens.
//
// # Concurrency
//
// All methods may be called concurrently, and from a plugin, except that a
// plugin must not call [Server.Close].
//
// The protocol is described at https://janus.conf.meetecho.com/docs/rest.html.
package janustest
