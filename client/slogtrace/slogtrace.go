// Package slogtrace shows the wire of a client in a log. It is apart from
// package client so that a page does not carry log/slog.
package slogtrace

import (
	"context"
	"log/slog"

	"github.com/bifrons-rtc/bifrons/client"
)

// New returns a trace that writes to logger at debug level: "janus sent" and
// "janus received" with the message in "data", and "janus ignored" with the
// "reason" as well. Secrets are gone from the data before it gets here. A nil
// logger is slog.Default().
func New(logger *slog.Logger) *client.Trace {
	if logger == nil {
		logger = slog.Default()
	}
	log := func(msg string, data []byte, attrs ...slog.Attr) {
		ctx := context.Background()
		if !logger.Enabled(ctx, slog.LevelDebug) {
			return
		}
		logger.LogAttrs(ctx, slog.LevelDebug, msg, append(attrs, slog.String("data", string(data)))...)
	}
	return &client.Trace{
		Sent:     func(data []byte) { log("janus sent", data) },
		Received: func(data []byte) { log("janus received", data) },
		Ignored:  func(data []byte, reason string) { log("janus ignored", data, slog.String("reason", reason)) },
	}
}
