//go:build !js

package janusproc_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/janusproc/janustesting"
)

// info is the part of an info answer the tests look at.
type info struct {
	Name        string `json:"server-name"`
	Data        bool   `json:"data_channels"`
	Secret      bool   `json:"api_secret"`
	Token       bool   `json:"auth_token"`
	FullTrickle bool   `json:"full-trickle"`
	Session     int    `json:"session-timeout"`
	Reclaim     int    `json:"reclaim-session-timeout"`
	Candidates  int    `json:"candidates-timeout"`
	Loops       int    `json:"static-event-loops"`
	Plugins     map[string]json.RawMessage
	Transports  map[string]json.RawMessage
}

// get asks the server at a base URL for info.
func get(t *testing.T, base string) (info, error) {
	t.Helper()
	var i info
	answer, err := call(t, "GET", base+"/info", "")
	if err == nil {
		err = json.Unmarshal([]byte(answer), &i)
	}
	return i, err
}

// call makes one HTTP request on a connection of its own.
func call(t *testing.T, method, url, body string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	require.NoError(t, err)
	req.Close = true
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	answer, err := io.ReadAll(resp.Body)
	return string(answer), err
}

// gone says whether no process with the id runs; one that nobody has waited
// for yet does not run.
func gone(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err != nil || strings.Contains(string(stat), ") Z ")
}

func TestJanusStart(t *testing.T) {
	var s *janusproc.Server
	took := time.Hour
	for range 5 { // the best one counts: the machine may have other things to do
		began := time.Now()
		s = janustesting.New(t, nil)
		took = min(took, time.Since(began))
	}
	t.Logf("started in %v", took)
	require.Less(t, took, time.Second)

	i, err := get(t, s.HTTP())
	require.NoError(t, err)
	require.Equal(t, s.Name(), i.Name)
	require.True(t, i.Data)
	require.False(t, i.Secret)
	require.False(t, i.Token)
	require.Equal(t, 60, i.Session)
	require.Len(t, i.Transports, 3)
	for _, p := range []string{"echotest", "videoroom", "videocall", "audiobridge", "streaming", "textroom",
		"recordplay", "voicemail", "sip", "nosip", "lua", "echojs"} {
		require.Contains(t, i.Plugins, "janus.plugin."+p)
	}
	require.NotContains(t, s.Log(), "[ERR]")
	require.NotContains(t, s.Log(), "[FATAL]")
}

func TestJanusAddresses(t *testing.T) {
	s := janustesting.New(t, nil)
	// That each of them answers was checked by Start; their form is checked here.
	require.Regexp(t, `^ws://127\.0\.0\.1:\d+/$`, s.WS())
	require.Regexp(t, `^ws://127\.0\.0\.1:\d+/$`, s.AdminWS())
	require.Regexp(t, `^http://127\.0\.0\.1:\d+/janus$`, s.HTTP())
	require.Regexp(t, `^http://127\.0\.0\.1:\d+/admin$`, s.AdminHTTP())
	for _, u := range []string{s.Unix(), s.AdminUnix()} {
		path, ok := strings.CutPrefix(u, "unix://")
		require.True(t, ok)
		require.Less(t, len(path), 108)
		stat, err := os.Stat(path)
		require.NoError(t, err)
		require.Equal(t, os.ModeSocket, stat.Mode().Type())
	}
	require.NotEqual(t, s.WS(), s.AdminWS())
	answer, err := call(t, "POST", s.AdminHTTP(),
		fmt.Sprintf(`{"janus":"get_status","transaction":"a","admin_secret":%q}`, s.AdminSecret()))
	require.NoError(t, err)
	require.Contains(t, answer, `"success"`)
	answer, err = call(t, "POST", s.AdminHTTP(), `{"janus":"get_status","transaction":"a","admin_secret":"guess"}`)
	require.NoError(t, err)
	require.Contains(t, answer, "403")
}

