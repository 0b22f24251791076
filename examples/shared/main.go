// This example shows how to:
//
//  1. write the client of a plugin once, in package roster, for both faces
//  2. use it in a program that builds for the terminal and for a page
//  3. give the page TypeScript types for what it gets
//
// Whoever runs it joins a room and sees who else is there. Without a URL it starts
// a gateway of its own, and says where, for others to join:
//
//	go run ./examples/shared ws://127.0.0.1:8188/ 1234 Ann
//
// And in a page, which then asks for the same three things:
//
//	GOOS=js GOARCH=wasm go build -o examples/shared/web/main.wasm ./examples/shared
//	cp "$(go env GOROOT)/lib/wasm/wasm_exec.js" examples/shared/web
//	python3 -m http.server -d examples/shared/web
package main

import (
	"context"
	"errors"
	"os"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/examples/internal/place"
	"github.com/bifrons-rtc/bifrons/examples/shared/roster"
)

func main() {
	if err := run(os.Args[1:]); err != nil { // a page has arguments, too
		fail(err.Error())
	}
}

func run(args []string) error {
	gw, err := place.Find(args)
	if err != nil {
		return err
	}
	defer gw.Close()
	if len(gw.Args) != 2 {
		return errors.New("usage: shared [URL] ROOM NAME")
	}
	return watch(context.Background(), gw.URL, client.ParseID(gw.Args[0]), gw.Args[1], show)
}

// watch joins a room, which it makes if there is none, and shows who is there,
// again whenever that changes.
func watch(ctx context.Context, url string, id client.ID, name string, show func(*roster.Room)) error {
	c, err := client.Dial(ctx, url, nil)
	if err != nil {
		return err
	}
	defer c.Close() //nolint:errcheck // always nil
	s, err := c.NewSession(ctx)
	if err != nil {
		return err
	}
	h, err := roster.Attach(ctx, s)
	if err != nil {
		return err
	}
	if err := h.Create(ctx, id); err != nil {
		return err
	}
	room, err := h.Join(ctx, id, name)
	if err != nil {
		return err
	}
	show(room)
	for ev, err := range h.Events(ctx) {
		if err != nil {
			return err
		}
		if room.Update(ev) {
			show(room)
		}
	}
	return nil // not reached: the stream ends with an error
}
