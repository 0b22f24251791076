package media

import (
	"context"
	"strings"
	"syscall/js"

	"github.com/bifrons-rtc/bifrons/internal/fmt"
)

// quickly is how long a description waits for its candidates: not at all. A
// browser has them at once but says so late, Chromium 156 after some 60 ms.
const quickly = 0

// offer makes an offer, also in the place of one nobody answered. (After a
// rollback, which could undo that one, Chromium 156 leaves tracks muted for ever.)
func (e *engine) offer(ctx context.Context, restart bool) (string, <-chan struct{}, error) {
	if err := e.transformAll(); err != nil {
		return "", nil, err
	}
	if err := e.configureNew(ctx); err != nil {
		return "", nil, err
	}
	d, err := e.do(ctx, "createOffer", map[string]any{"iceRestart": restart})
	if err != nil {
		return "", nil, err
	}
	return e.describe(ctx, d)
}

// withdraw takes back the offer that waits.
func (e *engine) withdraw(ctx context.Context) error {
	before := e.pc.Get("currentRemoteDescription")
	if before.IsNull() {
		return fmt.Errorf("%w: the first offer waits for its answer, and cannot be taken back", ErrState)
	}
	ours := e.pc.Get("currentLocalDescription")
	return e.accept(ctx, unchanged(e.rawSDP(), text(before.Get("sdp")), text(ours.Get("sdp")), true))
}

func (e *engine) answer(ctx context.Context, offer string) (string, <-chan struct{}, error) {
	if err := e.setRemote(ctx, "offer", offer); err != nil {
		return "", nil, err
	}
	if err := e.transformAll(); err != nil {
		return "", nil, err
	}
	if err := e.configureNew(ctx); err != nil {
		return "", nil, err
	}
	d, err := e.do(ctx, "createAnswer")
	if err != nil {
		return "", nil, err
	}
	sdp, gathered, err := e.describe(ctx, d)
	e.endTracks()
	return sdp, gathered, err
}

func (e *engine) accept(ctx context.Context, answer string) error {
	if err := e.setRemote(ctx, "answer", answer); err != nil {
		return err
	}
	e.endTracks()
	return e.transformAll()
}

func (e *engine) setRemote(ctx context.Context, typ, sdp string) error {
	_, err := e.do(ctx, "setRemoteDescription", map[string]any{"type": typ, "sdp": sdp})
	return err
}

// describe sets the local description. The channel it returns is closed when all
// candidates are in it.
func (e *engine) describe(ctx context.Context, d js.Value) (string, <-chan struct{}, error) {
	known := credentials(e.rawSDP())
	gathered := make(chan struct{})
	e.mu.Lock()
	e.gathered = gathered
	e.mu.Unlock()
	if _, err := e.do(ctx, "setLocalDescription", d); err != nil {
		return "", nil, err
	}
	fresh := false
	for c := range credentials(e.rawSDP()) {
		fresh = fresh || !known[c]
	}
	if !fresh {
		e.gathering() // there is nothing to gather for
	}
	return e.localSDP(), gathered, nil
}

// gathering looks whether all candidates were found.
func (e *engine) gathering() {
	if e.pc.Get("iceGatheringState").String() != "complete" {
		return
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.gathered != nil {
		close(e.gathered)
		e.gathered = nil
	}
}

// credentials returns the ICE user names of a description: a new one stands for
// a new search for candidates.
func credentials(sdp string) map[string]bool {
	found := make(map[string]bool)
	for line := range strings.SplitSeq(sdp, "\n") {
		if c, ok := strings.CutPrefix(line, "a=ice-ufrag:"); ok {
			found[c] = true
		}
	}
	return found
}

func (e *engine) rawSDP() string {
	d := e.pc.Get("localDescription")
	if d.IsNull() {
		return ""
	}
	return text(d.Get("sdp"))
}

// localSDP returns the local description, with the stream ids the caller chose:
// a page cannot name a MediaStream.
func (e *engine) localSDP() string {
	sdp := e.rawSDP()
	e.mu.Lock()
	defer e.mu.Unlock()
	for name, stream := range e.streams {
		if name != "" {
			sdp = strings.ReplaceAll(sdp, stream.Get("id").String(), name)
		}
	}
	return sdp
}

// stream returns the MediaStream that stands for a stream id.
func (e *engine) stream(name string) js.Value {
	e.mu.Lock()
	defer e.mu.Unlock()
	s, ok := e.streams[name]
	if !ok {
		s = js.Global().Get("MediaStream").New()
		e.streams[name] = s
	}
	return s
}

// endTracks ends the tracks whose m-line does not receive any more. Browsers
// keep those for another time.
func (e *engine) endTracks() {
	e.mu.Lock()
	tracks := append([]*track(nil), e.tracks...)
	e.mu.Unlock()
	for _, t := range tracks {
		switch text(t.transceiver.Get("currentDirection")) {
		case "inactive", "sendonly", "stopped":
			t.finish()
		}
	}
}