func TestJanusOptions(t *testing.T) {
	output := new(strings.Builder)
	s := janustesting.New(t, &janusproc.Options{
		APISecret: `with "quotes" and \`, AdminSecret: "über", TokenAuth: true, TokenSecret: "signs",
		StringIDs: true, FullTrickle: true, SessionTimeout: 8 * time.Second, ReclaimTimeout: 5 * time.Second,
		CandidatesTimeout: 7 * time.Second, NoMediaTimer: -1, SlowLinkThreshold: 3, EventLoops: 2,
		DisablePlugins: []string{"janus.plugin.sip", "voicemail"},
		Append:         map[string]string{"janus.plugin.videoroom.jcfg": `room-1: { description = "one" }`},
		Output:         output,
	})
	i, err := get(t, s.HTTP())
	require.NoError(t, err)
	require.True(t, i.Secret)
	require.True(t, i.Token)
	require.True(t, i.FullTrickle)
	require.Equal(t, 8, i.Session)
	require.Equal(t, 5, i.Reclaim)
	require.Equal(t, 7, i.Candidates)
	require.Equal(t, 2, i.Loops)
	require.NotContains(t, i.Plugins, "janus.plugin.sip")
	require.NotContains(t, i.Plugins, "janus.plugin.voicemail")

	// The secrets are the ones asked for, and they are enforced.
	create := func(secret string) string {
		body, err := json.Marshal(map[string]string{"janus": "create", "transaction": "c", "apisecret": secret})
		require.NoError(t, err)
		answer, err := call(t, "POST", s.HTTP(), string(body))
		require.NoError(t, err)
		return answer
	}
	require.Contains(t, create(`with "quotes" and \`), "success")
	require.Contains(t, create("wrong"), "403")
	answer, err := call(t, "POST", s.AdminHTTP(),
		`{"janus":"message_plugin","transaction":"m","admin_secret":"über","plugin":"janus.plugin.videoroom",`+
			`"request":{"request":"exists","room":"1"}}`)
	require.NoError(t, err)
	require.NotContains(t, answer, "403")
	s.Stop() // ends the goroutine that writes output
	require.Contains(t, output.String(), "Janus")
}

func TestJanusStop(t *testing.T) {
	s := janustesting.New(t, nil)
	dir, pid := s.Dir(), s.PID()
	require.DirExists(t, dir)
	s.Stop()
	require.True(t, gone(pid))
	require.NoDirExists(t, dir)
	select {
	case <-s.Done():
	default:
		t.Error("Done is open after Stop")
	}
	require.Contains(t, s.Log(), "Bye!", "it was asked, not killed")
	s.Stop()
	s.Kill()
	require.ErrorIs(t, s.Restart(t.Context()), janusproc.ErrStopped)
	require.ErrorIs(t, s.Pause(), janusproc.ErrNotRunning)
}

func TestJanusRestart(t *testing.T) {
	s := janustesting.New(t, nil)
	base, pid := s.HTTP(), s.PID()
	require.NoError(t, s.Restart(t.Context()))
	require.True(t, gone(pid))
	require.NotEqual(t, pid, s.PID())
	require.Equal(t, base, s.HTTP())

	// Again after a crash, which leaves the Unix sockets behind.
	pid = s.PID()
	s.Kill()
	require.True(t, gone(pid))
	_, err := get(t, base)
	require.Error(t, err)
	require.NoError(t, s.Restart(t.Context()))
	i, err := get(t, base)
	require.NoError(t, err)
	require.Equal(t, s.Name(), i.Name)
}

func TestJanusCrashed(t *testing.T) {
	s := janustesting.New(t, nil)
	require.NoError(t, s.Crashed())
	process, err := os.FindProcess(s.PID())
	require.NoError(t, err)
	require.NoError(t, process.Signal(os.Kill))
	<-s.Done()
	require.ErrorContains(t, s.Crashed(), "killed")

	require.NoError(t, s.Restart(t.Context()))
	require.NoError(t, s.Crashed())
	s.Kill()
	require.NoError(t, s.Crashed())
}

func TestJanusRestartWithClients(t *testing.T) {
	s := janustesting.New(t, nil)
	var clients []net.Conn
	for _, u := range []string{s.WS(), s.HTTP()} {
		conn, err := net.Dial("tcp", hostOf(t, u))
		require.NoError(t, err)
		defer func() { _ = conn.Close() }()
		clients = append(clients, conn)
	}
	require.NoError(t, s.Restart(t.Context()))
	for _, c := range clients {
		require.NoError(t, c.SetReadDeadline(time.Now().Add(time.Second)))
		_, err := c.Read(make([]byte, 1))
		require.Error(t, err)
		require.NotErrorIs(t, err, os.ErrDeadlineExceeded)
	}
}

func TestJanusPortTaken(t *testing.T) {
	s := janustesting.New(t, nil)
	s.Kill()
	thief, err := net.Listen("tcp", hostOf(t, s.WS()))
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	require.ErrorContains(t, s.Restart(ctx), "did not start")
	require.NoError(t, thief.Close())
	require.NoError(t, s.Restart(t.Context()))
}

// hostOf returns the host and port of a URL.
func hostOf(t *testing.T, rawURL string) string {
	t.Helper()
	u, err := url.Parse(rawURL)
	require.NoError(t, err)
	return u.Host
}

func TestJanusPause(t *testing.T) {
	s := janustesting.New(t, nil)
	require.NoError(t, s.Pause())
	_, err := get(t, s.HTTP())
	require.ErrorIs(t, err, context.DeadlineExceeded)
	require.NoError(t, s.Resume())
	_, err = get(t, s.HTTP())
	require.NoError(t, err)

	// A paused server can be stopped.
	require.NoError(t, s.Pause())
	began := time.Now()
	s.Stop()
	require.Less(t, time.Since(began), 1500*time.Millisecond)
	require.Contains(t, s.Log(), "Bye!")
}

func TestJanusParallel(t *testing.T) {
	janustesting.New(t, nil) // skips without Janus
	const servers = 4
	type result struct {
		server *janusproc.Server
		err    error
	}
	results := make(chan result, servers)
	began := time.Now()
	for range servers {
		go func() { // ends with its start; the loop below waits for it
			s, err := janusproc.Start(t.Context(), nil)
			results <- result{s, err}
		}()
	}
	ranges := make(map[string]bool)
	for range servers {
		r := <-results
		require.NoError(t, r.err)
		defer r.server.Stop()
		_, after, _ := strings.Cut(r.server.Log(), "ICE port range: ")
		ports, _, _ := strings.Cut(after, "\n")
		require.NotEmpty(t, ports)
		require.False(t, ranges[ports], "two servers use the ports %s", ports)
		ranges[ports] = true
	}
	t.Logf("%d servers started in %v", servers, time.Since(began))
}

func TestJanusConfigurationSlip(t *testing.T) {
	janustesting.New(t, nil) // skips without Janus
	for file, text := range map[string]string{
		"janus.jcfg":                      "oops: {",
		"janus.transport.websockets.jcfg": "oops",
		"janus.plugin.videoroom.jcfg":     `room-1: { description = `,
	} {
		t.Run(file, func(t *testing.T) {
			_, err := janusproc.Start(t.Context(), &janusproc.Options{Append: map[string]string{file: text}})
			var start *janusproc.StartError
			require.ErrorAs(t, err, &start)
			require.NotContains(t, err.Error(), "\n")
			require.NotEmpty(t, start.Log)
		})
	}
}

func TestJanusStartHonoursContext(t *testing.T) {
	janustesting.New(t, nil) // skips without Janus
	ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
	defer cancel()
	_, err := janusproc.Start(ctx, nil)
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

func TestStartNotInstalled(t *testing.T) {
	_, err := janusproc.Start(t.Context(), &janusproc.Options{Binary: "janus-that-is-not-there"})
	require.ErrorIs(t, err, janusproc.ErrNotInstalled)
	require.ErrorContains(t, err, "apt-get install janus")
}

func TestStartWrongProgram(t *testing.T) {
	_, err := janusproc.Start(t.Context(), &janusproc.Options{Binary: "false"})
	var start *janusproc.StartError
	require.ErrorAs(t, err, &start)
	require.ErrorContains(t, err, "exited")
}

func TestStartRefusesOptions(t *testing.T) {
	for name, o := range map[string]janusproc.Options{
		"fraction": {SessionTimeout: 1500 * time.Millisecond},
		"negative": {ReclaimTimeout: -1},
		"loops":    {EventLoops: -1},
		"path":     {Append: map[string]string{"../janus.jcfg": ""}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := janusproc.Start(t.Context(), &o)
			require.ErrorContains(t, err, "Options")
		})
	}
}

func TestMediaAddr(t *testing.T) {
	addr, err := janusproc.MediaAddr()
	if err != nil {
		require.ErrorIs(t, err, janusproc.ErrNoMediaAddr)
		return
	}
	require.NotRegexp(t, `^127\.`, addr)
}
