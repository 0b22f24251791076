//go:build !js

package token_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/token"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
)

// TestJanusSigned has a real gateway judge the tokens, over each way into it.
func TestJanusSigned(t *testing.T) {
	const (
		secret = "the-secret-nobody-may-see"
		echo   = "janus.plugin.echotest"
	)
	srv := janustesting.New(t, &janusproc.Options{TokenSecret: secret})
	attach := func(t *testing.T, url string, cred client.CredentialsFunc) error {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		c, err := client.Dial(ctx, url, &client.Options{Credentials: cred})
		if err != nil {
			return err
		}
		defer c.Close()
		s, err := c.NewSession(ctx)
		if err != nil {
			return err
		}
		if _, err = s.Attach(ctx, echo, nil); err != nil {
			return err
		}
		return s.Destroy(ctx)
	}
	expired := func(context.Context) (client.Credentials, error) {
		signed, err := token.Sign(secret, "janus", time.Now().Add(-time.Minute), echo)
		return client.Credentials{Token: signed}, err
	}
	for name, url := range map[string]string{"ws": srv.WS(), "http": srv.HTTP(), "unix": srv.Unix()} {
		t.Run(name, func(t *testing.T) {
			require.NoError(t, attach(t, url, token.Signed(secret, time.Minute, echo)))
			for want, creds := range map[client.Code][]client.CredentialsFunc{
				client.Unauthorized:       {token.Signed(secret+"x", time.Minute, echo), expired, nil},
				client.UnauthorizedPlugin: {token.Signed(secret, time.Minute, "janus.plugin.videoroom")},
			} {
				for _, cred := range creds {
					err := attach(t, url, cred)
					require.ErrorIs(t, err, want)
					require.NotContains(t, fmt.Sprint(err), secret)
				}
			}
		})
	}
}
