// This example shows how to:
//
//  1. write a typed client of a plugin Bifrons does not know
//  2. give the plugin's events types of their own
//  3. match the plugin's error codes with errors.Is
//
// The plugin is made up: janus.plugin.dice rolls a die on request, and tells
// everybody who rolled the highest number. The test beside this file plays it.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"

	"github.com/bifrons-rtc/bifrons/client"
)

// Plugin is the plugin's package name on the gateway.
const Plugin = "janus.plugin.dice"

// ErrNoSuchDie is matched when no die has so many sides.
var ErrNoSuchDie error = client.PluginCode{Plugin: Plugin, Code: 421}

// Jackpot says that somebody rolled the highest number. Embedding EventBase is
// what makes it an event.
type Jackpot struct {
	client.EventBase `json:"-"`

	Player string `json:"player"`
	Value  int    `json:"value"`
}

// decode gives an event its type. Nil leaves it a *client.PluginEvent, so that
// nothing a later version of the plugin sends is lost.
func decode(ev *client.PluginEvent) client.Event {
	var data struct {
		Dice string `json:"dice"`
		Jackpot
	}
	if json.Unmarshal(ev.Data, &data) != nil || data.Dice != "jackpot" {
		return nil
	}
	jackpot := &data.Jackpot
	jackpot.EventBase, jackpot.Kind = ev.EventBase, "dice.jackpot"
	return jackpot
}

// Handle is an attachment to the plugin, with all that a handle has.
type Handle struct{ *client.Handle }

// Attach creates a handle on s.
func Attach(ctx context.Context, s *client.Session) (*Handle, error) {
	h, err := s.Attach(ctx, Plugin, &client.AttachOptions{Decode: decode})
	if err != nil {
		return nil, err
	}
	return &Handle{h}, nil
}

// Roll rolls a die. The error matches ErrNoSuchDie if there is none like it.
func (h *Handle) Roll(ctx context.Context, sides int) (value int, err error) {
	resp, err := h.Request(ctx, map[string]any{"request": "roll", "sides": sides}, nil)
	if err != nil {
		return 0, fmt.Errorf("roll: %w", err)
	}
	err = json.Unmarshal(resp.Data, &struct{ Value *int }{&value})
	return value, err
}

func main() {
	ctx := context.Background()
	c, err := client.Dial(ctx, "ws://127.0.0.1:8188/", nil)
	check(err)
	s, err := c.NewSession(ctx)
	check(err)
	h, err := Attach(ctx, s)
	check(err)
	value, err := h.Roll(ctx, 6)
	if errors.Is(err, ErrNoSuchDie) {
		log.Fatal("buy another die: ", err)
	}
	check(err)
	log.Println("rolled", value)
	for ev, err := range h.Events(ctx) {
		check(err)
		if jackpot, ok := ev.(*Jackpot); ok {
			log.Println(jackpot.Player, "rolled", jackpot.Value)
		}
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
