package media

import "context"

// DataOptions tunes [Peer.OpenData]. Nil means every default: ordered and
// reliable.
type DataOptions struct {
	Unordered      bool
	MaxRetransmits *int   // nil: until it arrives
	Protocol       string // the subprotocol, RFC 8832
}

// Data is one message.
type Data struct {
	Bytes []byte
	Text  bool // sent as text; Bytes is UTF-8 then
}

// DataChannel carries messages. One reader receives them in the order they
// arrived. It holds up to 4 MiB or 4096 messages for its reader; above it the
// oldest go and Receive says so. The other side can have 256 channels open.
type DataChannel struct{ impl *channel }

// Label returns the label.
func (d *DataChannel) Label() string { return d.impl.label() }

// Protocol returns the subprotocol.
func (d *DataChannel) Protocol() string { return d.impl.protocol() }

// Send sends p as one binary message. It waits until the channel is open, and
// while more than 1 MiB waits to be sent; cancelling ctx abandons the wait and
// sends nothing. It returns once p is queued, which says nothing about its
// arrival; p may be reused then. A message larger than the other side takes
// gives a *[MessageSizeError]. After the channel closed the error matches
// [ErrClosed].
func (d *DataChannel) Send(ctx context.Context, p []byte) error { return d.impl.send(ctx, p) }

// SendText is Send for a text message.
func (d *DataChannel) SendText(ctx context.Context, s string) error { return d.impl.sendText(ctx, s) }

// Receive returns the next message. When the reader was too slow the oldest
// messages are gone: one Receive returns a *[DroppedError] and the next goes on.
// After the channel closed, and what came before was received, the error matches
// [ErrClosed].
func (d *DataChannel) Receive(ctx context.Context) (Data, error) { return d.impl.receive(ctx) }

// ReceiveText is Receive for a protocol of text: it returns the bytes of the
// next message as a string, whichever way it was sent.
func (d *DataChannel) ReceiveText(ctx context.Context) (string, error) {
	m, err := d.impl.receive(ctx)
	return string(m.Bytes), err
}

// Opened is closed when the channel is open, and when it closed before. On another
// connection of its peer the channel opens again, and Opened is another channel.
func (d *DataChannel) Opened() <-chan struct{} { return d.impl.opened() }

// Done is closed when the channel has closed.
func (d *DataChannel) Done() <-chan struct{} { return d.impl.done() }

// Keep is for who needs the channel for as long as there is a connection, as a
// plugin does that speaks over it: where somebody looks after the connection
// ([Peer.Keep]), it counts as lost when the other side closes the channel alone, and
// the channel opens again on the next one.
func (d *DataChannel) Keep() { d.impl.hold() }

// Close closes the channel. Messages queued before are still sent.
func (d *DataChannel) Close() error { return d.impl.close() }
