//go:build !js

package conform_test

import (
	"context"
	"errors"
	"flag"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/conform"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
)

var update = flag.Bool("update", false, "write what the real Janus answers to the plugins' cases anew")

// janus is a real one.
type janus struct {
	*janusproc.Server
	tokens map[string][]string

	mu    sync.Mutex // guards count
	count int        // of crashes
}

func (j *janus) address() address {
	return address{j.WS(), j.HTTP(), j.AdminWS(), j.AdminSecret()}
}

func (j *janus) crashes() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.count
}

func (j *janus) mend(t *testing.T) {
	select {
	case <-j.Done():
	case <-time.After(5 * time.Second): // a connection is lost sooner than the process is gone
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.Crashed() == nil {
		return
	}
	j.count++
	require.NoError(t, j.Restart(t.Context()))
	conform.AddTokens(t, j.address().dialAdmin, j.AdminSecret(), j.tokens)
}

// startJanus starts one, which may take its time where others have all ports.
func startJanus(t *testing.T, setup string) server {
	o := conform.Setups()[setup]
	opts := &janusproc.Options{
		APISecret:      o.APISecret,
		TokenAuth:      o.Tokens != nil || o.TokenSecret != "",
		TokenSecret:    o.TokenSecret,
		SessionTimeout: o.SessionTimeout,
		ReclaimTimeout: o.ReclaimTimeout,
		FullTrickle:    o.FullTrickle,
	}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	gw, err := janusproc.Start(ctx, opts)
	for err != nil && ctx.Err() == nil && !errors.Is(err, janusproc.ErrNotInstalled) {
		<-time.After(time.Second)
		gw, err = janusproc.Start(ctx, opts)
	}
	if err != nil {
		gw = janustesting.New(t, opts) // skips, or fails where none may be missing
	} else {
		t.Cleanup(func() {
			gw.Kill()
			gw.Stop()
			if t.Failed() {
				log := gw.Log()
				t.Logf("Janus said:\n%s", log[max(0, len(log)-4<<10):])
			}
		})
	}
	j := &janus{Server: gw, tokens: o.Tokens}
	conform.AddTokens(t, j.address().dialAdmin, j.AdminSecret(), o.Tokens)
	return j
}

func TestJanus(t *testing.T) {
	if *update {
		conform.Update(t, "cases", func() conform.DialFunc { return startJanus(t, "").address().dial(conform.WebSocket) })
		return
	}
	suite(t, conform.Janus, startJanus)
}

// TestJanusCrash plays a case again at a Janus that crashed under it.
func TestJanusCrash(t *testing.T) {
	s := startJanus(t, "auth")
	gw, ok := s.(*janus)
	require.True(t, ok)
	process, err := os.FindProcess(gw.PID())
	require.NoError(t, err)
	require.NoError(t, process.Kill())
	<-gw.Done()
	for _, c := range conform.Cases() {
		if c.Setup == "auth" && c.For(conform.Janus, conform.WebSocket) {
			play(t, c, s, conform.Janus, conform.WebSocket)
		}
	}
	require.Equal(t, 1, s.crashes())
}
