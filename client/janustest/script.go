package janustest

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"sync"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
)

// Script is a [Plugin] that answers by a list. For each message the first step
// counts that fits and is not used up; a message that none fits gets the core's
// error 462, which names it.
//
//	gw.Handle("janus.plugin.videoroom", janustest.NewScript(
//		janustest.Step{On: "join", Event: `{"videoroom":"joined","room":1,"id":7}`},
//		janustest.Step{On: "leave", Event: `{"videoroom":"event","leaving":"ok"}`},
//	))
type Script struct {
	mu    sync.Mutex // guards left
	steps []Step
	left  []int // how often each step may still be used; negative: for ever
}

var _ Plugin = (*Script)(nil)

// Step is what happens on one kind of request. Data is anything that encodes to
// a JSON object; a string is JSON itself.
type Step struct {
	// On is the "request" of the message. Empty: any, and none.
	On string
	// Times is how often the step can be used. Zero: always.
	Times int

	// Answer is sent in a success, at once.
	Answer any
	// Event is sent in an event, behind an ack. It goes before Answer.
	Event any
	// JSEP goes with Event. Where there is none, an offer of the client's gets an
	// answer that is well formed and made up.
	JSEP *client.JSEP
	// Fail answers with an error, as the error of a [Plugin] does, and goes
	// before both; with an Answer it is synchronous. With none of the three there
	// is an ack alone.
	Fail error

	// Then are events that follow the answer, in order.
	Then []any
	// Wait is how long before the first of them.
	Wait time.Duration
}

// NewScript returns the plugin.
func NewScript(steps ...Step) *Script {
	s := &Script{steps: steps, left: make([]int, len(steps))}
	for i, step := range steps {
		if s.left[i] = step.Times; step.Times <= 0 {
			s.left[i] = -1
		}
	}
	return s
}

// Message implements [Plugin].
func (s *Script) Message(_ context.Context, m *Message) (*Answer, error) {
	var body struct {
		Request string `json:"request"`
	}
	_ = json.Unmarshal(m.Body, &body) // what is no string is none
	step := s.take(body.Request)
	if step == nil {
		return nil, errors.New("janustest: the script has no step for request " + strconv.Quote(body.Request))
	}
	a := &Answer{Data: object{}, Async: step.Answer == nil}
	switch {
	case step.Fail != nil:
		a.then = step.follow(m)
		return a, step.Fail
	case step.Event != nil:
		a.Async, a.Data, a.JSEP = true, literal(step.Event), step.JSEP
		if a.JSEP == nil && m.JSEP != nil && m.JSEP.Type == "offer" {
			a.JSEP = &client.JSEP{Type: "answer", SDP: answerSDP(parseSDP(m.JSEP.SDP), newICE(), "", "")}
		}
	case step.Answer != nil:
		a.Data = literal(step.Answer)
	default:
		a.ackOnly = true
	}
	a.then = step.follow(m)
	return a, nil
}

// take returns the step for a request, which is used once more.
func (s *Script) take(request string) *Step {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.steps {
		step := &s.steps[i]
		if s.left[i] == 0 || step.On != "" && step.On != request {
			continue
		}
		if s.left[i] > 0 {
			s.left[i]--
		}
		return step
	}
	return nil
}

// follow returns what sends the events that follow the answer to m.
func (step *Step) follow(m *Message) func() {
	if len(step.Then) == 0 {
		return nil
	}
	send := func() {
		for _, data := range step.Then {
			if m.Event(literal(data), nil) != nil {
				return // the handle is gone
			}
		}
	}
	if step.Wait <= 0 {
		return send
	}
	return func() { m.srv.later(step.Wait, send) }
}

// later calls f when d is over, unless the server is closed by then.
func (s *Server) later(d time.Duration, f func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	// It owns one call, ends with it or with the server; Close waits for it.
	s.wg.Go(func() {
		if pause(s.ctx, d) == nil {
			f()
		}
	})
}

// literal takes a string for JSON.
func literal(data any) any {
	if text, ok := data.(string); ok {
		return json.RawMessage(text)
	}
	return data
}
