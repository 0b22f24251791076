package textroom

import (
	"context"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/json"
)

// start reads the channel until life ends or the channel does.
func (c *Conn) start(life context.Context) {
	// Owns the reading of the channel; ends with the connection, and closes the
	// channel then; Stop and Done wait for it.
	go func() {
		defer close(c.done)
		c.read(life)
		c.cancel()
		_ = c.ch.Close() // it has ended, or nobody reads it any more
		c.working.Wait()
	}()
}

// read hands on what comes.
func (c *Conn) read(ctx context.Context) {
	var missed error
	for {
		text, err := c.ch.ReceiveText(ctx)
		switch {
		case err == nil:
			if missed != nil {
				c.h.Post(&Lost{EventBase: client.EventBase{Kind: "textroom.lost"}, Err: missed})
				missed = nil
			}
			c.receive([]byte(text))
		case missed != nil || ctx.Err() != nil:
			c.fail(fmt.Errorf("%w: %w", ErrEnded, err))
			return
		default:
			missed = err
		}
	}
}

// receive takes one message: the answer to a request, or an event.
func (c *Conn) receive(raw json.RawMessage) {
	if !json.Valid(raw) {
		c.h.Post(&Error{EventBase: client.EventBase{Kind: "textroom.error"},
			Err: &client.ProtocolError{Op: "textroom: data channel", Reason: "broken JSON", Data: clip(raw)}})
		return
	}
	if txn := transactionOf(raw); txn != "" {
		if w := c.take(txn); w != nil {
			if w.granted != nil && refusal(raw) == nil {
				w.granted(raw)
			}
			w.reply <- reply{raw: raw}
			return
		}
	}
	ev := decodeChannel(raw)
	c.h.joined.note(ev)
	c.h.Post(ev)
}
