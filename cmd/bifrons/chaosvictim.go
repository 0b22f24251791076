//go:build !js

package main

import (
	"context"

	"github.com/bifrons-rtc/bifrons/client/admin"
	embedded "github.com/bifrons-rtc/bifrons/client/janustest/gateway"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
)

// victim is a gateway that was started for the demo. Its tokens are gone when it
// was restarted.
type victim interface {
	Freeze() error
	Thaw() error
	Restart(ctx context.Context) error
	AddToken(ctx context.Context, token string) error
	RemoveToken(ctx context.Context, token string) error
}

// killable is a Janus as a victim.
type killable struct{ *janusproc.Server }

func (k killable) Freeze() error { return k.Pause() }
func (k killable) Thaw() error   { return k.Resume() }

func (k killable) Restart(ctx context.Context) error {
	k.Kill()
	return k.Server.Restart(ctx)
}

func (k killable) AddToken(ctx context.Context, token string) error {
	return k.operate(ctx, func(a *admin.Client) error {
		_, err := a.AddToken(ctx, token)
		return err
	})
}

func (k killable) RemoveToken(ctx context.Context, token string) error {
	return k.operate(ctx, func(a *admin.Client) error { return a.RemoveToken(ctx, token) })
}

// operate does something by the admin API.
func (k killable) operate(ctx context.Context, do func(*admin.Client) error) error {
	a, err := admin.Dial(ctx, k.AdminHTTP(), &admin.Options{Secret: k.AdminSecret()})
	if err != nil {
		return err
	}
	defer a.Close() //nolint:errcheck // it is nil
	return do(a)
}

// unreal is the embedded gateway as a victim.
type unreal struct{ *embedded.Gateway }

func (u unreal) Freeze() error { u.Gateway.Freeze(); return nil }
func (u unreal) Thaw() error   { u.Gateway.Thaw(); return nil }

func (u unreal) Restart(context.Context) error {
	u.Gateway.Restart(restartTime)
	return nil
}

func (u unreal) AddToken(_ context.Context, token string) error {
	u.Gateway.AddToken(token)
	return nil
}

func (u unreal) RemoveToken(_ context.Context, token string) error {
	u.Gateway.RemoveToken(token)
	return nil
}
