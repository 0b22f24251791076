package client

import (
	"context"
	"sync/atomic"

	"github.com/bifrons-rtc/bifrons/transport"
)

// Credentials authenticate requests: a token, an API secret, or both. The
// gateway is content with either. They travel in the body of a request, but
// for the long poll, where the gateway takes them from the query alone.
type Credentials = transport.Auth

// CredentialsFunc returns the credentials to use from now on. It may be called
// from any goroutine, one call at a time, and may take its time as far as ctx
// allows: that of [Dial], then that of the request that needs them, or
// [Options.RequestTimeout] where that has no deadline. Requests that come
// meanwhile wait.
type CredentialsFunc func(ctx context.Context) (Credentials, error)

// Static returns credentials that never change. Either may be empty. Package
// client/token has tokens that are signed when they are asked for.
func Static(token, apiSecret string) CredentialsFunc {
	return func(context.Context) (Credentials, error) {
		return Credentials{Token: token, APISecret: apiSecret}, nil
	}
}

// auth keeps the credentials in use, ready to be put into a request.
type auth struct {
	get  CredentialsFunc // nil: none
	turn chan struct{}   // holds a token while one request finds out what new ones are good for

	taken atomic.Int64 // generation that came for refused ones, and was taken
	told  atomic.Int64 // generation that every poll has, or a later one
	over  atomic.Bool  // they were refused for good

	asks chan struct{} // holds a token while get runs, so that a 403 storm asks once
	now  atomic.Pointer[keys]
}

// keys are credentials, ready to be put into a request.
type keys struct {
	Credentials
	gen      int    // 0: never asked
	fragment []byte // the fields of a request, each with its comma before it
}

func newAuth(get CredentialsFunc) *auth {
	a := &auth{get: get, turn: make(chan struct{}, 1), asks: make(chan struct{}, 1)}
	a.now.Store(new(keys))
	return a
}

// ready returns what to put into a request, nil if it has to be waited for.
func (a *auth) ready() *keys {
	k := a.now.Load()
	if a.get != nil && (k.gen == 0 || len(a.asks) > 0) {
		return nil
	}
	return k
}

// wait is ready for those who wait. It asks for credentials if nobody has yet.
func (a *auth) wait(ctx context.Context) (*keys, error) {
	if err := a.lock(ctx); err != nil {
		return nil, err
	}
	defer a.unlock()
	if a.now.Load().gen == 0 {
		if err := a.ask(ctx); err != nil {
			return nil, err
		}
	}
	return a.now.Load(), nil
}

func (a *auth) lock(ctx context.Context) error {
	select {
	case a.asks <- struct{}{}:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (a *auth) unlock() { <-a.asks }

// keys returns what to put into a request, and the generation to name when that is
// refused.
func (c *Client) keys(ctx context.Context) (*keys, error) {
	if k := c.auth.ready(); k != nil {
		return k, nil
	}
	ctx, cancel := c.bound(ctx)
	defer cancel()
	return c.auth.wait(ctx)
}

// refresh asks for new credentials because those of generation gen were
// refused. It reports whether there is something else to try.
func (a *auth) refresh(ctx context.Context, gen int) (bool, error) {
	if a.get == nil {
		return false, nil
	}
	if err := a.lock(ctx); err != nil {
		return false, err
	}
	defer a.unlock()
	if a.over.Load() {
		return false, nil
	}
	if a.now.Load().gen != gen {
		return true, nil // somebody else's 403 came first
	}
	if err := a.ask(ctx); err != nil {
		return false, err
	}
	return a.now.Load().gen != gen, nil
}

// enter lets one request at a time find out whether other credentials than those
// of gen are any good, and all of them once that is known. It reports whether the
// caller has to take its token out of turn.
func (a *auth) enter(ctx context.Context, gen int) (bool, error) {
	if a.better(gen) {
		return false, nil
	}
	select {
	case a.turn <- struct{}{}:
	case <-ctx.Done():
		return false, context.Cause(ctx)
	}
	if !a.better(gen) {
		return true, nil
	}
	<-a.turn
	return false, nil
}

// better reports whether the gateway took newer ones than those of gen.
func (a *auth) better(gen int) bool { return a.taken.Load() > int64(gen) }

// load returns the credentials in use, without asking.
func (a *auth) load() Credentials { return a.now.Load().Credentials }

// ask calls get. a is locked.
func (a *auth) ask(ctx context.Context) error {
	cred, err := a.get(ctx)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx)
	}
	if err != nil {
		return err
	}
	before := a.now.Load()
	if before.gen > 0 && cred == before.Credentials {
		return nil // nothing new: the generation stays
	}
	a.now.Store(&keys{cred, before.gen + 1, appendCredentials(nil, cred)})
	return nil
}

func appendCredentials(b []byte, cred Credentials) []byte {
	if cred.Token != "" {
		b = append(b, `,"token":`...)
		b = appendString(b, cred.Token)
	}
	if cred.APISecret != "" {
		b = append(b, `,"apisecret":`...)
		b = appendString(b, cred.APISecret)
	}
	return b
}
