//go:build !js

package main

import "bytes"

// names are those of the functions, each with a zero behind it. The first one is
// empty.
type names struct {
	b        []byte
	keep     []bool
	packages map[string]uint32 // where the name that all functions of one have begins
}

// named are the packages whose functions keep a name, that of the package: those of
// the program, for its tracebacks, and the runtime, which tells its own goroutines
// by it.
var named = [][]byte{[]byte("runtime."), []byte("main."), []byte("github.com/")}

// use returns the offset of the name that a function has from now on, for the
// offset of the one it had.
func (n *names) use(offset uint32) (uint32, error) {
	if uint64(offset) >= uint64(len(n.b)) {
		return 0, errLayout
	}
	name, _, whole := bytes.Cut(n.b[offset:], []byte{0})
	if !whole {
		return 0, errLayout
	}
	for _, prefix := range named {
		if bytes.HasPrefix(name, prefix) {
			return n.packageName(offset, name), nil
		}
	}
	return 0, nil
}

// packageName keeps the name of a package, with the dot, and nothing else: plugins.
// of github.com/x/plugins.(*T).M.
func (n *names) packageName(offset uint32, name []byte) uint32 {
	path := name
	if i := bytes.IndexAny(name, "([{"); i >= 0 { // behind these are other paths
		path = name[:i]
	}
	start := bytes.LastIndexByte(path, '/') + 1
	end := start + bytes.IndexByte(path[start:], '.') + 1
	short := string(path[start:end])
	if at, ok := n.packages[short]; ok {
		return at
	}
	if n.packages == nil {
		n.packages = map[string]uint32{}
	}
	at := offset + uint32(start)
	n.packages[short] = at
	for i := start; i < end; i++ {
		n.keep[int(offset)+i] = true
	}
	return at
}

// clear removes what is not kept.
func (n *names) clear() {
	for i, keep := range n.keep {
		if !keep {
			n.b[i] = 0
		}
	}
}
