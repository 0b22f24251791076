//go:build !js

package videocall_test

import (
	"strings"
	"testing"
)

// embedded says whether t is part of TestEmbedded.
func embedded(t *testing.T) bool { return strings.HasPrefix(t.Name(), "TestEmbedded/") }

// TestEmbedded runs the tests against a real Janus on the gateway that stands in
// for it.
func TestEmbedded(t *testing.T) {
	t.Run("call", TestJanusCall)
	t.Run("again and again", TestJanusAgainAndAgain)
	t.Run("accept in handler", TestJanusAcceptInHandler)
	t.Run("decline", TestJanusDecline)
	t.Run("errors", TestJanusErrors)
	t.Run("both call", TestJanusBothCall)
	t.Run("lost", TestJanusLost)
	t.Run("rebuild", TestJanusRebuild)
	t.Run("renegotiate", TestJanusRenegotiate)
	t.Run("restart", TestJanusRestart)
	t.Run("data", TestJanusData)
}
