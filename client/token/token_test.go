package token_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/token"
)

func TestSigned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cred, err := token.Signed("key", 0, "janus.plugin.echotest", "janus.plugin.videoroom")(t.Context())
		require.NoError(t, err)
		data, sig, ok := strings.Cut(cred.Token, ":")
		require.True(t, ok)
		require.Equal(t, fmt.Sprint(time.Now().Add(time.Hour).Unix())+",janus,janus.plugin.echotest,janus.plugin.videoroom", data)
		mac := hmac.New(sha1.New, []byte("key"))
		mac.Write([]byte(data))
		require.Equal(t, base64.StdEncoding.EncodeToString(mac.Sum(nil)), sig)
		require.NotContains(t, fmt.Sprintf("%v %+v %#v", cred, cred, cred), "janus.plugin", "credentials do not print")
	})
}

func TestSignRefusesSeparators(t *testing.T) {
	for _, args := range [][]string{{"janus", "room:1"}, {"janus", "a", "b,c"}, {"ja,nus"}} {
		_, err := token.Sign("key", args[0], time.Now(), args[1:]...)
		var e *client.ArgumentError
		require.ErrorAs(t, err, &e, "%q", args)
	}
}
