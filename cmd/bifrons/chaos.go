//go:build !js

package main

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"net/http"
	"strings"
	"time"

	embedded "github.com/bifrons-rtc/bifrons/client/janustest/gateway"
	"github.com/bifrons-rtc/bifrons/internal/faultproxy"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
)

// freezeTime is how long a frozen gateway stays so, restartTime how long the
// embedded one is down.
const (
	freezeTime  = 10 * time.Second
	restartTime = time.Second
)

// victim is a gateway that was started for the demo.
type victim interface {
	Freeze() error
	Thaw() error
	Restart(ctx context.Context) error
}

// killable is a Janus as a victim.
type killable struct{ *janusproc.Server }

func (k killable) Freeze() error { return k.Pause() }
func (k killable) Thaw() error   { return k.Resume() }

func (k killable) Restart(ctx context.Context) error {
	k.Kill()
	return k.Server.Restart(ctx)
}

// unreal is the embedded gateway as a victim.
type unreal struct{ *embedded.Gateway }

func (u unreal) Freeze() error { u.Gateway.Freeze(); return nil }
func (u unreal) Thaw() error   { u.Gateway.Thaw(); return nil }

func (u unreal) Restart(context.Context) error {
	u.Gateway.Restart(restartTime)
	return nil
}

// chaos lets the demo page do to the gateway what happens to gateways. It serves
// POST /chaos/SECRET/WHAT; the page has the secret from config.json, which no page
// of another origin can read. The socket that is dropped is the page's own: it
// reaches the gateway through a proxy.
type chaos struct {
	secret string
	victim victim
	faults *faultproxy.Faults
	proxy  *faultproxy.Proxy

	ctx  context.Context //nolint:containedctx // of what is done to the gateway
	end  context.CancelFunc
	turn chan struct{} // has room for one that does something to the gateway
}

// chaosConfig is what the page knows of it.
type chaosConfig struct {
	Path    string            `json:"path"`    // what is to happen stands behind it
	Refused map[string]string `json:"refused"` // what cannot be had here, and why
}

// refusals are what the page shows and this demo cannot do.
var refusals = map[string]string{
	"token": "This gateway was started without tokens, so there is none to take away.",
	"loss":  "The media go straight from the browser to the gateway: nothing is in between that could lose them.",
}

// newChaos puts a proxy before a gateway. The caller closes it.
func newChaos(ctx context.Context, v victim, gateway string) (*chaos, error) {
	c := &chaos{secret: rand.Text(), victim: v, faults: faultproxy.New(), turn: make(chan struct{}, 1)}
	var err error
	if c.proxy, err = faultproxy.Listen(c.faults, gateway); err != nil {
		return nil, err
	}
	c.ctx, c.end = context.WithCancel(ctx)
	return c, nil
}

// close lets the gateway go on, if it stands, and ends the proxy.
func (c *chaos) close() {
	c.end()
	c.turn <- struct{}{} // nobody has a turn any more
	c.proxy.Close()
}

func (c *chaos) config() *chaosConfig {
	return &chaosConfig{Path: "chaos/" + c.secret + "/", Refused: refusals}
}

// chaosPath begins what is the business of chaos.
const chaosPath = "/chaos/"

// ServeHTTP implements http.Handler.
func (c *chaos) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	secret, what, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, chaosPath), "/")
	if subtle.ConstantTimeCompare([]byte(secret), []byte(c.secret)) != 1 {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "post it", http.StatusMethodNotAllowed)
		return
	}
	var err error
	switch what {
	case "drop":
		c.faults.Cut(faultproxy.Reset)
	case "freeze", "restart":
		select {
		case c.turn <- struct{}{}:
		default:
			http.Error(w, "the gateway is frozen or starting: wait until it is there again", http.StatusConflict)
			return
		}
		if what == "freeze" {
			err = c.freeze()
		} else {
			err = c.victim.Restart(c.ctx)
			<-c.turn
		}
	default:
		http.NotFound(w, r)
		return
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// freeze has the gateway stand for a while, and returns when it does. It has the
// turn until the gateway goes on.
func (c *chaos) freeze() error {
	if err := c.victim.Freeze(); err != nil {
		<-c.turn
		return err
	}
	// It lets the gateway go on, at the latest when the page closes, which waits
	// for it.
	go func() {
		defer func() { <-c.turn }()
		select {
		case <-time.After(freezeTime):
		case <-c.ctx.Done():
		}
		_ = c.victim.Thaw() // one that is gone needs none
	}()
	return nil
}
