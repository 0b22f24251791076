package faultproxy

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/transport"
)

// queued is how many frames a direction holds before its writer waits.
const queued = 64

var (
	errCut     = errors.New("faultproxy: cut by plan")
	errEnded   = errors.New("end of file without a close frame")
	errReset   = errors.New("connection reset by peer")
	errRefused = errors.New("connection refused")
)

// Dialer returns a dialer whose connections are those of next with faults.
// Exchanges and polls, which HTTP has, are not passed on: put it before a gateway
// in memory.
func (f *Faults) Dialer(next transport.Dialer) transport.Dialer { return dialer{f, next} }

type dialer struct {
	faults *Faults
	next   transport.Dialer
}

// Dial implements transport.Dialer.
func (d dialer) Dial(ctx context.Context, rawURL string, api transport.API) (transport.Conn, error) {
	switch d.faults.refused() {
	case Pass:
	case Silence:
		<-ctx.Done()
		return nil, &transport.DialError{URL: transport.Redact(rawURL), Err: ctx.Err()}
	default:
		return nil, &transport.DialError{URL: transport.Redact(rawURL), Err: errRefused}
	}
	inner, err := d.next.Dial(ctx, rawURL, api)
	if err != nil {
		return nil, err
	}
	return newConn(d.faults, inner), nil //nolint:contextcheck // the connection outlives the dial
}

// conn is a connection in memory with a pump in each direction.
type conn struct {
	inner    transport.Conn
	out, in  chan frame
	got      chan []byte   // delivered and not yet read
	broken   chan struct{} // closed when the connection is lost, or silent
	shut     chan struct{} // closed by Close
	read     chan struct{} // closed when inner is
	stop     context.CancelFunc
	up, down sync.WaitGroup

	writing sync.RWMutex // Close waits for those who write

	mu     sync.Mutex // guards what follows
	lost   error      // what Read says when everything is read
	silent bool
	closed bool
}

var _ transport.Conn = (*conn)(nil)

func newConn(f *Faults, inner transport.Conn) *conn {
	c := &conn{
		inner: inner, out: make(chan frame, queued), in: make(chan frame), got: make(chan []byte, queued),
		broken: make(chan struct{}), shut: make(chan struct{}), read: make(chan struct{}),
	}
	ctx, stop := context.WithCancel(context.Background())
	c.stop = stop
	n := f.open(c.cut)
	up := &pump{faults: f, lane: lane{n, ToServer}, cut: c.cut, write: func(list ...frame) error {
		return inner.Write(ctx, transport.Message{Data: join(list)})
	}}
	down := &pump{faults: f, lane: lane{n, ToClient}, cut: c.cut, write: func(list ...frame) error {
		select {
		case c.got <- join(list):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}}
	// The pumps own the frames of a direction each. They end with the connection,
	// and Close waits for them.
	c.up.Go(func() { c.pumped(up.run(ctx, c.out)) })
	c.down.Go(func() { c.pumped(down.run(ctx, c.in)) })
	// It feeds the second one and ends with inner, which stays open after a silent
	// end, as for a gateway whose network is gone.
	go func() {
		defer f.closed(n)
		c.pump(ctx)
	}()
	return c
}

// pump takes what the gateway says; after a silent end nobody hears it.
func (c *conn) pump(ctx context.Context) {
	defer close(c.read)
	for {
		b, err := c.inner.Read(context.Background()) //nolint:contextcheck // it ends with inner
		if err != nil {
			c.mu.Lock()
			if c.lost == nil {
				c.lost = err
			}
			c.mu.Unlock()
			close(c.in) // what came before it is still delivered
			return
		}
		select {
		case c.in <- frame{bare: true, payload: append([]byte(nil), b...)}:
		case <-ctx.Done():
		}
	}
}

// pumped ends the connection with either pump.
func (c *conn) pumped(err error) {
	select {
	case <-c.shut: // the other one finishes
		return
	default:
	}
	if !errors.Is(err, errCut) {
		c.lose(false, err)
	}
}

// cut ends the connection as a fault says.
func (c *conn) cut(k Kind) {
	cause := errEnded
	if k == Reset {
		cause = errReset
	}
	c.lose(k == Silence, &transport.CloseError{Code: 1006, Err: cause})
	if k != Silence {
		_ = c.inner.Close()
	}
}

// lose ends the connection, the first time.
func (c *conn) lose(silent bool, err error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case <-c.broken:
		return
	default:
	}
	c.silent = silent
	if c.lost == nil {
		c.lost = err
	}
	close(c.broken)
	c.stop()
}

// Read implements transport.Conn.
func (c *conn) Read(ctx context.Context) ([]byte, error) {
	select {
	case <-c.shut:
		return nil, transport.ErrClosed
	default:
	}
	broken := c.broken
	for {
		select {
		case b := <-c.got:
			return b, nil
		case <-c.shut:
			return nil, transport.ErrClosed
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-broken:
		}
		c.mu.Lock()
		silent, lost := c.silent, c.lost
		c.mu.Unlock()
		if silent {
			broken = nil // it waits for ever
			continue
		}
		c.down.Wait() // it may be delivering what came before the end
		select {
		case b := <-c.got:
			return b, nil
		default:
			return nil, lost
		}
	}
}

// Write implements transport.Conn.
func (c *conn) Write(ctx context.Context, m transport.Message) error {
	c.writing.RLock()
	defer c.writing.RUnlock()
	select {
	case <-c.shut:
		return transport.ErrClosed
	default:
	}
	select {
	case <-c.broken:
		return c.unheard()
	default:
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	select {
	case c.out <- frame{bare: true, payload: append([]byte(nil), m.Data...)}:
		return nil
	case <-c.shut:
		return transport.ErrClosed
	case <-c.broken:
		return c.unheard()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// unheard is what Write says when nobody is there: nothing, if nobody knows.
func (c *conn) unheard() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.silent {
		return nil
	}
	return c.lost
}

// closeWait is how long Close lets what was written find its way.
const closeWait = 5 * time.Second

// Close implements transport.Conn.
func (c *conn) Close() error {
	c.mu.Lock()
	again, silent := c.closed, c.silent
	c.closed = true
	c.mu.Unlock()
	if !again {
		close(c.shut)
		c.writing.Lock()
		close(c.out)
		c.writing.Unlock()
		late := time.AfterFunc(closeWait, c.stop)
		c.up.Wait()
		late.Stop()
		c.stop()
		if !silent {
			_ = c.inner.Close()
			<-c.read
		}
	}
	c.up.Wait()
	c.down.Wait()
	return nil
}

// join makes one message of several.
func join(list []frame) []byte {
	var b []byte
	for _, f := range list {
		b = f.appendTo(b)
	}
	return b
}
