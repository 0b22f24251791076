package janustest

import (
	"context"
	"errors"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
)

// Attachment is the gateway's side of a handle.
type Attachment struct {
	Session, Handle uint64
	Plugin          string // package name
	OpaqueID        string // as given to attach

	srv    *Server
	ses    *session
	plugin Plugin

	created time.Time
	token   string // that came with attach

	// Guarded by srv.mu.
	dead   bool // the ids mean nothing any more
	pc     pcState
	queue  []*Message         // for the worker
	cancel context.CancelFunc // of the worker's context; nil while there is none
}

// pcState is how far the peer connection of a handle is negotiated.
type pcState uint8

const (
	pcNone    pcState = iota
	pcOffered         // the client's offer is there and no answer to it
	pcCalling         // the plugin's offer was sent and is not answered
	pcStable
)

var errGone = errors.New("janustest: no such handle")

// Event sends a plugin event that answers no request. It fails when the handle
// is gone or data is nothing JSON can hold.
func (at *Attachment) Event(data any, jsep *client.JSEP) error {
	return at.srv.event(at, nil, data, jsep)
}

func (s *Server) event(at *Attachment, txn *string, data any, jsep *client.JSEP) error {
	raw, err := encode(data)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if at.dead {
		return errGone
	}
	s.pluginEvent(at, txn, raw, jsep)
	return nil
}

// frame returns a message of the gateway about at.
func (at *Attachment) frame(kind string) *frame {
	f := &frame{Janus: kind, Session: wireID(at.Session), Sender: at.Handle}
	if at.srv.opts.OpaqueIDInAPI {
		f.OpaqueID = at.OpaqueID
	}
	return f
}

// end marks at as gone. srv.mu is held.
func (at *Attachment) end() {
	at.dead = true
	if at.cancel != nil {
		at.cancel()
	}
}

// enqueue hands m to the worker of at. srv.mu is held.
func (s *Server) enqueue(at *Attachment, m *Message) {
	at.queue = append(at.queue, m)
	if at.cancel != nil {
		return
	}
	ctx, cancel := context.WithCancel(s.ctx)
	at.cancel = cancel
	s.step.add(1)
	// The worker owns the plugin's work for one handle, so that a plugin that
	// takes its time holds up nobody else. It ends when the queue is empty;
	// Close waits for it.
	s.wg.Go(func() {
		defer cancel()
		defer s.step.add(-1)
		for m := s.dequeue(at); m != nil; m = s.dequeue(at) {
			answer, err := at.plugin.Message(ctx, m)
			s.answer(m, answer, err)
		}
	})
}

// dequeue returns the next message for the worker, nil to end it. Messages that
// outlived their handle are answered here, for their clients wait.
func (s *Server) dequeue(at *Attachment) *Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at.dead {
		for _, m := range at.queue {
			s.refuse(m.from, m.req, client.HandleNotFound, "Handle detached")
		}
		at.queue = nil
	}
	if len(at.queue) == 0 {
		at.cancel = nil
		return nil
	}
	m := at.queue[0]
	at.queue = at.queue[1:]
	return m
}
