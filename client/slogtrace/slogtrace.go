// Package slogtrace shows the wire of a client in a log. It is apart from
// package client so that a page does not carry log/slog.
package slogtrace

import (
	"context"
	"log/slog"
	"strings"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/transport"
)

// New returns a trace that writes to logger. At info level it is "janus state", one
// line for each change of the client's state: the "phase", the "url", and where
// there is one the "attempt", the "wait" for it and the "cause", or how many
// sessions were "resumed", "rebuilt" and "lost". At debug level it is "janus sent"
// and "janus received" with the message in "data", and "janus ignored" with the
// "reason" as well. Secrets are gone from all of it. A nil logger is slog.Default().
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
		State: func(st client.State) {
			logger.LogAttrs(context.Background(), slog.LevelInfo, "janus state", attrs(st)...)
		},
	}
}

// attrs are what a state has to say.
func attrs(st client.State) []slog.Attr {
	list := []slog.Attr{slog.String("phase", st.Phase.String())}
	if st.URL != "" {
		list = append(list, slog.String("url", st.URL))
	}
	if st.Attempt > 0 {
		list = append(list, slog.Int("attempt", st.Attempt))
	}
	if !st.Next.IsZero() {
		list = append(list, slog.Duration("wait", time.Until(st.Next).Round(time.Millisecond)))
	}
	for _, n := range []struct {
		name  string
		count int
	}{{"resumed", st.Resumed}, {"rebuilt", st.Rebuilt}, {"lost", st.Lost}} {
		if n.count > 0 {
			list = append(list, slog.Int(n.name, n.count))
		}
	}
	if st.Cause != nil {
		list = append(list, slog.String("cause", clean(st.Cause.Error())))
	}
	return list
}

// clean puts a text on one line and takes the secrets out of the URLs in it: our
// transports show none, but an error may come from elsewhere.
func clean(text string) string {
	words := strings.Fields(text)
	for i, w := range words {
		if strings.Contains(w, "://") {
			words[i] = transport.Redact(w)
		}
	}
	return strings.Join(words, " ")
}
