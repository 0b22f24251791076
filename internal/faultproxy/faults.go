package faultproxy

import (
	"fmt"
	"slices"
	"sync"
	"time"
)

const logged = 4096 // entries the log keeps

// Faults decides what happens on all connections that are made through it.
// Make one with New.
type Faults struct {
	begin time.Time

	mu     sync.Mutex // guards what follows
	faults []Fault
	conns  int // so far
	live   map[int]func(Kind)
	refuse Kind
	change func(Direction, []byte) []byte
	frames map[lane]int
	log    []Entry
}

// lane is one direction of one connection.
type lane struct {
	conn int
	dir  Direction
}

// Entry is something that happened.
type Entry struct {
	At   time.Duration // since New
	Conn int
	Text string
}

// String is the entry on one line.
func (e Entry) String() string {
	return fmt.Sprintf("%9s  #%d %s", e.At.Round(10*time.Microsecond), e.Conn, e.Text)
}

// New returns Faults by plan. Of two faults for the same frame the first counts.
func New(plan ...Fault) *Faults {
	return &Faults{begin: time.Now(), faults: slices.Clone(plan), live: make(map[int]func(Kind)), frames: make(map[lane]int)}
}

// Add adds faults to the plan. Frames that have passed are not called back.
func (f *Faults) Add(plan ...Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults = append(f.faults, plan...)
}

// Cut ends all connections there are, by Reset, End or Silence.
func (f *Faults) Cut(k Kind) {
	f.mu.Lock()
	list := make([]func(Kind), 0, len(f.live))
	for conn, cut := range f.live {
		list = append(list, cut)
		f.note(conn, k.String())
	}
	f.mu.Unlock()
	for _, cut := range list {
		cut(k)
	}
}

// Refuse says what becomes of new connections: with Reset or End they are
// refused, with Silence they are taken and nothing comes back, with Pass they
// work again.
func (f *Faults) Refuse(k Kind) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.refuse = k
}

// refused returns what Refuse said last.
func (f *Faults) refused() Kind {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.refuse
}

// Rewrite has change say what becomes of every message, before the plan gets hold
// of it: nil, which is the default, leaves them as they are. It may be called by
// several goroutines, must not keep what it is given, and may return it. Over
// HTTP, and of a message in several frames, nothing is changed.
func (f *Faults) Rewrite(change func(dir Direction, message []byte) []byte) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.change = change
}

// rewritten returns what a frame has become.
func (f *Faults) rewritten(dir Direction, fr frame) frame {
	f.mu.Lock()
	change := f.change
	f.mu.Unlock()
	if change != nil && (fr.bare || fr.first == wholeText) {
		fr.payload = change(dir, fr.payload)
	}
	return fr
}

// Conns returns how many connections there were.
func (f *Faults) Conns() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.conns
}

// Frames returns how many frames came in one direction of a connection, whatever
// became of them.
func (f *Faults) Frames(conn int, dir Direction) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.frames[lane{conn, dir}]
}

// Log returns what happened, oldest first: connections, and faults that found
// their frame. Of more than 4096 entries it returns the last ones.
func (f *Faults) Log() []Entry {
	f.mu.Lock()
	defer f.mu.Unlock()
	return slices.Clone(f.log[max(0, len(f.log)-logged):])
}

// open numbers a connection and remembers how to end it.
func (f *Faults) open(cut func(Kind)) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := f.conns
	f.conns++
	f.live[n] = cut
	f.note(n, "opened")
	return n
}

// closed forgets a connection.
func (f *Faults) closed(conn int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if _, there := f.live[conn]; there {
		delete(f.live, conn)
		f.note(conn, "closed")
	}
}

// next counts a frame and returns its number and its fault.
func (f *Faults) next(l lane) (int, Fault) {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := f.frames[l]
	f.frames[l] = n + 1
	return n, f.at(l, n)
}

// at returns the fault of a frame. f.mu is held.
func (f *Faults) at(l lane, n int) Fault {
	for _, fault := range f.faults {
		if fault.Dir == l.dir && fault.Frame == n && (fault.Conn == l.conn || fault.Conn == AnyConn) {
			fault.Conn = l.conn
			if fault.Kind != Pass {
				f.note(l.conn, fault.String())
			}
			return fault
		}
	}
	return Fault{}
}

// note logs. f.mu is held.
func (f *Faults) note(conn int, text string) {
	if len(f.log) >= 2*logged { // move rarely
		f.log = append(f.log[:0], f.log[len(f.log)-logged:]...)
	}
	f.log = append(f.log, Entry{time.Since(f.begin), conn, text})
}
