//go:build !js

package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

// typed does what a line of the user says.
func (t *talk) typed(ctx context.Context, line string) error {
	command, rest, _ := strings.Cut(line, " ")
	switch {
	case strings.TrimSpace(line) == "":
		return nil
	case strings.HasPrefix(line, "//"):
		return t.say(ctx, textroom.MessageRequest{Text: line[1:]})
	case !strings.HasPrefix(line, "/"):
		return t.say(ctx, textroom.MessageRequest{Text: line})
	}
	switch command {
	case "/quit":
		return errQuit
	case "/who":
		there, err := t.conn.Participants(ctx, t.req.Room)
		if err != nil {
			return t.refused(err)
		}
		return t.who(there)
	case "/to":
		to, text := addressee(rest)
		if to == "" || text == "" {
			return t.notice("write it as /to NAME TEXT")
		}
		return t.say(ctx, textroom.MessageRequest{To: to, Text: text})
	}
	return t.notice("there is no " + command + ": there are /to NAME TEXT, /who and /quit, and //TEXT says /TEXT")
}

// addressee takes the name off "NAME TEXT"; one with spaces is in quotes.
func addressee(s string) (name, text string) {
	s = strings.TrimLeft(s, " ")
	if quoted, ok := strings.CutPrefix(s, `"`); ok {
		name, text, _ = strings.Cut(quoted, `"`)
	} else {
		name, text, _ = strings.Cut(s, " ")
	}
	return name, strings.TrimSpace(text)
}

// say sends a message. That it is refused, or cannot go now, is no reason to end.
func (t *talk) say(ctx context.Context, req textroom.MessageRequest) error {
	req.Room = t.req.Room
	sent, err := t.conn.Message(ctx, req)
	if err == nil {
		err = t.missing(sent.To)
	}
	if err != nil {
		return t.refused(err)
	}
	return nil
}

// refused tells the user, unless the program ends.
func (t *talk) refused(err error) error {
	if errors.Is(err, context.Canceled) {
		return err
	}
	return t.notice("that did not work: " + t.fix(err).Error())
}

// entered says where we are and who is there.
func (t *talk) entered(others []textroom.Participant) error {
	t.app.say(oneLine(fmt.Sprintf("in room %s as %s; /quit leaves, /who and /to NAME TEXT", t.req.Room, t.req.Username)) + "\n")
	if !t.cmd.Bool("json") {
		return t.who(others)
	}
	return t.app.data(t.cmd, struct {
		Event  string    `json:"event"` // "joined"
		Room   client.ID `json:"room"`
		Name   string    `json:"name"`
		People []string  `json:"people"` // the others
	}{"joined", t.req.Room, t.req.Username, usernames(others)}, "")
}

func (t *talk) who(others []textroom.Participant) error {
	list, here := usernames(others), "nobody"
	if len(list) > 0 {
		here = strings.Join(list, ", ")
	}
	return t.app.data(t.cmd, struct {
		Event  string   `json:"event"` // "people"
		People []string `json:"people"`
	}{"people", list}, oneLine("* here: "+here))
}

func usernames(list []textroom.Participant) []string {
	names := []string{}
	for _, p := range list {
		names = append(names, p.Username)
	}
	return names
}

// said prints a message. One's own is on the terminal already, where it was typed.
func (t *talk) said(m *textroom.Message) error {
	own := m.From == t.req.Username
	if own && t.inside && t.app.terminal && !t.cmd.Bool("json") {
		return nil
	}
	private := ""
	if m.Whisper {
		private = " (to you alone)"
	}
	return t.app.data(t.cmd, struct {
		Event   string    `json:"event"` // "message"
		From    string    `json:"from"`
		Date    time.Time `json:"date"`
		Text    string    `json:"text"`
		Private bool      `json:"private"`
	}{"message", m.From, m.Date, m.Text, m.Whisper}, oneLine(m.From+private+": "+m.Text))
}

func (t *talk) announced(m *textroom.Announcement) error {
	return t.app.data(t.cmd, struct {
		Event string    `json:"event"` // "announcement"
		Date  time.Time `json:"date"`
		Text  string    `json:"text"`
	}{"announcement", m.Date, m.Text}, oneLine("* announcement: "+m.Text))
}

func (t *talk) person(event, name, words string) error {
	return t.app.data(t.cmd, struct {
		Event string `json:"event"`
		Name  string `json:"name"`
	}{event, name}, oneLine("* "+name+" "+words))
}

func (t *talk) notice(text string) error {
	t.app.say(oneLine("* "+text) + "\n")
	if !t.cmd.Bool("json") {
		return nil
	}
	return t.app.data(t.cmd, struct {
		Event string `json:"event"` // "notice"
		Text  string `json:"text"`
	}{"notice", text}, "")
}
