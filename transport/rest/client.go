//go:build !js

package rest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/longpoll"
	"github.com/bifrons-rtc/bifrons/transport"
)

// shared is the client of all Dialers that ask for nothing special.
var shared = sync.OnceValue(func() *http.Client { return pool(nil) })

// pool returns a client with a pool of its own. It keeps as many idle sockets
// for one gateway as a busy client uses: http.DefaultTransport would keep two,
// and open all others again and again.
func pool(d *Dialer) *http.Client {
	t := &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:     true,
		MaxIdleConnsPerHost:   256,
		IdleConnTimeout:       90 * time.Second, // Janus closes them after 120 s
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
		DisableCompression:    true,
	}
	if d != nil {
		t.TLSClientConfig = d.TLSConfig.Clone()
		if d.Proxy != nil {
			t.Proxy = d.Proxy
		}
	}
	return &http.Client{Transport: t}
}

// stay keeps a redirect from taking credentials to another server.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// client returns the client to use.
func (d *Dialer) client() *http.Client {
	switch {
	case d.HTTPClient != nil:
		return d.HTTPClient
	case d.TLSConfig == nil && d.Proxy == nil:
		return shared()
	}
	d.once.Do(func() { d.own = pool(d) })
	return d.own
}

// doer returns the exchange function for longpoll.
func (d *Dialer) doer() longpoll.Doer {
	client := *d.client()
	if client.CheckRedirect == nil {
		client.CheckRedirect = stay
	}
	x := exchanger{client: &client, header: d.Header.Clone(), limit: d.ReadLimit}
	if x.header == nil {
		x.header = http.Header{}
	}
	if x.limit == 0 {
		x.limit = defaultReadLimit
	}
	return x.do
}

type exchanger struct {
	client *http.Client
	header http.Header
	limit  int64
}

// do is a [longpoll.Doer].
func (x exchanger) do(ctx context.Context, method, rawURL string, body []byte) (int, []byte, error) {
	var connected atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { connected.Store(true) },
	})
	var r io.Reader
	if body != nil {
		// net/http may still read it when the exchange was cancelled, and by
		// then it is the caller's again.
		r = bytes.NewReader(bytes.Clone(body))
	}
	req, err := http.NewRequestWithContext(ctx, method, rawURL, r)
	if err != nil {
		return 0, nil, plain(err)
	}
	maps.Copy(req.Header, x.header)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := x.client.Do(req)
	if err != nil {
		err = plain(err)
		if !connected.Load() {
			err = fmt.Errorf("%w: %w", longpoll.ErrNotSent, err)
		}
		return 0, nil, err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := x.read(resp)
	return resp.StatusCode, answer, err
}

// read returns the body of an answer, or the start of one that is not Janus'.
// It reads to the end, or the socket could not be used again.
func (x exchanger) read(resp *http.Response) ([]byte, error) {
	if resp.StatusCode != http.StatusOK {
		start, err := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
		_, _ = io.CopyN(io.Discard, resp.Body, 64<<10)
		return start, err
	}
	size := resp.ContentLength
	switch {
	case x.limit > 0 && size > x.limit:
		return nil, &transport.TooLargeError{Limit: x.limit}
	case size >= 0 && size <= defaultReadLimit:
		b := make([]byte, size)
		_, err := io.ReadFull(resp.Body, b)
		return b, err
	case x.limit < 0:
		return io.ReadAll(resp.Body)
	}
	b, err := io.ReadAll(io.LimitReader(resp.Body, x.limit+1))
	if err == nil && int64(len(b)) > x.limit {
		return nil, &transport.TooLargeError{Limit: x.limit}
	}
	return b, err
}

// plain takes off the layer that shows the whole URL.
func plain(err error) error {
	if e, ok := errors.AsType[*url.Error](err); ok {
		return e.Err
	}
	return err
}
