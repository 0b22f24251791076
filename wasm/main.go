//go:build js

package main

import (
	"os"
	"syscall/js"

	"github.com/bifrons-rtc/bifrons/internal/jsx"
)

// version is what both halves have to agree on: web/src/start.ts has the same
// number. It changes with the operations.
const version = 1

// families is everything a page can ask for, by what it asks for it of.
var families = map[string]family{
	"adapt":      adaptCall,
	"client":     clientCall,
	"session":    sessionCall,
	"handle":     handleCall,
	"peer":       peerCall,
	"sender":     senderCall,
	"track":      trackCall,
	"channel":    channelCall,
	"source":     sourceCall,
	"sink":       sinkCall,
	"element":    elementCall,
	"echotest":   echotestCall,
	"textroom":   textroomCall,
	"videocall":  videocallCall,
	"videoroom":  videoroomCall,
	"publisher":  publisherCall,
	"subscriber": subscriberCall,
	"room":       roomCall,
	"usage":      usageCall,
}

// main hands the dispatcher to the function whose name is the program's argument,
// and stays.
func main() {
	if len(os.Args) != 2 {
		return // the page tells its user that this is another program
	}
	p := new(program)
	var scope jsx.Scope
	js.Global().Call(os.Args[1], scope.Func(p.dispatch), version)
	select {}
}
