package token

import (
	"context"
	"crypto/hmac"
	"crypto/sha1" // what the gateway checks; not our choice
	"encoding/base64"
	"strconv"
	"strings"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
)

// Signed returns tokens signed with the gateway's token_auth_secret, valid for
// ttl from the moment they are asked for, and for attaching to plugins, which
// are package names. A ttl of zero or less means one hour. A name that [Sign]
// refuses fails the request that needs the token.
//
// https://janus.conf.meetecho.com/docs/auth.html
func Signed(secret string, ttl time.Duration, plugins ...string) client.CredentialsFunc {
	if ttl <= 0 {
		ttl = time.Hour
	}
	return func(context.Context) (client.Credentials, error) {
		token, err := Sign(secret, "janus", time.Now().Add(ttl), plugins...)
		return client.Credentials{Token: token}, err
	}
}

// Sign makes one HMAC-SHA1 token, valid until expiry, which counts in whole
// seconds. The realm is "janus" for the gateway itself, with plugin packages as
// items, or a plugin package with items such as "room=1234" for rooms that have
// signed_tokens on. A realm or an item that holds ',' or ':' is a
// [*client.ArgumentError].
//
// https://janus.conf.meetecho.com/docs/auth.html
func Sign(secret, realm string, expiry time.Time, items ...string) (string, error) {
	for _, s := range append([]string{realm}, items...) {
		if strings.ContainsAny(s, ",:") {
			return "", &client.ArgumentError{Op: "sign token", Reason: strconv.Quote(s) + " holds ',' or ':', which the token's format reserves"}
		}
	}
	data := strconv.FormatInt(expiry.Unix(), 10) + "," + realm
	if len(items) > 0 {
		data += "," + strings.Join(items, ",")
	}
	mac := hmac.New(sha1.New, []byte(secret))
	mac.Write([]byte(data))
	return data + ":" + base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
}
