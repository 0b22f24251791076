//go:build !js

package main

import (
	"fmt"
	"log"

	"github.com/bifrons-rtc/bifrons/examples/shared/roster"
)

// show prints who is in the room.
func show(room *roster.Room) {
	fmt.Printf("in room %s:", room.ID)
	for _, p := range room.People {
		fmt.Printf(" %s", p.Name)
	}
	fmt.Println()
}

// fail ends the program.
func fail(reason string) { log.Fatal(reason) }
