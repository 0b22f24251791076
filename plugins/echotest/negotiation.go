package echotest

import (
	"context"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

// negotiate exchanges descriptions once.
func (h *Handle) negotiate(ctx context.Context, cfg *Config, peer client.Negotiator, restart bool) error {
	offer, err := peer.Offer(ctx, restart)
	if err != nil {
		return fmt.Errorf("make an offer: %w", err)
	}
	resp, err := h.Request(ctx, cfg, offer)
	if err != nil {
		return err
	}
	if resp.JSEP == nil {
		return &client.ProtocolError{Op: "offer", Reason: "the plugin's answer has no description", Data: clip(resp.Data)}
	}
	if err := peer.Accept(ctx, resp.JSEP); err != nil {
		return fmt.Errorf("accept the answer: %w", err)
	}
	return nil
}

// clip keeps the start of data, for errors.
func clip(data []byte) []byte {
	const most = 256
	return append([]byte(nil), data[:min(len(data), most)]...)
}
