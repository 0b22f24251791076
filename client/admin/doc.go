// Package admin speaks the gateway's admin/monitor API: settings, tokens,
// sessions and handles with their WebRTC statistics, captures, and the requests
// that plugins, transports, event handlers and loggers take.
//
//	c, err := admin.Dial(ctx, "http://127.0.0.1:7088/admin", &admin.Options{Secret: secret})
//	sessions, err := c.ListSessions(ctx)
//	for info, err := range c.WatchHandle(ctx, session, handle, nil) { … }
//
// Every request is a method named after it: list_sessions is
// [Client.ListSessions]; only get_status is [Client.Status], and
// set_session_timeout is two, [Client.SetSessionTimeout] for the gateway and
// [Client.SetSessionTimeoutOf] for one session. [Client.Call] sends what has no
// method yet.
//
// # Where it is
//
// The admin API has ports, paths and sockets of its own, and a gateway does not
// serve it unless its configuration says so: admin_http (port 7088, path
// /admin), admin_ws (port 7188), or the admin section of
// janus.transport.pfunix.jcfg. Natively all three work; a page has the first
// two.
//
// # Errors
//
// A refusal of the gateway is a [*client.Error], matched by its code:
//
//	403  client.Unauthorized        Options.Secret is wrong or missing
//	456  client.MissingElement      a mandatory field of Call is missing
//	457  client.InvalidRequestPath  no such request, or not on this level
//	458  client.SessionNotFound
//	459  client.HandleNotFound
//	460  client.PluginNotFound      no such plugin, transport, handler or logger
//	467  client.InvalidElementType
//	470  client.TokenNotFound
//	490  client.UnknownError        anything else; the reason says what
//
// A connection to the gateway's other API is recognised when a request is
// refused there, at the price of one more request, and the hint says so. A
// request that this gateway no longer has is a [*RemovedError]. What a plugin refuses is a [*client.PluginError], what
// cannot be sent a [*client.ArgumentError], an answer that is not what the
// protocol says a [*client.ProtocolError]. A lost connection ends requests as in
// package client: with client.ErrInterrupted where nothing was sent, with
// client.ErrOutcomeUnknown where the gateway may have executed the request. The
// client does not reconnect.
//
// # Concurrency
//
// All methods may be called concurrently. One goroutine reads the connection; it
// ends with it, and Close waits for it.
//
// The API is described at https://janus.conf.meetecho.com/docs/admin.html.
package admin
