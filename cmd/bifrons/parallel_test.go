//go:build !js

package main

import (
	"context"
	"encoding/json"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// patience is for what takes a second when nothing else runs.
const patience = 60 * time.Second

// going is a run beside the test.
type going struct {
	*run
	cancel context.CancelFunc // Ctrl-C
	ended  chan int           // gets the exit code
	typing *io.PipeWriter     // standard input
	news   *news
	args   []string
}

// start runs the command beside the test, which has to wait for its end.
func start(t *testing.T, args ...string) *going {
	t.Helper()
	g := newGoing(t, args...)
	g.begin(t)
	return g
}

// newGoing returns a run that has not begun.
func newGoing(t *testing.T, args ...string) *going {
	t.Helper()
	r := newRun(t, nil)
	n := &news{came: make(chan struct{}, 1)}
	in, typing := io.Pipe()
	r.app.stdin = in
	r.app.stdout, r.app.stderr = n.also(&r.stdout), n.also(&r.stderr)
	return &going{run: r, ended: make(chan int, 1), typing: typing, news: n, args: args}
}

func (g *going) begin(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	g.cancel = cancel
	// It ends with the command, which wait waits for.
	go func() { g.ended <- g.app.run(ctx, append([]string{"bifrons"}, g.args...)) }()
	t.Cleanup(func() { cancel(); _ = g.typing.Close() })
}

// until waits for text on standard output or standard error.
func (g *going) until(t *testing.T, text string) {
	t.Helper()
	limit := time.After(patience)
	for !strings.Contains(g.said(), text) {
		select {
		case <-g.news.came:
		case code := <-g.ended:
			g.ended <- code
			require.Contains(t, g.said(), text, "%v ended with %d", g.args, code)
			return
		case <-limit:
			require.Contains(t, g.said(), text, "%v", g.args)
		}
	}
}

func (g *going) said() string { return g.stdout.String() + g.stderr.String() }

// wait waits for the exit code.
func (g *going) wait(t *testing.T, code int) {
	t.Helper()
	select {
	case got := <-g.ended:
		require.Equal(t, code, got, "%v\n%s", g.args, g.said())
	case <-time.After(patience):
		require.Fail(t, "it does not end", "%v\n%s", g.args, g.said())
	}
}

// stop is Ctrl-C.
func (g *going) stop(t *testing.T, code int) {
	t.Helper()
	g.cancel()
	g.wait(t, code)
}

// types is what somebody at the keyboard does.
func (g *going) types(t *testing.T, lines ...string) {
	t.Helper()
	for _, line := range lines {
		_, err := io.WriteString(g.typing, line+"\n")
		require.NoError(t, err)
	}
}

// last returns the last object of an event on standard output.
func (g *going) last(t *testing.T, event string) map[string]any {
	t.Helper()
	all := g.events(t, event)
	require.NotEmpty(t, all, event)
	return all[len(all)-1]
}

// events returns the objects of an event.
func (g *going) events(t *testing.T, event string) (found []map[string]any) {
	t.Helper()
	for _, o := range g.objects(t) {
		if o["event"] == event {
			found = append(found, o)
		}
	}
	return found
}

// news wakes who waits for something to be written.
type news struct{ came chan struct{} }

func (n *news) also(w io.Writer) io.Writer {
	return writeFunc(func(p []byte) (int, error) {
		k, err := w.Write(p)
		select {
		case n.came <- struct{}{}:
		default:
		}
		return k, err
	})
}

// probed is what ffprobe says of a stream: it decodes all of it.
type probed struct {
	codec         string
	frames, width int
}

// probe has ffprobe decode a file.
func probe(t *testing.T, file string) (streams map[string]probed, seconds float64) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "ffprobe", "-v", "error", "-count_frames", "-of", "json",
		"-show_entries", "stream=codec_type,codec_name,width,nb_read_frames:format=duration", file)
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	require.NoError(t, err, complaints.String())
	require.Empty(t, complaints.String())
	var found struct {
		Streams []struct {
			Kind   string `json:"codec_type"`
			Codec  string `json:"codec_name"`
			Width  int    `json:"width"`
			Frames string `json:"nb_read_frames"`
		} `json:"streams"`
		Format struct {
			Duration string `json:"duration"`
		} `json:"format"`
	}
	require.NoError(t, json.Unmarshal(out, &found))
	streams = make(map[string]probed)
	for _, s := range found.Streams {
		n, err := strconv.Atoi(s.Frames)
		require.NoError(t, err, "%s: %s", file, out)
		streams[s.Kind] = probed{s.Codec, n, s.Width}
	}
	seconds, err = strconv.ParseFloat(found.Format.Duration, 64)
	require.NoError(t, err)
	return streams, seconds
}

var rooms struct {
	mu   sync.Mutex // protects last
	last int
}

// makeRoom makes a video room nobody else uses, by the command.
func makeRoom(t *testing.T, url string, flags ...string) string {
	t.Helper()
	rooms.mu.Lock()
	rooms.last++
	id := strconv.Itoa(500_000 + rooms.last)
	rooms.mu.Unlock()
	r := newRun(t, nil)
	r.do(t, t.Context(), exitOK, append([]string{"room", "create", "--room", id, url}, flags...)...)
	return id
}
