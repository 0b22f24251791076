//go:build !js

package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/transport"
)

func TestExitCodeAndExplanation(t *testing.T) {
	for _, test := range []struct {
		err  error
		code int
		want string
	}{
		{errors.New("a\nb\x1b[31m"), exitFailure, "a; b [31m"},
		{&transport.StatusError{Code: 403, URL: "http://x"}, exitAuth, "HTTP status 403"},
		{&transport.StatusError{Code: 502, URL: "http://x", Fix: "see the proxy"}, exitConnect, "(see the proxy)"},
		{&transport.DialError{URL: "wss://x", Err: x509.UnknownAuthorityError{}, Fix: "set RootCAs"}, exitConnect, "(its authority is not trusted here: set SSL_CERT_FILE"},
		{&transport.DialError{URL: "wss://x", Err: x509.HostnameError{Certificate: new(x509.Certificate), Host: "x"}, Fix: "set ServerName"}, exitConnect, "(the certificate is for another name: use that name"},
		{&transport.DialError{URL: "ws://x", Err: errors.New("refused"), Fix: "start it"}, exitConnect, "refused (start it)"},
		{fmt.Errorf("x: %w", &client.InsecureError{URL: "ws://x"}), exitUsage, "unencrypted to ws://x (use wss:// or https://, or give --insecure where"},
		{&transport.CloseError{Code: 1006}, exitConnect, "(see whether the gateway still runs;"},
		{fmt.Errorf("ping: %w", client.ErrOutcomeUnknown), exitConnect, "(see whether the gateway still runs;"},
		{fmt.Errorf("ping: %w", client.ErrTimeout), exitConnect, "--timeout waits longer)"},
		{&client.Error{Op: "attach", Code: client.PluginNotFound, Hint: "there are others"}, exitPlugin, "(there are others)"},
		{&client.Error{Op: "create", Code: client.NotAcceptingSessions}, exitFailure, "accepts no new sessions"},
		{fmt.Errorf("x: %w", &client.Error{Op: "attach", Code: client.UnauthorizedPlugin, Hint: "old"}), exitAuth, "(use another token"},
		{&doctorError{checks: []string{"tcp"}, code: exitConnect}, exitConnect, "the check of tcp failed"},
		{&doctorError{checks: []string{"login", "data"}, code: exitAuth}, exitAuth, "2 checks failed, the first of them login"},
		{&client.PluginError{Reason: "no"}, exitPlugin, "no (error 0)"},
		{&media.CodecError{Kind: media.Video, Codec: "VP8", Reason: "refused", Fix: "old"}, exitFailure, "video codec VP8: refused (send files in a codec it takes, with --in"},
		{fmt.Errorf("x: %w", context.Canceled), exitFailure, "x: context canceled"},
	} {
		t.Run(fmt.Sprintf("%T", test.err), func(t *testing.T) {
			a := new(app)
			require.Equal(t, test.code, exitCode(t.Context(), test.err))
			text := a.explain(t.Context(), test.err)
			require.Contains(t, text, test.want)
			require.NotContains(t, text, "(old)")
		})
	}
}
