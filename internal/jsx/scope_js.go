package jsx

import (
	"sync"
	"syscall/js"
)

// Scope owns functions and event listeners and ends them together. The zero
// value is ready to use; it must not be copied. Its methods may be called
// concurrently, also from the callbacks it owns.
type Scope struct {
	mu        sync.Mutex // protects what follows
	ids       []int
	listeners []listener
	closed    bool
}

type listener struct {
	target js.Value
	event  string
	f      js.Value
}

// Func returns a JavaScript function that calls f with its arguments and
// returns what f returns, which js.ValueOf must be able to convert. After Close
// it does nothing and returns null.
func (s *Scope) Func(f func(args []js.Value) any) js.Value {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return bound(0)
	}
	id := remember(f)
	s.ids = append(s.ids, id)
	return bound(id)
}

// Listen calls f for each event of that name on target, an EventTarget, until
// Close.
func (s *Scope) Listen(target js.Value, event string, f func(ev js.Value)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	id := remember(func(args []js.Value) any {
		f(args[0])
		return nil
	})
	l := listener{target, event, bound(id)}
	target.Call("addEventListener", event, l.f)
	s.ids = append(s.ids, id)
	s.listeners = append(s.listeners, l)
}

// Close removes the listeners and ends the functions. A callback that runs at
// this moment is not waited for. Close is idempotent.
func (s *Scope) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, l := range s.listeners {
		l.target.Call("removeEventListener", l.event, l.f)
	}
	for _, id := range s.ids {
		forget(id)
	}
	s.ids, s.listeners = nil, nil
}
