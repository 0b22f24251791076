// Package longpoll is the HTTP transport of Janus without HTTP: which URL a
// message goes to, one poller for each session, what the answers mean, and when
// to try again. A [Doer] performs the exchanges: net/http in transport/rest,
// fetch in a page. The package itself imports neither net/http nor net/url and
// builds on every target.
//
//	conn := longpoll.Open("http://127.0.0.1:8088/janus", transport.Janus, longpoll.Options{}, do)
//	err := conn.Write(ctx, transport.Message{Data: create}) // the answer comes from Read
//	conn.Poll(session, transport.Auth{})                    // and now events do, too
//
// # Concurrency
//
// A Conn follows [transport.Conn] and [transport.SessionPoller]. It has one
// goroutine for each polled session and none else.
//
// The protocol is described at
// https://janus.conf.meetecho.com/docs/rest.html#plainhttp.
package longpoll
