package client

import (
	"context"
	"sync/atomic"

	"github.com/bifrons-rtc/bifrons/transport"
)

// link is one connection of the client. Every frame belongs to the link it
// came on; the ids of sessions and handles belong to the gateway, not to the
// link, so that another link can take them over.
type link struct {
	conn   transport.Conn
	poller transport.SessionPoller // nil: the gateway pushes
	direct transport.Exchanger     // nil: answers come to the read loop
	url    string                  // empty: not known
	frames atomic.Uint64           // received so far; the keepalive watches it move
	cause  atomic.Pointer[error]   // why we closed it, if we did
	denied atomic.Bool             // that was for the credentials
	told   atomic.Int64            // auth.told before the message that is being read
	opened atomic.Int64            // when its sessions had come along, since Client.start; zero: not yet

	ctx     context.Context //nolint:containedctx // ends when the connection is lost
	cancel  context.CancelFunc
	held    chan struct{} // closed when it is lost and requests wait for the next
	resumed chan struct{} // closed when the sessions have come along
}

func newLink(conn transport.Conn, url string) *link {
	l := &link{conn: conn, url: url, held: make(chan struct{}), resumed: make(chan struct{})}
	l.poller, _ = conn.(transport.SessionPoller)
	l.direct, _ = conn.(transport.Exchanger)
	l.ctx, l.cancel = context.WithCancel(heals(context.Background()))
	return l
}

// close ends the link for the given reason. The read loop does the rest.
func (l *link) close(cause error) {
	l.cause.CompareAndSwap(nil, &cause)
	_ = l.conn.Close()
}
