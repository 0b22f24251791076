//go:build !js

package videocall_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/clip"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
	"github.com/bifrons-rtc/bifrons/internal/rawpeer"
	"github.com/bifrons-rtc/bifrons/plugins/videocall"
)

// TestJanusSlowLink loses packets on the way from the caller to the gateway.
func TestJanusSlowLink(t *testing.T) {
	t.Parallel()
	u := users(t, janustesting.New(t, &janusproc.Options{SlowLinkThreshold: 3}).WS(), []string{"ann", "bob"})
	ann, bob := u[0], u[1]
	require.NoError(t, ann.Call(ann.ctx, bob.name, rawpeer.New(t, rawpeer.Options{Lossy: true})))
	require.NoError(t, bob.Accept(bob.ctx, await[*videocall.Incoming](bob), bob.peer(clip.Audio)))
	require.NoError(t, await[*videocall.Accepted](ann).Err)
	require.Equal(t, "audio", await[*videocall.SlowLink](ann).Media)
	require.NoError(t, ann.End(ann.ctx, ""))
}
