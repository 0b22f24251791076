package client

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestCredentialsTravelInTheBody(t *testing.T) {
	opts := quiet()
	opts.Credentials = Static("tok\"en", "s3cret")
	c, f := newFake(t, opts)
	got := async(func() (*Session, error) { return c.NewSession(t.Context()) })
	m := f.expect("create")
	require.Equal(t, "tok\"en", m.Token)
	require.Equal(t, "s3cret", m.APISecret)
	f.success(m, 1)
	s := (<-got).value
	ping := async(func() (time.Duration, error) { return c.Ping(t.Context()) })
	m = f.expect("ping")
	require.Empty(t, m.Token+m.APISecret, "nobody asks for them")
	f.send(`{"janus":"pong","transaction":%q}`, m.Transaction)
	require.NoError(t, (<-ping).err)

	attach := async(func() (*Handle, error) {
		return s.Attach(t.Context(), "p", &AttachOptions{Token: "own", OpaqueID: "o", LoopIndex: new(3)})
	})
	m = f.expect("attach")
	require.Equal(t, "own", m.Token)
	require.Equal(t, "s3cret", m.APISecret)
	require.Equal(t, "o", m.OpaqueID)
	require.Equal(t, 3, *m.LoopIndex)
	f.success(m, 2)
	h := (<-attach).value
	sent := asyncErr(func() error { return h.Send(t.Context(), nil, nil) })
	m = f.expect("message")
	require.Equal(t, "own", m.Token)
	f.refuse(m, 403)
	require.ErrorIs(t, <-sent, Unauthorized, "a handle's own token has no successor")
}

func TestCredentialsRefreshOnce(t *testing.T) {
	asked := 0
	opts := quiet()
	opts.Credentials = func(context.Context) (Credentials, error) {
		asked++
		return Credentials{Token: fmt.Sprint("t", min(asked, 2))}, nil
	}
	c, f := newFake(t, opts)
	got := async(func() (*Session, error) { return c.NewSession(t.Context()) })
	m := f.expect("create")
	require.Equal(t, "t1", m.Token)
	f.refuse(m, 403)
	m = f.expect("create")
	require.Equal(t, "t2", m.Token)
	f.success(m, 1)
	require.NoError(t, (<-got).err)

	got = async(func() (*Session, error) { return c.NewSession(t.Context()) })
	f.refuse(f.expect("create"), 403)
	err := (<-got).err
	require.ErrorIs(t, err, Unauthorized, "the same again is not tried again")
	require.ErrorContains(t, err, "Options.Credentials")
	require.Equal(t, 3, asked)
}

func TestCredentialsFail(t *testing.T) {
	broken := errors.New("vault is sealed")
	opts := quiet()
	opts.Credentials = func(context.Context) (Credentials, error) { return Credentials{}, broken }
	c, _ := newFake(t, opts)
	_, err := c.NewSession(t.Context())
	require.ErrorIs(t, err, broken)
	_, err = Dial(t.Context(), "ws://127.0.0.1:1/", opts)
	require.ErrorIs(t, err, broken, "before anything is dialed")
}
