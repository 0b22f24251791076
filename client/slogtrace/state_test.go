package slogtrace_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/slogtrace"
	"github.com/bifrons-rtc/bifrons/transport"
)

// dialer fails every dial but those of ok, and hands the gateway's end out.
type dialer struct {
	ok    map[int]bool
	dials int
	conns []transport.Conn
}

func (d *dialer) Dial(_ context.Context, url string, _ transport.API) (transport.Conn, error) {
	d.dials++
	if !d.ok[d.dials] {
		return nil, errors.New("dial " + url + ":\nno")
	}
	near, far := transport.Pipe()
	d.conns = append(d.conns, far)
	return near, nil
}

func TestStateLines(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		logger := slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		}}))
		d := &dialer{ok: map[int]bool{1: true, 4: true}}
		trace := slogtrace.New(logger)
		var seen []client.State
		write := trace.State
		trace.State = func(st client.State) { seen = append(seen, st); write(st) }
		c, err := client.Dial(t.Context(), "fake://u:CANARY@h/p?token=CANARY", &client.Options{
			Trace:       trace,
			Transports:  transport.Registry{"fake": d},
			Credentials: client.Static("CANARY", "CANARY"),
			Reconnect: client.Reconnect{Delay: func(n int, _ error) (time.Duration, bool) {
				return time.Duration(n) * time.Second, true
			}},
		})
		require.NoError(t, err)
		require.NoError(t, d.conns[0].Close())
		for st := (client.State{}); st.Phase != client.Open || st.URL == "" || len(d.conns) < 2; {
			st, err = c.NextState(t.Context(), st)
			require.NoError(t, err)
		}
		require.NoError(t, c.Close())
		require.NoError(t, d.conns[1].Close())

		require.NotContains(t, out.String(), "CANARY")
		require.Equal(t, strings.TrimSpace(`
level=INFO msg="janus state" phase=connecting url=fake://h/p attempt=1
level=INFO msg="janus state" phase=open url=fake://h/p
level=INFO msg="janus state" phase=reconnecting url=fake://h/p attempt=1 wait=1s cause="transport: connection lost: close code 1006"
level=INFO msg="janus state" phase=reconnecting url=fake://h/p attempt=2 wait=2s cause="dial fake://h/p no"
level=INFO msg="janus state" phase=reconnecting url=fake://h/p attempt=3 wait=3s cause="dial fake://h/p no"
level=INFO msg="janus state" phase=open url=fake://h/p
level=INFO msg="janus state" phase=closed url=fake://h/p cause="janus: client closed"
`), strings.TrimSpace(out.String()))
		require.Len(t, seen, 7, "each once")
	})
}
