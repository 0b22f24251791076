//go:build js

package main

import "sync"

// table has the objects the page knows. The zero value is ready to use; its
// methods may be called concurrently.
type table struct {
	mu      sync.Mutex // protects what follows
	last    int
	entries map[int]*entry
	refs    map[any]int // by object
}

// entry is an object and how often the page was told of it: it may be told again
// while it gives back what it was told before.
type entry struct {
	object any
	count  int
}

// add gives out a reference to an object, the same one for the same object.
func (t *table) add(object any) int {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.entries == nil {
		t.entries, t.refs = make(map[int]*entry), make(map[any]int)
	}
	ref, ok := t.refs[object]
	if !ok {
		t.last++
		ref = t.last
		t.entries[ref], t.refs[object] = &entry{object: object}, ref
	}
	t.entries[ref].count++
	return ref
}

// get returns the object of a reference, nil for none.
func (t *table) get(ref int) any {
	t.mu.Lock()
	defer t.mu.Unlock()
	if e := t.entries[ref]; e != nil {
		return e.object
	}
	return nil
}

// release takes count references back, and forgets the object with the last.
func (t *table) release(ref, count int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	e := t.entries[ref]
	if e == nil {
		return
	}
	if e.count -= count; e.count <= 0 {
		delete(t.entries, ref)
		delete(t.refs, e.object)
	}
}

// len returns how many objects the page knows.
func (t *table) len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.entries)
}
