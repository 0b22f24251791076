package page

import (
	"encoding/json"
	"net/url"
	"strconv"
	"testing"
)

// Guest is somebody native beside the page, in a room or a call of the same
// gateway. It sends test pictures of 320x240 and beeps.
type Guest struct{ url string }

// GuestOptions says who comes where.
type GuestOptions struct {
	Plugin string // the whole name, of VideoRoom, VideoCall or TextRoom
	URL    string // of the gateway
	Room   uint64 // of VideoRoom and TextRoom
	Name   string // display name, or the one to call
}

// NewGuest brings somebody, who leaves with the test at the latest. In a video
// room it publishes and receives everybody; a call to it is accepted.
func NewGuest(t testing.TB, o GuestOptions) *Guest {
	t.Helper()
	b, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	control := Env(t, "BIFRONS_PEER_CONTROL") + "/guest"
	var number string
	if err := json.Unmarshal([]byte(must(t, "POST", control, string(b))), &number); err != nil {
		t.Fatal(err)
	}
	g := &Guest{control + "?guest=" + number}
	t.Cleanup(func() { g.do(t, "leave", "", nil) })
	return g
}

// do has the guest do something and stores the answer, if it is asked for.
func (g *Guest) do(t testing.TB, what, arg string, answer any) {
	t.Helper()
	text := must(t, "POST", g.url+"&what="+what+"&arg="+url.QueryEscape(arg), "")
	if answer == nil {
		return
	}
	if err := json.Unmarshal([]byte(text), answer); err != nil {
		t.Fatal(err)
	}
}

// Self returns the guest's id in a video room.
func (g *Guest) Self(t testing.TB) (id uint64) {
	t.Helper()
	g.do(t, "self", "", &id)
	return id
}

// Sees waits until the guest has a recording of a feed, or of the other side of
// its call when who is empty: pictures of this size that are not flat and not
// always the same, and a sound. ffmpeg has decoded it.
func (g *Guest) Sees(t testing.TB, who string, width, height int) {
	t.Helper()
	var got struct {
		Width, Height, Pictures    int
		Contrast, Motion, Loudness float64
	}
	g.do(t, "received", who, &got)
	t.Logf("the guest got %+v", got)
	switch {
	case got.Width != width || got.Height != height:
		t.Fatalf("the guest sees %dx%d, not %dx%d", got.Width, got.Height, width, height)
	case got.Contrast < 0.05:
		t.Fatalf("the guest sees one colour: contrast %.3f", got.Contrast)
	case got.Motion < 0.0005:
		t.Fatalf("the guest sees a picture that stands: motion %.5f", got.Motion)
	case got.Loudness < 0.01:
		t.Fatalf("the guest hears nothing: loudness %.4f", got.Loudness)
	}
}

// Call has the guest call somebody, and returns when that is on its way.
func (g *Guest) Call(t testing.TB, name string) {
	t.Helper()
	g.do(t, "call", name, nil)
}

// Renegotiate has the guest make so many offers in its call, each after the answer
// to the last, and returns after the last answer.
func (g *Guest) Renegotiate(t testing.TB, times int) {
	t.Helper()
	g.do(t, "renegotiate", strconv.Itoa(times), nil)
}

// HangUp has the guest end its call.
func (g *Guest) HangUp(t testing.TB, reason string) {
	t.Helper()
	g.do(t, "hangup", reason, nil)
}

// Say has the guest write into its text room.
func (g *Guest) Say(t testing.TB, text string) {
	t.Helper()
	g.do(t, "say", text, nil)
}

// Heard waits until somebody else has written something into its text room.
func (g *Guest) Heard(t testing.TB, text string) {
	t.Helper()
	g.do(t, "heard", text, nil)
}
