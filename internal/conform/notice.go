package conform

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"
)

// notice is what a gateway may say.
type notice struct {
	Janus       string `json:"janus"`
	Transaction string `json:"transaction"`
	Sender      uint64 `json:"sender"`
	Reason      string `json:"reason"`
	Data        struct {
		ID uint64 `json:"id"`
	} `json:"data"`
	Error struct {
		Code int `json:"code"`
	} `json:"error"`
	PluginData *struct {
		Data json.RawMessage `json:"data"`
	} `json:"plugindata"`
	JSEP *description `json:"jsep"`
}

// receive takes what comes next; false if nothing comes in time.
func (s *stage) receive(wait time.Duration) bool {
	s.t.Helper()
	m, ok := s.read(wait)
	if ok {
		s.take(m)
	}
	return ok
}

func (s *stage) read(wait time.Duration) (notice, bool) {
	s.t.Helper()
	var m notice
	select {
	case b, ok := <-s.wire.in:
		if !ok {
			s.t.Fatal("the connection is closed")
		}
		if err := json.Unmarshal(b, &m); err != nil {
			s.t.Fatalf("%v: %s", err, b)
		}
		return m, true
	case <-time.After(wait):
		return m, false
	}
}

// take sorts a message.
func (s *stage) take(m notice) {
	mine := m.Transaction == s.now
	var said string
	if m.PluginData != nil {
		said = normal(m.PluginData.Data) + m.JSEP.String()
	}
	switch {
	case m.Janus == "ack":
		s.acked = s.acked || mine
	case m.Janus == "error" && mine:
		s.answer = "error " + strconv.Itoa(m.Error.Code)
	case m.Janus == "success" && mine && m.PluginData == nil:
		s.answer = "success"
	case m.Janus == "success" && mine:
		s.answer = "sync " + said
	}
	for name, a := range s.cast {
		if a.id != m.Sender {
			continue
		}
		if m.JSEP != nil && m.JSEP.Type == "offer" {
			a.offer = m.JSEP.SDP
		}
		switch {
		case m.Janus == "event" && mine && s.answer == "":
			s.answer = "async " + said
		case m.Janus == "event" && m.Transaction != "":
			s.events = append(s.events, event{name, "again " + said})
		case m.Janus == "event":
			s.events = append(s.events, event{name, said})
		case m.Janus == "hangup" || m.Janus == "detached" || m.Janus == "webrtcup":
			s.events = append(s.events, event{name, strings.TrimSpace(m.Janus + " " + m.Reason)})
		}
		return
	}
	if m.Janus == "event" && mine && s.answer == "" {
		s.answer = "async " + said // of the fence
	}
}
