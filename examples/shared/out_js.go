package main

import (
	"encoding/json"
	"os"
	"syscall/js" //nolint:depguard // programs for a page bind what they need of it

	"github.com/bifrons-rtc/bifrons/examples/shared/roster"
)

// show hands who is in the room to web/page.js.
func show(room *roster.Room) {
	b, err := json.Marshal(room)
	if err != nil {
		fail(err.Error())
	}
	js.Global().Get("roster").Call("show", string(b))
}

// fail ends the program, and says why in the page.
func fail(reason string) {
	js.Global().Get("roster").Call("fail", reason)
	os.Exit(1)
}
