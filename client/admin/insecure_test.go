package admin

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/transport"
)

// lines is a Dialer whose gateway says success to everything.
type lines struct {
	t     *testing.T
	dials int
}

func (d *lines) Dial(context.Context, string, transport.API) (transport.Conn, error) {
	d.dials++
	near, far := transport.Pipe()
	d.t.Cleanup(func() { far.Close() })
	f := &fake{d.t, far}
	// It is the gateway's end, and ends with the connection.
	go func() {
		for {
			m, err := f.read()
			if err != nil {
				return
			}
			f.success(m, `,"data":{"tokens":[],"plugins":[]}`)
		}
	}()
	return &lender{Conn: near}, nil
}

// The secret, and tokens, go to another machine unencrypted only for those who
// asked for it.
func TestInsecure(t *testing.T) {
	const far, near = "ws://u:CANARY@gateway.test:7188/?CANARY", "ws://127.0.0.1:7188/"
	tokens := func(c *Client) (errs []error) {
		ctx := t.Context()
		_, list := c.ListTokens(ctx)
		_, add := c.AddToken(ctx, "CANARY")
		_, allow := c.AllowToken(ctx, "CANARY", "p")
		_, disallow := c.DisallowToken(ctx, "CANARY", "p")
		return append(errs, list, add, allow, disallow, c.RemoveToken(ctx, "CANARY"))
	}
	for _, test := range []struct {
		name         string
		url, secret  string
		allowed      bool
		dialed, told bool
	}{
		{"far with a secret", far, "CANARY", false, false, false},
		{"far without", far, "", false, true, false},
		{"far and allowed", far, "CANARY", true, true, true},
		{"near", near, "CANARY", false, true, true},
		{"encrypted", "wss://gateway.test/", "CANARY", false, true, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			d := &lines{t: t}
			c, err := Dial(t.Context(), test.url, &Options{
				Secret: test.secret, AllowInsecure: test.allowed, Transports: transport.Registry{"ws": d, "wss": d},
			})
			var insecure *client.InsecureError
			if !test.dialed {
				require.ErrorAs(t, err, &insecure)
				require.Equal(t, "ws://gateway.test:7188/", insecure.URL)
				require.Zero(t, d.dials)
				return
			}
			require.NoError(t, err)
			defer func() { require.NoError(t, c.Close()) }()
			require.NoError(t, c.Call(t.Context(), Request{Name: "list_sessions"}, nil))
			for _, err := range tokens(c) {
				require.Equal(t, test.told, err == nil, "%v", err)
				require.Equal(t, !test.told, errors.As(err, &insecure))
			}
		})
	}
}
