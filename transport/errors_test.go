package transport_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/bifrons-rtc/bifrons/transport"
	"github.com/stretchr/testify/require"
)

// Every error is one line that names the cause and, where there is one, the fix.
func TestErrorTexts(t *testing.T) {
	for _, test := range []struct {
		err  error
		want string
	}{
		{&transport.DialError{URL: "ws://h/", Err: io.EOF}, "transport: dial ws://h/: EOF"},
		{&transport.DialError{URL: "ws://h/", Err: io.EOF, Fix: "start it"}, "transport: dial ws://h/: EOF (start it)"},
		{&transport.CloseError{Code: 1006}, "transport: connection lost: close code 1006"},
		{&transport.CloseError{Code: 1001, Reason: "a\nb", Err: io.EOF}, `transport: connection lost: close code 1001 "a\nb": EOF`},
		{&transport.TooLargeError{Limit: 7}, "transport: message larger than the read limit of 7 bytes; raise ReadLimit"},
		{&transport.StatusError{Code: 404, URL: "http://h"}, "transport: HTTP status 404 from http://h"},
		{&transport.StatusError{Code: 404, URL: "http://h", Body: "a\"b", Fix: "c"}, `transport: HTTP status 404 from http://h: "a\"b" (c)`},
		{&transport.URLError{URL: "x", Reason: "y"}, `transport: bad URL "x": y`},
	} {
		require.Equal(t, test.want, test.err.Error())
	}
	require.ErrorIs(t, &transport.DialError{Err: io.EOF}, io.EOF)
	require.ErrorIs(t, &transport.CloseError{Err: transport.ErrPongTimeout}, transport.ErrPongTimeout)
	require.NoError(t, errors.Unwrap(&transport.CloseError{}))
}

func TestAuthPrintsNoSecret(t *testing.T) {
	auth := transport.Auth{Token: "secret-1", APISecret: "secret-2"}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		require.NotContains(t, fmt.Sprintf(verb, auth), "secret-", verb)
		require.NotContains(t, fmt.Sprintf(verb, &auth), "secret-", verb)
		require.NotContains(t, fmt.Sprintf(verb, struct{ A transport.Auth }{auth}), "secret-", verb)
	}
}

func TestAPIString(t *testing.T) {
	require.Equal(t, "janus", transport.Janus.String())
	require.Equal(t, "admin", transport.Admin.String())
}
