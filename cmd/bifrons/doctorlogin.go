//go:build !js

package main

import (
	"context"
	"errors"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/echotest"
)

// checkLogin creates a session, which is what credentials are for.
func (d *doctor) checkLogin(ctx context.Context) *finding {
	if d.insecure != "" {
		d.stop = "no credentials are sent, because " + d.insecure
		return skipped("%s", d.stop)
	}
	if d.openly() {
		d.stop = "no credentials are sent without encryption"
		return failure(exitUsage, encrypt, "%s", d.stop)
	}
	session, err := d.client.NewSession(ctx)
	if err != nil {
		d.stop = "there is no session"
		return d.loginFailed(ctx, err)
	}
	d.session = session
	wants := d.wants()
	switch {
	case len(wants) == 0 && d.credentials():
		return warning("leave them out", "the gateway wants no credentials, and %s was given", d.app.login.names())
	case len(wants) == 0:
		return found("the gateway wants no credentials")
	}
	return found("the gateway takes what %s has", d.app.login.names())
}

// wants lists the flags for what the gateway asks for. Either is enough.
func (d *doctor) wants() []string {
	var flags []string
	if d.info.AuthToken {
		flags = append(flags, "--token-file")
	}
	if d.info.APISecret {
		flags = append(flags, "--secret-file")
	}
	return flags
}

func (d *doctor) loginFailed(ctx context.Context, err error) *finding {
	const isAdmin, useOther = "this is the admin API", "use the URL of the client API; bifrons admin is for this one"
	text, fix := cause(err)
	refused := errors.Is(err, client.Unauthorized)
	switch {
	case refused && (len(d.wants()) == 0 || path.Base(d.url.Path) == "admin"):
		// It wants a secret that is none of those the info tells of.
		return failure(exitConnect, useOther, "%s", isAdmin)
	case refused && !d.credentials():
		return failure(exitAuth, "give "+strings.Join(d.wants(), " or "), "the gateway wants credentials, and none were given")
	case refused:
		return failure(exitAuth, "use what the gateway is configured with, by "+strings.Join(d.wants(), " or "),
			"the gateway does not take what %s has", d.app.login.names())
	case errors.Is(err, client.NotAcceptingSessions):
		return failure(exitFailure, "let it take new sessions again: bifrons admin accept-new-sessions on", "the gateway takes no new sessions")
	case errors.Is(err, client.InvalidRequestPath), errors.Is(err, client.UnknownRequest):
		return failure(exitConnect, useOther, "%s", isAdmin)
	}
	if fix == "" {
		fix = "see the gateway's log"
	}
	return failure(exitCode(ctx, err), fix, "%s", text)
}

// names says where the credentials came from.
func (l login) names() string {
	var names []string
	for _, o := range []origin{l.token, l.secret} {
		if o.given() {
			names = append(names, o.name())
		}
	}
	return strings.Join(names, " and ")
}

// signed reports whether the token is a signed one. Of a stored one the gateway
// alone knows what it is good for.
func (d *doctor) signed() bool {
	_, ok := parseSigned(d.token)
	return ok
}

// checkClock looks at a signed token, which counts until a time of the gateway's
// clock. Janus' documentation of tokens: https://janus.conf.meetecho.com/docs/auth.html.
func (d *doctor) checkClock(ctx context.Context) *finding {
	signed, _ := parseSigned(d.token)
	now, whose := time.Now(), "this machine's clock"
	details := map[string]any{"expires": signed.expiry.UTC(), "realm": signed.realm, "items": signed.items}
	if theirs, ok := d.gatewayTime(ctx); ok {
		ahead := now.Sub(theirs).Round(time.Second)
		details["clock_difference_s"] = ahead.Seconds()
		if ahead.Abs() > 5*time.Second {
			side := "ahead of"
			if ahead < 0 {
				side = "behind"
			}
			return warning("set both clocks, by NTP: a token counts by the gateway's clock",
				"this machine's clock is %s %s the gateway's", ahead.Abs(), side).with(details)
		}
		now, whose = theirs, "the gateway's clock"
	}
	left := signed.expiry.Sub(now).Round(time.Second)
	switch {
	case left <= 0:
		return failure(exitAuth, "sign a new token, and compare the clocks of the signer and the gateway",
			"the token expired %s ago by %s", -left, whose).with(details)
	case signed.realm != "janus":
		return failure(exitAuth, "sign it with the realm janus; that of a plugin is for its rooms", "the token is for the realm %q", brief(signed.realm)).with(details)
	case !slices.Contains(signed.items, echotest.Plugin) && !d.cmd.Bool("no-media"):
		return warning("sign it for "+echotest.Plugin+" as well to have media checked", "the token counts for %s more, and is not for the echo test", left).with(details)
	}
	return found("the token counts for %s more by %s", left, whose).with(details)
}

// signedToken is what a signed token says; the signature is the gateway's to
// check.
type signedToken struct {
	expiry time.Time
	realm  string
	items  []string
}

// parseSigned reads "expiry,realm,item,…:signature".
func parseSigned(token string) (signedToken, bool) {
	data, _, ok := strings.Cut(token, ":")
	fields := strings.Split(data, ",")
	if !ok || len(fields) < 2 {
		return signedToken{}, false
	}
	seconds, err := strconv.ParseInt(fields[0], 10, 64)
	if err != nil {
		return signedToken{}, false
	}
	return signedToken{time.Unix(seconds, 0), fields[1], fields[2:]}, true
}

// gatewayTime is what the gateway's clock shows, which it tells over HTTP only.
func (d *doctor) gatewayTime(ctx context.Context) (time.Time, bool) {
	if !d.http() {
		return time.Time{}, false
	}
	resp, err := d.get(ctx, d.url.Path+"/info")
	if err != nil {
		return time.Time{}, false
	}
	_ = resp.Body.Close() // the header is enough
	t, err := http.ParseTime(resp.Header.Get("Date"))
	return t, err == nil
}
