package transportjs

import (
	"context"
	"encoding/base64"
	"errors"
	"strings"
	"syscall/js"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/jsx"
	"github.com/bifrons-rtc/bifrons/internal/longpoll"
	"github.com/bifrons-rtc/bifrons/transport"
)

// Fetch dials the HTTP API with the fetch function of the page. The zero value
// is ready to use.
type Fetch struct {
	// Credentials says whether requests carry cookies and HTTP authentication of
	// the browser: "omit", "same-origin" or "include". Empty means
	// "same-origin". With "include" the gateway has to name the page's origin in
	// its CORS headers: allow_origin in janus.transport.http.jcfg.
	Credentials string

	// Header is sent with every request, for gateways behind a proxy that wants
	// more than Janus does. To a server of another origin any header costs one
	// more request, which asks for permission.
	Header map[string]string

	// MaxEvents is how many events Janus may put into the answer to one poll.
	// Zero means 10.
	MaxEvents int

	// MaxConns is how many requests of one connection are under way at once;
	// others wait. Polls come on top, one for each session. Zero means 32; a
	// browser has a bound of its own, six in HTTP/1.1.
	MaxConns int

	// PollTimeout is when a connection is given up because a poll got no answer.
	// Janus answers after 30 s at the latest. Zero means 35 s.
	PollTimeout time.Duration

	// DialTimeout bounds a dial whose ctx has no deadline. Zero means 5 s.
	DialTimeout time.Duration

	// ReadLimit is the largest answer accepted, in bytes. Zero means 4 MiB,
	// negative means no limit. A larger one ends the connection with a
	// [*transport.TooLargeError].
	ReadLimit int64
}

var _ transport.Dialer = Fetch{}

// Dial asks the gateway at rawURL for its info, which both APIs give without
// credentials, and returns a connection to it, which is a
// [transport.SessionPoller]. The path of the URL is what the gateway is
// configured with, by default /janus on port 8088 and, for the admin API,
// /admin on port 7088. A name and password in the URL are sent in the header
// Authorization.
//
// A request that destroys a session outlives the page that makes it.
//
// Errors are [*transport.URLError] and [*transport.DialError]; the latter wraps
// a [*transport.StatusError] when something else than a gateway answered.
func (f Fetch) Dial(ctx context.Context, rawURL string, api transport.API) (transport.Conn, error) {
	host, err := checkURL(rawURL, "http://host:8088/janus", "http", "https")
	if err != nil {
		return nil, err
	}
	ctx, cancel := withTimeout(ctx, f.DialTimeout)
	defer cancel()
	policy := watchPolicy(host)
	defer policy.close()
	release := HoldTimers()
	x, root := f.exchanger(rawURL)
	if err := longpoll.Probe(ctx, root, x.do); err != nil {
		release()
		return nil, f.dialError(ctx, rawURL, root, api, policy, err)
	}
	conn := longpoll.Open(root, api, longpoll.Options{
		MaxEvents: f.MaxEvents, MaxPosts: f.MaxConns, PollTimeout: f.PollTimeout,
	}, x.do)
	return &polled{Conn: conn, release: release}, nil
}

// polled is a connection that holds the timers until it is closed: polls that
// fail are tried again after a while.
type polled struct {
	*longpoll.Conn
	release func()
}

var _ transport.SessionPoller = (*polled)(nil)

// Close implements [transport.Conn].
func (p *polled) Close() error {
	defer p.release()
	return p.Conn.Close()
}

// exchanger returns what makes the exchanges, and the URL without the user,
// which fetch refuses.
func (f Fetch) exchanger(rawURL string) (*exchanger, string) {
	x := &exchanger{credentials: f.Credentials, limit: f.ReadLimit, header: map[string]any{}}
	if x.credentials == "" {
		x.credentials = "same-origin"
	}
	if x.limit == 0 {
		x.limit = defaultReadLimit
	}
	scheme, rest, _ := strings.Cut(rawURL, "://")
	authority, _, _ := strings.Cut(rest, "/")
	if i := strings.LastIndexByte(authority, '@'); i >= 0 {
		x.header["Authorization"] = "Basic " + base64.StdEncoding.EncodeToString([]byte(unescape(authority[:i])))
		rest = rest[i+1:]
	}
	for name, value := range f.Header {
		x.header[name] = value
	}
	return x, scheme + "://" + rest
}

// unescape decodes the percent signs in the user of a URL.
func unescape(s string) string {
	v, err := jsx.Try(func() js.Value { return js.Global().Call("decodeURIComponent", s) })
	if err != nil {
		return s
	}
	return v.String()
}

// dialError explains why Probe failed. root is rawURL without its user.
func (f Fetch) dialError(ctx context.Context, rawURL, root string, api transport.API, p *policy, err error) error {
	if status, ok := errors.AsType[*transport.StatusError](err); ok {
		e := &transport.DialError{URL: transport.Redact(rawURL), Err: status, Fix: status.Fix}
		status.Fix = "" // one fix a line
		return e
	}
	if ctx.Err() != nil {
		return gaveUp(ctx, rawURL)
	}
	unknown := refusedHTTP(rawURL, api)
	e := p.explain(rawURL, err, unknown)
	if e.Fix == unknown && answers(ctx, root) {
		e.Err = errors.New("the server is there and does not let this page read its answers (CORS)")
		e.Fix = "have it send Access-Control-Allow-Origin: Janus does by default, a proxy in between may have to"
		if f.Credentials == "include" {
			e.Fix = `with Credentials "include" it has to name the page's origin: set allow_origin in janus.transport.http.jcfg`
		}
	}
	return e
}

// answers says whether anything answers at root, by a request whose answer
// nobody may read.
func answers(ctx context.Context, root string) bool {
	abort := js.Global().Get("AbortController").New()
	defer abort.Call("abort")
	promise, err := jsx.Try(func() js.Value {
		return js.Global().Call("fetch", root, map[string]any{
			"mode": "no-cors", "credentials": "omit", "cache": "no-store", "signal": abort.Get("signal"),
		})
	})
	if err != nil {
		return false
	}
	resp, err := jsx.Await(ctx, promise)
	return err == nil && resp.Get("type").Equal(js.ValueOf("opaque"))
}
