package media

import "syscall/js"

// transformAll asks the hook for what the other side brought about.
func (e *engine) transformAll() error {
	if e.hook == nil {
		return nil
	}
	var err error
	for _, t := range items(e.pc.Call("getTransceivers")) {
		err = e.transform(t)
	}
	return err
}

// transform asks the hook for both ends of a transceiver. It has to run in the
// task that made the transceiver: Chromium 156 takes a later transform and lets
// frames pass beside it. So no goroutine may wait in between.
//
// The error of a transform the browser refuses stays: nothing is negotiated any
// more, rather than sent in clear.
func (e *engine) transform(transceiver js.Value) error {
	if e.hook == nil {
		return nil
	}
	receiver := transceiver.Get("receiver")
	target := TransformTarget{Kind: kindOf(receiver.Get("track")), MID: text(transceiver.Get("mid"))}
	e.ask(receiver, target)
	target.Sent = true
	e.ask(transceiver.Get("sender"), target)
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.refusal
}

// ask gives a sender or a receiver what the hook returns for it, once.
func (e *engine) ask(end js.Value, target TransformTarget) {
	if e.asked.Call("has", end).Bool() {
		return
	}
	e.asked.Call("add", end)
	t, ok := e.hook(target).(js.Value)
	if !ok || t.IsNull() || t.IsUndefined() {
		return
	}
	// A setter that throws would end the program if it were not called.
	if _, err := call(js.Global().Get("Reflect"), "set", end, "transform", t); err != nil {
		e.mu.Lock()
		e.refusal = &OptionError{"Transform", "want a fresh RTCRtpScriptTransform for each call: " + err.Error()}
		e.mu.Unlock()
		return
	}
	e.transformed.Store(true)
}

func (e *engine) transforms() bool { return e.transformed.Load() }
