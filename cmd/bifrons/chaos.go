//go:build !js

package main

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/faultproxy"
	"github.com/bifrons-rtc/bifrons/internal/udpfault"
)

const (
	harmTime    = 10 * time.Second // how long the gateway is frozen, or packets are lost
	restartTime = time.Second      // how long the embedded gateway is down
	lossPercent = 20
)

// chaos lets the demo page do to the gateway what happens to gateways. It serves
// POST /chaos/SECRET/WHAT; the page has the secret from config.json, which no page
// of another origin can read. What is dropped and lost is the page's own: its
// socket reaches the gateway through a proxy, and its media through relays.
//
// The gateway has pages come with a token. GET /chaos/SECRET/token gives them the
// one that is good at the moment.
type chaos struct {
	secret    string
	apiSecret string // of the gateway, for terminals
	victim    victim
	faults    *faultproxy.Faults
	proxy     *faultproxy.Proxy
	detour    *udpfault.Detour

	ctx  context.Context //nolint:containedctx // of what is done to the gateway
	end  context.CancelFunc
	turn chan struct{} // has room for one that does something to the gateway

	mu    sync.Mutex // guards token
	token string
}

// chaosConfig is what the page knows of it.
type chaosConfig struct {
	Path     string `json:"path"`     // what is to happen stands behind it
	Terminal string `json:"terminal"` // stands before the commands of terminals, which need no token with it
}

// newChaos puts a proxy before a gateway, which takes tokens, and the API secret
// in their place. The caller closes it.
func newChaos(ctx context.Context, v victim, gateway, apiSecret string) (*chaos, error) {
	c := &chaos{secret: rand.Text(), apiSecret: apiSecret, victim: v, faults: faultproxy.New(), turn: make(chan struct{}, 1), token: rand.Text()}
	if err := v.AddToken(ctx, c.token); err != nil {
		return nil, err
	}
	var err error
	if c.proxy, err = faultproxy.Listen(c.faults, gateway); err != nil {
		return nil, err
	}
	c.detour = udpfault.NewDetour(uint64(time.Now().UnixNano())) //nolint:gosec // of a random sort
	c.faults.Rewrite(func(dir faultproxy.Direction, message []byte) []byte {
		if dir == faultproxy.ToClient {
			return c.detour.ToClient(message)
		}
		return c.detour.ToServer(message)
	})
	c.ctx, c.end = context.WithCancel(ctx)
	return c, nil
}

// close lets the gateway go on, if it stands, and ends the proxy.
func (c *chaos) close() {
	c.end()
	c.turn <- struct{}{} // nobody has a turn any more
	c.proxy.Close()
	c.detour.Close()
}

func (c *chaos) config() *chaosConfig {
	return &chaosConfig{Path: chaosPath[1:] + c.secret + "/", Terminal: prefix(c.apiSecret)}
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
	if r.Method == http.MethodGet && what == "token" {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, c.current())
		return
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "post it", http.StatusMethodNotAllowed)
		return
	}
	if what == "drop" { // that takes no time
		c.faults.Cut(faultproxy.Reset)
		w.WriteHeader(http.StatusNoContent)
		return
	}
	harm, known := map[string]func() error{"freeze": c.freeze, "restart": c.restart, "token": c.killToken, "loss": c.lose}[what]
	if !known {
		http.NotFound(w, r)
		return
	}
	select {
	case c.turn <- struct{}{}:
	default:
		http.Error(w, "one thing at a time: wait until the last one is over", http.StatusConflict)
		return
	}
	if err := harm(); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// done gives the turn back.
func (c *chaos) done() { <-c.turn }

// freeze has the gateway stand for a while, and returns when it does.
func (c *chaos) freeze() error {
	if err := c.victim.Freeze(); err != nil {
		c.done()
		return err
	}
	c.later(func() { _ = c.victim.Thaw() }) // one that is gone needs none
	return nil
}

// lose has packets of the page's media vanish for a while.
func (c *chaos) lose() error {
	c.detour.Set(udpfault.Faults{Loss: lossPercent})
	c.later(func() { c.detour.Set(udpfault.Faults{}) })
	return nil
}

// later ends something after a while, and then the turn.
func (c *chaos) later(end func()) {
	// It ends with the page at the latest, which waits for it.
	go func() {
		defer c.done()
		select {
		case <-time.After(harmTime):
		case <-c.ctx.Done():
		}
		end()
	}()
}

// restart kills the gateway and starts it again. Nobody gets in who has a token
// before it has that, too.
func (c *chaos) restart() error {
	defer c.done()
	c.faults.Refuse(faultproxy.Reset)
	defer c.faults.Refuse(faultproxy.Pass)
	if err := c.victim.Restart(c.ctx); err != nil {
		return err
	}
	return c.victim.AddToken(c.ctx, c.current())
}

// killToken takes the token away, which everybody who has it notices with the
// next request. There is another one by then.
func (c *chaos) killToken() error {
	defer c.done()
	old, next := c.current(), rand.Text()
	if err := c.victim.AddToken(c.ctx, next); err != nil {
		return err
	}
	c.mu.Lock()
	c.token = next
	c.mu.Unlock()
	return c.victim.RemoveToken(c.ctx, old)
}

// current returns the token that is good.
func (c *chaos) current() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.token
}
