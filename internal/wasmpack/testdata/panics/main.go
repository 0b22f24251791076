// Command panics makes the runtime read what the linker wrote about functions.
package main

import "runtime"

type tree struct{ left, right *tree }

func grow(depth int) *tree {
	if depth == 0 {
		return new(tree)
	}
	return &tree{grow(depth - 1), grow(depth - 1)}
}

func (t *tree) count() int {
	if t == nil {
		return 0
	}
	return 1 + t.left.count() + t.right.count()
}

// deep needs a stack of many megabytes.
func deep(n int) int {
	var room [1024]byte
	room[n%len(room)] = 1
	if n == 0 {
		return 0
	}
	return deep(n-1) + int(room[n%len(room)])
}

func recovers() (ok bool) {
	defer func() { ok = recover() != nil }()
	var t *tree
	t.left = t
	return false
}

//go:noinline
func (t *tree) fall() { panic("the end") }

func main() {
	const depth = 12
	results := make(chan int)
	for range 20 {
		go func() {
			t := grow(depth)
			runtime.GC()
			results <- t.count() + deep(10_000)
		}()
	}
	sum := 0
	for range 20 {
		sum += <-results
	}
	if sum == 20*(1<<(depth+1)-1+10_000) && recovers() {
		println("alive")
	}
	grow(1).fall()
}
