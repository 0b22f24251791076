package client

import "sync"

// life is the end of a session or handle: it comes once and its reason stays.
type life struct {
	mu   sync.Mutex
	err  error
	done chan struct{} // made when somebody asks
}

func (l *life) end(err error) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return false
	}
	l.err = err
	if l.done != nil {
		close(l.done)
	}
	return true
}

func (l *life) cause() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.err
}

func (l *life) ended() bool { return l.cause() != nil }

func (l *life) wait() <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.done == nil {
		l.done = make(chan struct{})
		if l.err != nil {
			close(l.done)
		}
	}
	return l.done
}
