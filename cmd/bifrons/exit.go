//go:build !js

package main

import (
	"context"
	"crypto/x509"
	"errors"
	"strings"
	"unicode"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/media"
	"github.com/bifrons-rtc/bifrons/transport"
)

// The exit codes, which scripts rely on.
const (
	exitOK          = 0
	exitFailure     = 1
	exitUsage       = 2
	exitConnect     = 3
	exitAuth        = 4
	exitPlugin      = 5
	exitInterrupted = 130 // 128 + SIGINT, as shells have it
)

// exitCode says what err means to a script. ctx ended if the program was
// interrupted.
func exitCode(ctx context.Context, err error) int {
	if interrupted(ctx, err) {
		return exitInterrupted
	}
	if code, ok := doctorCode(err); ok {
		return code
	}
	if isType[*usageError](err) || isType[*transport.URLError](err) || isType[*transport.SchemeError](err) || isType[*client.InsecureError](err) {
		return exitUsage
	}
	if e, ok := errors.AsType[*transport.StatusError](err); ok && (e.Code == 401 || e.Code == 403 || e.Code == 407) {
		return exitAuth
	}
	if e, ok := errors.AsType[*client.Error](err); ok {
		switch e.Code {
		case client.Unauthorized, client.UnauthorizedPlugin:
			return exitAuth
		case client.PluginNotFound, client.PluginAttach, client.PluginMessage:
			return exitPlugin
		}
		return exitFailure
	}
	if isType[*client.PluginError](err) {
		return exitPlugin
	}
	if isType[*transport.DialError](err) || isType[*transport.StatusError](err) || unanswered(err) || lost(err) {
		return exitConnect
	}
	return exitFailure
}

// interrupted says whether err is the end of ctx and nothing else.
func interrupted(ctx context.Context, err error) bool {
	return ctx.Err() != nil && errors.Is(err, context.Canceled)
}

func unanswered(err error) bool {
	return errors.Is(err, client.ErrTimeout) || errors.Is(err, client.ErrUnresponsive)
}

// lost says whether err is the end of a connection that was there.
func lost(err error) bool {
	return errors.Is(err, client.ErrClosed) || errors.Is(err, client.ErrInterrupted) || errors.Is(err, client.ErrOutcomeUnknown) ||
		isType[*transport.CloseError](err)
}

func isType[E error](err error) bool {
	_, ok := errors.AsType[E](err)
	return ok
}

// explain puts err on one line which names the cause and the fix. The fixes of
// the library are for programmers; where a flag helps, it says so instead.
func (a *app) explain(ctx context.Context, err error) string {
	if interrupted(ctx, err) {
		return "interrupted"
	}
	text := err.Error()
	if e, ok := errors.AsType[*client.Error](err); ok && e.Code == client.Unauthorized {
		text = replaceFix(text, e.Hint, a.login.fix())
	}
	if e, ok := errors.AsType[*client.Error](err); ok && e.Code == client.UnauthorizedPlugin {
		text = replaceFix(text, e.Hint, "use another token, or have this one allowed for the plugin")
	}
	if e, ok := errors.AsType[*transport.DialError](err); ok {
		switch {
		case isType[x509.UnknownAuthorityError](err):
			text = replaceFix(text, e.Fix, "its authority is not trusted here: set SSL_CERT_FILE to the authority's PEM file")
		case isType[x509.HostnameError](err):
			text = replaceFix(text, e.Fix, "the certificate is for another name: use that name in the URL")
		}
	}
	if e, ok := errors.AsType[*client.InsecureError](err); ok {
		text = "credentials would travel unencrypted to " + e.URL + " (" + encrypt + ")"
	}
	if e, ok := errors.AsType[*media.FileError](err); ok && e.Fix == "" {
		text += " (give a file that is there, that is no folder, and that you may read)"
	}
	if e, ok := errors.AsType[*media.CodecError](err); ok {
		text = replaceFix(text, e.Fix, "send files in a codec it takes, with --in, and do not ask for another with --audio-codec or --video-codec")
	}
	switch {
	case unanswered(err):
		text += " (the gateway took the connection and says nothing: it is frozen or busy; --timeout waits longer)"
	case lost(err):
		text += " (see whether the gateway still runs; its log may say why not)"
	}
	return oneLine(text)
}

// encrypt is what to do where credentials would travel unencrypted.
const encrypt = "use wss:// or https://, or give --insecure where the network in between is to be trusted"

// replaceFix puts another fix where the text has the old one, or at its end.
func replaceFix(text, old, fix string) string {
	if old != "" && strings.Contains(text, "("+old+")") {
		return strings.Replace(text, "("+old+")", "("+fix+")", 1)
	}
	return text + " (" + fix + ")"
}

// oneLine joins lines and takes out what could move the cursor: parts of an
// error come from the gateway.
func oneLine(text string) string {
	return printable(strings.ReplaceAll(strings.TrimSpace(text), "\n", "; "))
}

// printable puts spaces in the place of what could move the cursor.
func printable(text string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text)
}
