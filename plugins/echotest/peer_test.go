package echotest_test

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
)

// peer is a client.Negotiator without media.
type peer struct {
	offerErr, acceptErr error
	spoil               bool          // offer something the gateway cannot process
	delay               time.Duration // of each offer

	generation int // of the ICE credentials
	restarted  bool
	accepted   int
	answer     string
}

var _ client.Negotiator = (*peer)(nil)

func (p *peer) Offer(ctx context.Context, restart bool) (*client.JSEP, error) {
	if p.delay > 0 {
		select {
		case <-time.After(p.delay):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	if p.restarted = restart; restart {
		p.generation++
	}
	fingerprint := "a=fingerprint:sha-256 00"
	if p.spoil {
		fingerprint = "a=x-nothing"
	}
	return &client.JSEP{Type: "offer", SDP: strings.Join([]string{
		"v=0", "o=- 1 1 IN IP4 127.0.0.1", "s=-", "t=0 0", "a=group:BUNDLE 0", fingerprint,
		"m=audio 9 UDP/TLS/RTP/SAVPF 111 0", "c=IN IP4 0.0.0.0", "a=mid:0", "a=rtcp-mux", "a=sendrecv",
		"a=setup:actpass", "a=ice-ufrag:gen" + strconv.Itoa(p.generation), "a=ice-pwd:0123456789012345678901",
		"a=rtpmap:111 opus/48000/2", "a=rtpmap:0 PCMU/8000", ""}, "\r\n")}, p.offerErr
}

func (p *peer) Answer(context.Context, *client.JSEP) (*client.JSEP, error) {
	return nil, errors.New("the echo test never offers")
}

func (p *peer) Accept(_ context.Context, answer *client.JSEP) error {
	if p.acceptErr != nil {
		return p.acceptErr
	}
	p.accepted++
	p.answer = answer.SDP
	return nil
}

// ufrag returns the ICE user fragment of a description.
func ufrag(t *testing.T, sdp string) string {
	t.Helper()
	_, rest, ok := strings.Cut(sdp, "a=ice-ufrag:")
	require.True(t, ok)
	u, _, _ := strings.Cut(rest, "\r\n")
	return u
}
