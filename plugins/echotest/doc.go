// Package echotest is a typed client of janus.plugin.echotest, which sends
// back what it gets. Data channels included: binary messages return unchanged,
// text returns on the same channel behind [TextPrefix].
//
//	echo, err := echotest.Attach(ctx, s, nil)
//	peer, err := media.NewPeer(echo, nil)
//	err = echo.Start(ctx, echotest.Config{Bitrate: new(256000)}, peer)
//	for ev, err := range echo.Events(ctx) { … }
//	err = echo.Stop(ctx)
//
// An echo outlives its connection where its peer can be mended, as a *media.Peer
// can: see [Handle.Start].
//
// # Events
//
// Beside the core events of package client, the stream of a [Handle] carries
//
//	*Done, *SlowLink, *LayerChanged, *Error
//
// and *client.PluginEvent for whatever the plugin may say in future.
//
// # Errors
//
// A refusal of the plugin is the error of the request, a [*client.PluginError]
// that errors.Is matches against the codes of this package. Only one that
// nobody waits for, because its request was cancelled or sent with Send, comes
// as an [*Error] event.
//
// # Concurrency
//
// All methods may be called concurrently, but for Next and Events. Start,
// Renegotiate, Restart and Stop wait for each other, because a handle can
// have one exchange of descriptions at a time.
//
// The plugin is described at https://janus.conf.meetecho.com/docs/echotest.html.
package echotest
