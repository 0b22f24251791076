//go:build !js

package main

import (
	"errors"
	"fmt"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// fixed is an error with what to do about it.
type fixed struct {
	err error
	fix string
}

func (e *fixed) Error() string { return e.err.Error() + " (" + e.fix + ")" }
func (e *fixed) Unwrap() error { return e.err }

// refusal is a code of a plugin and what to do about it.
type refusal struct {
	code client.PluginCode
	fix  string
}

// withFix adds to err what to do about it, if that is known.
func withFix(err error, known ...refusal) error {
	for _, r := range known {
		if errors.Is(err, r.code) {
			return &fixed{err, r.fix}
		}
	}
	return err
}

// joinFix is for entering a room and sending there.
func joinFix(err error, room client.ID) error {
	return withFix(err,
		refusal{videoroom.ErrNoSuchRoom, noRoomFix(room)},
		refusal{videoroom.ErrUnauthorized, roomPIN.fix() + "; a room for some people only wants --" + roomToken.flag + " too"},
		refusal{videoroom.ErrMissingElement, roomPIN.fix()},
		refusal{videoroom.ErrInvalidElement, idFix},
		refusal{videoroom.ErrPublishersFull, "wait until somebody stops sending, or make a room with more --publishers; bifrons room join and record need no place"},
	)
}

func noRoomFix(room client.ID) string {
	return fmt.Sprintf("bifrons room list shows the rooms there are; bifrons room create --room %s makes this one", room)
}

const idFix = `an id is a number, or a word where the gateway has string_ids, one like "1234" with its quotes`
