package transportjs

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"syscall/js"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/jsonscan"
	"github.com/bifrons-rtc/bifrons/internal/jsx"
	"github.com/bifrons-rtc/bifrons/internal/longpoll"
	"github.com/bifrons-rtc/bifrons/transport"
)

const (
	statusOK    = 200
	statusFound = 302
	maxExcerpt  = 1 << 10 // bytes of an answer that is not Janus'
)

// exchanger makes the exchanges of one connection.
type exchanger struct {
	credentials string
	header      map[string]any
	limit       int64 // bytes of an answer; negative: none
}

// do is a [longpoll.Doer].
func (x *exchanger) do(ctx context.Context, method, url string, body []byte) (int, []byte, error) {
	abort := js.Global().Get("AbortController").New()
	defer abort.Call("abort") // ends what ctx has ended, and nothing else
	header := map[string]any{}
	options := map[string]any{
		"method": method, "headers": header, "credentials": x.credentials,
		// Credentials do not follow a redirect to another server.
		"redirect": "manual", "cache": "no-store", "signal": abort.Get("signal"),
	}
	if body != nil {
		// Janus reads JSON whatever it is called. Under its own name it would
		// cost another request before each, to ask whether the page may send it.
		header["Content-Type"] = "text/plain;charset=UTF-8"
		options["body"] = jsx.Uint8Array(body)
		options["keepalive"] = isDestroy(body)
	}
	maps.Copy(header, x.header)
	promise, err := jsx.Try(func() js.Value { return js.Global().Call("fetch", url, options) })
	if err != nil {
		return 0, nil, fetchError(err)
	}
	resp, err := jsx.Await(ctx, promise)
	if err != nil {
		return 0, nil, fetchError(err)
	}
	if resp.Get("type").Equal(js.ValueOf("opaqueredirect")) {
		return statusFound, nil, nil // or another one of its kind: fetch does not tell
	}
	status := resp.Get("status").Int()
	answer, err := x.read(ctx, resp.Get("body"), status)
	return status, answer, err
}

// isDestroy says whether body is the last request of a session, which a page
// makes as it goes: the browser then has to send it without the page.
func isDestroy(body []byte) bool { return string(jsonscan.Get(body, "janus")) == `"destroy"` }

// read returns the body of an answer, or the start of one that is not Janus'.
func (x *exchanger) read(ctx context.Context, stream js.Value, status int) ([]byte, error) {
	if stream.Type() != js.TypeObject {
		return nil, nil
	}
	limit := x.limit
	if status != statusOK {
		limit = maxExcerpt
	}
	reader := stream.Call("getReader")
	var answer []byte
	for {
		part, err := jsx.Await(ctx, reader.Call("read"))
		switch {
		case err != nil:
			return nil, fetchError(err)
		case part.Get("done").Bool():
			return answer, nil
		}
		bytes := part.Get("value")
		if limit >= 0 && int64(len(answer)+bytes.Length()) > limit {
			if status != statusOK {
				return answer, nil
			}
			return nil, &transport.TooLargeError{Limit: limit}
		}
		answer = append(answer, jsx.Bytes(bytes)...)
	}
}

// unsent are the causes by which Node tells that nobody accepted a connection. A
// browser does not tell.
var unsent = []string{"ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "UND_ERR_CONNECT_TIMEOUT"}

// fetchError makes an error of what fetch rejects with. It shows no URL.
func fetchError(err error) error {
	e, ok := errors.AsType[*jsx.Error](err)
	if !ok {
		return err // of the context
	}
	if e.Name != "TypeError" || strings.Contains(e.Message, "://") {
		return harmless(err)
	}
	text := errors.New(e.Message) // "Failed to fetch", in the words of the browser
	cause := e.Value().Get("cause")
	if cause.Type() != js.TypeObject {
		return text
	}
	code := cause.Get("code")
	switch {
	case code.Type() != js.TypeString:
		return text
	case slices.Contains(unsent, code.String()):
		return fmt.Errorf("%w: %w: %s", longpoll.ErrNotSent, text, code)
	}
	return fmt.Errorf("%w: %s", text, code)
}
