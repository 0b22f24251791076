package client

import (
	"context"
	"sync"
	"sync/atomic"

	"github.com/bifrons-rtc/bifrons/transport"
)

// Credentials authenticate requests: a token, an API secret, or both. The
// gateway is content with either. They travel in the body of a request, but
// for the long poll, where the gateway takes them from the query alone.
type Credentials = transport.Auth

// CredentialsFunc returns the credentials to use from now on. It may be called
// from any goroutine, one call at a time, and may take its time as far as ctx
// allows.
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
	over  atomic.Bool  // they were refused for good

	mu       sync.Mutex // held while get runs, so that a 403 storm asks once
	gen      int        // 0: never asked
	current  Credentials
	fragment []byte // the fields of a request, each with its comma before it
}

// fields returns what to put into a request, asking for credentials if nobody
// has yet, and the generation to name when they are refused.
func (a *auth) fields(ctx context.Context) ([]byte, int, error) {
	if a.get == nil {
		return nil, 0, nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.gen == 0 {
		if err := a.ask(ctx); err != nil {
			return nil, 0, err
		}
	}
	return a.fragment, a.gen, nil
}

// refresh asks for new credentials because those of generation gen were
// refused. It reports whether there is something else to try.
func (a *auth) refresh(ctx context.Context, gen int) (bool, error) {
	if a.get == nil {
		return false, nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.over.Load() {
		return false, nil
	}
	if a.gen != gen {
		return true, nil // somebody else's 403 came first
	}
	if err := a.ask(ctx); err != nil {
		return false, err
	}
	return a.gen != gen, nil
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
func (a *auth) load() Credentials {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.current
}

// ask calls get. a.mu is held.
func (a *auth) ask(ctx context.Context) error {
	cred, err := a.get(ctx)
	if err != nil {
		return err
	}
	if a.gen > 0 && cred == a.current {
		return nil // nothing new: the generation stays
	}
	a.current = cred
	a.gen++
	a.fragment = appendCredentials(nil, cred) // a new slice: requests may be reading the old one
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
