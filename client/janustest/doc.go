// Package janustest runs a Janus gateway inside the test process, as
// net/http/httptest does for HTTP. It needs no Janus and, in memory, no network;
// it works on every target and inside testing/synctest bubbles.
//
//	gw := janustest.New(t)
//	c, err := gw.Client(ctx, nil)
//	s, err := c.NewSession(ctx)
//	h, err := s.Attach(ctx, "janus.plugin.echotest", nil)
//
// It speaks the whole core protocol, as Janus 1.1.2 was seen to speak it: one
// conformance suite runs against both, and DIFFERENCES.md lists what is not the
// same, and why. It carries no media:
// descriptions are exchanged, well formed and made up, and events such as
// webrtcup come from [Server.Push].
//
// The echotest plugin is there from the start, following the rules of the real
// one. Other plugins are a few lines each: [NewScript] for a list of answers,
// [Server.Handle] and [PluginFunc] for code.
//
// Natively [Server.Listen] serves the same gateway on real sockets: WebSockets,
// the REST API and Unix sockets, for what is not written in Go.
//
// # Testing an application
//
// A test says what goes wrong, and what is to be all the same. This one is of an
// application that shows who is in a video room. In a synctest bubble, where a minute
// is over when nobody has anything to do any more, it runs in milliseconds.
//
//	func TestWatch(t *testing.T) {
//		for name, goWrong := range map[string]func(gw *janustest.Server){
//			"nothing is wrong":     func(*janustest.Server) {},
//			"the socket drops":     (*janustest.Server).Drop,
//			"the gateway restarts": func(gw *janustest.Server) { gw.Restart(5 * time.Second) },
//			"the gateway freezes":  func(gw *janustest.Server) { gw.Freeze(); <-time.After(time.Minute); gw.Thaw() },
//			"the token expires":    func(gw *janustest.Server) { gw.RemoveToken("first"); gw.AddToken("second") },
//		} {
//			t.Run(name, func(t *testing.T) {
//				synctest.Test(t, func(t *testing.T) {
//					gw := janustest.New(t, &janustest.Options{Tokens: map[string][]string{"first": nil}})
//					gw.Handle(videoroom.Plugin, janustest.NewScript(
//						janustest.Step{On: "join", Event: `{"videoroom":"joined","room":1234,"id":1,"publishers":[{"id":2,"display":"Ada"}]}`},
//					))
//					c, err := gw.Client(t.Context(), &client.Options{Credentials: credentials("first", "second")})
//					require.NoError(t, err)
//					defer c.Close()
//					shown := make(chan string, 100)
//					go func() { _ = watch(t.Context(), c, func(names string) { shown <- names }) }()
//					require.Equal(t, "Ada", <-shown)
//
//					goWrong(gw)
//					<-time.After(time.Minute) // it takes no time here
//					session := gw.Sessions()[0]
//					bob := json.RawMessage(`{"videoroom":"event","room":1234,"publishers":[{"id":3,"display":"Bob"}]}`)
//					require.NoError(t, gw.Push(session, gw.Handles(session)[0], "event", bob, nil))
//					for names := range shown {
//						if names == "Ada and Bob" {
//							return
//						}
//					}
//				})
//			})
//		}
//	}
//
// # Faults
//
// Things go wrong on demand, at once by the methods of the Server: Drop, Refuse,
// Drain, Delay, Fail, Silence, Freeze, Restart, ExpireSession and others. With
// [Server.Inject] they go wrong at a certain frame of a certain connection,
// before or after it:
//
//	gw.Inject(janustest.Fault{Kind: janustest.CutConn, Frame: 5, After: true})
//	gw.Inject(janustest.RandomFaults(seed, 10, 100)...)
//
// [Server.Requests] shows what the clients sent, [Server.Injected] what went
// wrong. Once there are faults, a request waits for what is under way ahead of
// it, so that runs in virtual time repeat.
//
// # Traces
//
// A [Recorder] writes what a client and a real gateway say to each other, without
// secrets. A [Replay] plays the gateway's side of it.
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
