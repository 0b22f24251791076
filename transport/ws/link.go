//go:build !js

package ws

import (
	"bufio"
	"context"
	"errors"
	"net"
	"runtime"
	"sync"
	"time"
)

const (
	readAhead  = 64 << 10 // bytes one system call may bring
	maxPending = 1 << 20  // bytes accepted and not sent, above which writers wait
	maxControl = 64 << 10 // the same for control frames, above which the link dies
	maxChunk   = 64 << 10 // bytes that WriteTimeout is for
	keepBuffer = 64 << 10 // a larger buffer is given back once it is empty

	// A writer of messages may stand at the socket itself for at least minQuick
	// and at most maxQuick. A socket takes what fits its buffer at once, so more
	// means a stalled peer. The range saves setting the deadline every time,
	// which costs a fifth of a small write.
	minQuick = 5 * time.Millisecond
	maxQuick = 50 * time.Millisecond

	// companyTurns is how many lone messages it takes to forget that there were
	// several writers.
	companyTurns = 32
)

var errFlood = errors.New("the peer sends pings and takes no pongs")

// link is the net.Conn under a WebSocket. It reads ahead, and it combines what
// is written to it at about the same time into one system call.
//
// A writer of messages calls begin, writes its frame, and calls commit. Frames
// collect in out. Who commits while there is no sender becomes the sender and
// takes to the socket what is there; what does not fit, or came meanwhile, is
// left to drain. Bytes written outside of begin and commit, that is the
// handshake and control frames, go by the same rules.
type link struct {
	net.Conn
	in      *bufio.Reader
	timeout time.Duration  // for the peer to take maxChunk bytes
	socket  bool           // the Conn survives a write deadline
	drainFn func()         // drain, bound once: starting it allocates nothing
	drains  sync.WaitGroup // at most one, while there is more than a writer could send
	armed   time.Time      // the write deadline; the sender's

	mu      sync.Mutex    // protects what follows
	out     []byte        // frames that nobody has taken yet
	taken   []byte        // the buffer a sender works on
	rest    []byte        // the end of taken that is not sent yet
	spare   []byte        // the next out
	busy    bool          // there is a sender
	writers int           // between begin and commit
	frames  int           // messages in out
	control int           // bytes in out that no begin announced
	unheard int           // messages committed since the peer was last heard
	company int           // turns for which a sender lets other writers go first
	room    chan struct{} // closed when there is room again; nil when nobody waits
	err     error         // why the link is dead
}

func newLink(nc net.Conn, timeout time.Duration) *link {
	l := &link{Conn: nc, in: bufio.NewReaderSize(nc, readAhead), timeout: timeout}
	switch nc.(type) {
	case *net.TCPConn, *net.UnixConn:
		l.socket = true
	}
	l.drainFn = l.drain
	return l
}

// Read implements net.Conn, for one goroutine.
func (l *link) Read(p []byte) (int, error) {
	if l.in.Buffered() > 0 {
		return l.in.Read(p)
	}
	n, err := l.in.Read(p)
	l.mu.Lock()
	l.unheard = 0
	l.mu.Unlock()
	return n, err
}

// Write implements net.Conn. It takes p whole or fails, and does not wait for
// a peer that takes nothing.
func (l *link) Write(p []byte) (int, error) {
	l.mu.Lock()
	if l.err != nil {
		defer l.mu.Unlock()
		return 0, l.err
	}
	l.out = append(l.out, p...)
	if l.writers > 0 { // p is a part of a frame, whose commit follows
		l.mu.Unlock()
		return len(p), nil
	}
	l.control += len(p)
	if l.control > maxControl {
		l.mu.Unlock()
		l.fail(errFlood)
		return 0, errFlood
	}
	if l.busy {
		l.mu.Unlock()
		return len(p), nil
	}
	l.busy = true
	l.send()
	return len(p), nil
}

// begin announces a frame of about n bytes. It waits while too much is pending;
// done ends the wait with net.ErrClosed.
func (l *link) begin(ctx context.Context, n int, done <-chan struct{}) error {
	l.mu.Lock()
	for l.err == nil && l.pending() > 0 && l.pending()+n > maxPending {
		if l.room == nil {
			l.room = make(chan struct{})
		}
		room := l.room
		l.mu.Unlock()
		select {
		case <-room:
		case <-done:
			return net.ErrClosed
		case <-ctx.Done():
			return ctx.Err()
		}
		l.mu.Lock()
	}
	defer l.mu.Unlock()
	if l.err != nil {
		return l.err
	}
	l.writers++
	return nil
}

// commit ends what begin began, and sends when nobody else does.
func (l *link) commit() {
	l.mu.Lock()
	l.writers--
	l.frames++
	l.unheard++
	if l.unheard > 1 { // nobody waits for the answer to one message to write the next
		l.company = companyTurns
	}
	if l.busy || len(l.out) == 0 {
		l.mu.Unlock()
		return
	}
	l.busy = true
	if l.company > 0 {
		// Writers that are ready to run add their frames to this turn. One that
		// is alone never comes here: the scheduler would wake another thread to
		// find nothing to do.
		l.company--
		l.mu.Unlock()
		runtime.Gosched()
		l.mu.Lock()
	}
	l.send()
}

// fail ends the link for the given reason. The first one counts.
func (l *link) fail(err error) {
	l.mu.Lock()
	if l.err != nil {
		l.mu.Unlock()
		return
	}
	l.err = err
	if l.room != nil {
		close(l.room)
		l.room = nil
	}
	l.mu.Unlock()
	_ = l.Conn.Close()
}

// cause returns why the link is dead, nil while it is not.
func (l *link) cause() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

// Close implements net.Conn. It does not wait, see wait.
func (l *link) Close() error {
	l.fail(net.ErrClosed)
	return nil
}

// wait returns when the goroutine of a closed link is gone.
func (l *link) wait() { l.drains.Wait() }
