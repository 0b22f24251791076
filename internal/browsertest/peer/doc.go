// Package peer is the far side of transport tests whose near side runs in a web
// page: a small server that plays the gateway over WebSocket and HTTP, and does
// what the test tells it by HTTP.
//
//	s := peer.NewServer()
//	http.Serve(listener, s)
//
// The calls of the test are below /control/, on any port but the one that the
// connections under test use: a browser opens six connections to a port, and
// requests under test may well hang on all of them.
//
//	POST   /control/          makes a peer and returns its number
//	POST   /control/N/send    sends the body; ?binary=1 for a binary frame
//	GET    /control/N/receive returns what came, each message behind its length
//	POST   /control/N/drop    loses the connection
//	POST   /control/N/close   closes a WebSocket with ?code= and ?reason=
//	GET    /control/N/closed  returns the code the client has closed it with
//	DELETE /control/N         forgets the peer
//
// A WebSocket goes to /peer/N/ws, HTTP requests to /peer/N/janus. Below /odd/
// are servers that are no gateway: nocors, site, redirect, 502, noproto, auth and
// hang. All but this file is native only.
package peer
