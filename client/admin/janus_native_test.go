//go:build !js

package admin

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/turntest"
)

const (
	echoTest  = "janus.plugin.echotest"
	videoRoom = "janus.plugin.videoroom"
)

// bounded is the context of a test that talks to a real server.
func bounded(t *testing.T) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	t.Cleanup(cancel)
	return ctx
}

// closed closes c at the end of the test, when no request may be left over.
func closed(t *testing.T, c *Client) *Client {
	t.Cleanup(func() {
		require.NoError(t, c.Close())
		require.Empty(t, c.pending)
	})
	return c
}

func dialURL(t *testing.T, url, secret string) *Client {
	t.Helper()
	c, err := Dial(bounded(t), url, &Options{Secret: secret})
	require.NoError(t, err)
	return closed(t, c)
}

// everyTransport runs f over each way into the admin API of one gateway.
func everyTransport(t *testing.T, srv *janusproc.Server, f func(t *testing.T, c *Client)) {
	for name, url := range map[string]string{"ws": srv.AdminWS(), "http": srv.AdminHTTP(), "unix": srv.AdminUnix()} {
		t.Run(name, func(t *testing.T) { f(t, dialURL(t, url, srv.AdminSecret())) })
	}
}

// user makes a session at the gateway of c, and a handle on the echo test.
func user(t *testing.T, srv *janusproc.Server, c *Client) (*client.Session, *client.Handle) {
	t.Helper()
	ctx := bounded(t)
	const token = "user"
	_, err := c.AddToken(ctx, token)
	require.NoError(t, err)
	user, err := client.Dial(ctx, srv.WS(), &client.Options{Credentials: client.Static(token, "")})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, user.Close()) })
	s, err := user.NewSession(ctx)
	require.NoError(t, err)
	h, err := s.Attach(ctx, echoTest, &client.AttachOptions{OpaqueID: "app-7"})
	require.NoError(t, err)
	return s, h
}

func TestJanusStatus(t *testing.T) {
	srv := gateway.Get(t)
	everyTransport(t, srv, func(t *testing.T, c *Client) {
		ctx := bounded(t)
		info, err := c.Info(ctx)
		require.NoError(t, err)
		require.Equal(t, srv.Name(), info.ServerName)
		require.True(t, info.AuthToken)
		rtt, err := c.Ping(ctx)
		require.NoError(t, err)
		require.Positive(t, rtt)
		s, err := c.Status(ctx)
		require.NoError(t, err)
		require.True(t, s.TokenAuth)
		require.Equal(t, 45, s.CandidatesTimeout)
		require.Equal(t, 200, s.MinNACKQueue)
		require.NotEmpty(t, s.Raw)
		loops, err := c.LoopsInfo(ctx)
		require.NoError(t, err)
		require.Len(t, loops, 2)
		require.NotEqual(t, loops[0].ID, loops[1].ID)
	})
}

func TestJanusSettings(t *testing.T) {
	srv := gateway.Get(t)
	everyTransport(t, srv, func(t *testing.T, c *Client) {
		ctx := bounded(t)
		status := func() *Status {
			s, err := c.Status(ctx)
			require.NoError(t, err)
			return s
		}
		before := status()
		for _, on := range []bool{!before.LogTimestamps, before.LogTimestamps} {
			require.NoError(t, c.SetLogTimestamps(ctx, on))
			require.Equal(t, on, status().LogTimestamps)
		}
		for _, on := range []bool{!before.NACKOptimizations, before.NACKOptimizations} {
			require.NoError(t, c.SetNACKOptimizations(ctx, on))
			require.Equal(t, on, status().NACKOptimizations)
		}
		for _, on := range []bool{true, false} {
			require.NoError(t, c.SetLogColors(ctx, on))
			require.Equal(t, on, status().LogColors)
			require.NoError(t, c.SetLibniceDebug(ctx, on))
			require.Equal(t, on, status().LibniceDebug)
		}
		for _, on := range []bool{true, false} {
			require.NoError(t, c.SetLogLevel(ctx, 0)) // it would be much
			require.NoError(t, c.SetLockingDebug(ctx, on))
			require.NoError(t, c.SetRefcountDebug(ctx, on))
			s := status()
			require.Equal(t, on, s.LockingDebug)
			require.Equal(t, on, s.RefcountDebug)
			require.Zero(t, s.LogLevel)
			require.NoError(t, c.SetLogLevel(ctx, before.LogLevel))
		}
		require.NoError(t, c.SetSessionTimeout(ctx, 77))
		require.NoError(t, c.SetNoMediaTimer(ctx, 3))
		require.NoError(t, c.SetSlowlinkThreshold(ctx, 9))
		queue, err := c.SetMinNACKQueue(ctx, 300)
		require.NoError(t, err)
		require.Equal(t, 300, queue)
		s := status()
		require.Equal(t, []int{77, 3, 9, 300}, []int{s.SessionTimeout, s.NoMediaTimer, s.SlowlinkThreshold, s.MinNACKQueue})
		queue, err = c.SetMinNACKQueue(ctx, 60000)
		require.NoError(t, err)
		require.Equal(t, 1000, queue)
		require.NoError(t, c.SetSessionTimeout(ctx, before.SessionTimeout))
		require.NoError(t, c.SetNoMediaTimer(ctx, before.NoMediaTimer))
		require.NoError(t, c.SetSlowlinkThreshold(ctx, before.SlowlinkThreshold))
		_, err = c.SetMinNACKQueue(ctx, before.MinNACKQueue)
		require.NoError(t, err)
		require.JSONEq(t, string(before.Raw), string(status().Raw))

		// What the methods refuse, the gateway refuses as well.
		for name, body := range map[string]any{
			"set_session_timeout": fields{"timeout": -2}, "set_log_level": fields{"level": 8}, "set_log_colors": fields{"colors": 1},
			"set_min_nack_queue": fields{"min_nack_queue": -1},
		} {
			require.ErrorIs(t, c.Call(ctx, Request{Name: name, Body: body}, nil), client.InvalidElementType, name)
			require.ErrorIs(t, c.Call(ctx, Request{Name: name}, nil), client.MissingElement, name)
		}
	})
}

func TestJanusDrain(t *testing.T) {
	srv := gateway.Get(t)
	c := dialURL(t, srv.AdminHTTP(), srv.AdminSecret())
	ctx := bounded(t)
	_, err := c.AddToken(ctx, "drain")
	require.NoError(t, err)
	u, err := client.Dial(ctx, srv.WS(), &client.Options{Credentials: client.Static("drain", "")})
	require.NoError(t, err)
	defer u.Close()
	require.NoError(t, c.AcceptNewSessions(ctx, false))
	_, err = u.NewSession(ctx)
	require.ErrorIs(t, err, client.NotAcceptingSessions)
	require.NoError(t, c.AcceptNewSessions(ctx, true))
	_, err = u.NewSession(ctx)
	require.NoError(t, err)
}

func TestJanusSessions(t *testing.T) {
	srv := gateway.Get(t)
	everyTransport(t, srv, func(t *testing.T, c *Client) {
		ctx := bounded(t)
		s, h := user(t, srv, c)
		sessions, err := c.ListSessions(ctx)
		require.NoError(t, err)
		require.Contains(t, sessions, s.ID())
		handles, err := c.ListHandles(ctx, s.ID())
		require.NoError(t, err)
		require.Equal(t, []uint64{h.ID()}, handles)

		timeout := func() int {
			info, err := c.HandleInfo(ctx, s.ID(), h.ID(), &HandleInfoOptions{PluginOnly: true})
			require.NoError(t, err)
			require.Zero(t, info.SDPs)
			require.NotContains(t, string(info.Raw), "flags")
			return info.SessionTimeout
		}
		require.NoError(t, c.SetSessionTimeoutOf(ctx, s.ID(), 33))
		require.Equal(t, 33, timeout())
		require.NoError(t, c.SetSessionTimeoutOf(ctx, s.ID(), 0))
		require.Zero(t, timeout())
		require.NoError(t, c.SetSessionTimeoutOf(ctx, s.ID(), -1))
		require.Equal(t, 60, timeout())
		require.ErrorIs(t, c.Call(ctx, Request{Name: "set_session_timeout", Session: s.ID(), Body: fields{"timeout": -2}}, nil), client.InvalidElementType)

		require.NoError(t, c.DetachHandle(ctx, s.ID(), h.ID()))
		for err == nil {
			_, err = h.Next(ctx)
		}
		require.ErrorIs(t, err, client.ErrDetached)
		require.ErrorIs(t, c.DetachHandle(ctx, s.ID(), h.ID()), client.HandleNotFound)
		require.ErrorIs(t, c.HangupWebRTC(ctx, s.ID(), h.ID()), client.HandleNotFound)
		require.ErrorIs(t, c.StopPcap(ctx, s.ID(), h.ID()), client.HandleNotFound)
		_, err = c.HandleInfo(ctx, s.ID(), h.ID(), nil)
		require.ErrorIs(t, err, client.HandleNotFound)

		require.NoError(t, c.DestroySession(ctx, s.ID()))
		_, err = s.Attach(ctx, echoTest, nil)
		require.ErrorIs(t, err, client.SessionNotFound)
		require.ErrorIs(t, c.DestroySession(ctx, s.ID()), client.SessionNotFound)
		require.ErrorIs(t, c.SetSessionTimeoutOf(ctx, s.ID(), 1), client.SessionNotFound)
		_, err = c.ListHandles(ctx, s.ID())
		require.ErrorIs(t, err, client.SessionNotFound)
		_, err = c.HandleInfo(ctx, s.ID(), h.ID(), nil)
		require.ErrorIs(t, err, client.SessionNotFound)
	})
}

func TestJanusCapture(t *testing.T) {
	srv := gateway.Get(t)
	everyTransport(t, srv, func(t *testing.T, c *Client) {
		ctx := bounded(t)
		s, h := user(t, srv, c)
		dir := filepath.Join(t.TempDir(), "new", "folder")
		info := func() *HandleInfo {
			info, err := c.HandleInfo(ctx, s.ID(), h.ID(), nil)
			require.NoError(t, err)
			return info
		}
		require.NoError(t, c.StartPcap(ctx, s.ID(), h.ID(), Capture{Folder: dir, Filename: "a.pcap"}))
		require.True(t, info().DumpToPcap)
		require.Equal(t, filepath.Join(dir, "a.pcap"), info().PcapFile)
		require.ErrorIs(t, c.StartText2pcap(ctx, s.ID(), h.ID(), Capture{Folder: dir, Filename: "b"}), client.UnknownError, "one runs already")
		require.NoError(t, c.StopPcap(ctx, s.ID(), h.ID()))
		require.False(t, info().DumpToPcap)
		require.ErrorIs(t, c.StopPcap(ctx, s.ID(), h.ID()), client.UnknownError)
		head, err := os.ReadFile(filepath.Join(dir, "a.pcap"))
		require.NoError(t, err)
		require.Equal(t, "\xd4\xc3\xb2\xa1", string(head[:4]))

		require.NoError(t, c.StartText2pcap(ctx, s.ID(), h.ID(), Capture{Folder: dir, Filename: "b.txt", Truncate: 64}))
		require.True(t, info().DumpToText2pcap)
		require.Equal(t, filepath.Join(dir, "b.txt"), info().Text2pcapFile)
		require.NoError(t, c.StopText2pcap(ctx, s.ID(), h.ID()))
		require.ErrorIs(t, c.StopText2pcap(ctx, s.ID(), h.ID()), client.UnknownError)
		require.ErrorIs(t, c.StartPcap(ctx, s.ID(), h.ID(), Capture{Folder: "/proc/nowhere", Filename: "c"}), client.UnknownError)
	})
}

func TestJanusMessagePlugin(t *testing.T) {
	srv := gateway.Get(t)
	everyTransport(t, srv, func(t *testing.T, c *Client) {
		ctx := bounded(t)
		resp, err := c.MessagePlugin(ctx, videoRoom, fields{"request": "list"})
		require.NoError(t, err)
		require.JSONEq(t, `{"videoroom":"success","list":[]}`, string(resp))
		_, err = c.MessagePlugin(ctx, videoRoom, nil)
		require.ErrorIs(t, err, client.PluginCode{Plugin: videoRoom, Code: 429})
		_, err = c.MessagePlugin(ctx, "janus.plugin.nope", nil)
		require.ErrorIs(t, err, client.PluginNotFound)
		_, err = c.MessagePlugin(ctx, "janus.plugin.videocall", nil)
		require.ErrorIs(t, err, client.UnknownError, "it has no admin messages")
	})
}

func TestJanusQueryTransport(t *testing.T) {
	srv := gateway.Get(t)
	everyTransport(t, srv, func(t *testing.T, c *Client) {
		ctx := bounded(t)
		for _, name := range []string{"janus.transport.http", "janus.transport.websockets", "janus.transport.pfunix"} {
			resp, err := c.QueryTransport(ctx, name, fields{"request": "connections"})
			require.NoError(t, err)
			require.Contains(t, string(resp), "connections")
			_, err = c.QueryTransport(ctx, name, fields{"request": "configure", "json": "compact"})
			require.NoError(t, err)
			_, err = c.QueryTransport(ctx, name, fields{"request": "nonsense"})
			require.ErrorIs(t, err, client.PluginCode{Plugin: name, Code: 411})
			_, err = c.QueryTransport(ctx, name, nil)
			require.ErrorIs(t, err, client.PluginCode{Plugin: name, Code: 412})
		}
		_, err := c.QueryTransport(ctx, "janus.transport.nope", nil)
		require.ErrorIs(t, err, client.PluginNotFound)
	})
}

func TestJanusNetwork(t *testing.T) {
	srv := gateway.Get(t)
	everyTransport(t, srv, func(t *testing.T, c *Client) {
		ctx := bounded(t)
		r, err := c.ResolveAddress(ctx, "127.0.0.1")
		require.NoError(t, err)
		require.Equal(t, "127.0.0.1", r.IP)
		require.Positive(t, r.Elapsed)
		_, err = c.ResolveAddress(ctx, "not an address")
		require.ErrorIs(t, err, client.UnknownError)

		stun := stunServer(t)
		res, err := c.TestSTUN(ctx, STUNServer{Address: "127.0.0.1", Port: stun})
		require.NoError(t, err)
		require.Equal(t, "127.0.0.1", res.PublicIP)
		require.NotZero(t, res.PublicPort)
		require.Positive(t, res.Elapsed)
		_, err = c.TestSTUN(ctx, STUNServer{Address: "not an address", Port: stun})
		require.ErrorIs(t, err, client.UnknownError)
		taken, err := net.ListenPacket("udp4", "0.0.0.0:0")
		require.NoError(t, err)
		defer taken.Close()
		_, err = c.TestSTUN(ctx, STUNServer{Address: "127.0.0.1", Port: stun, LocalPort: uint16(taken.LocalAddr().(*net.UDPAddr).Port)})
		require.ErrorIs(t, err, client.UnknownError)
	})
}

// stunServer runs a STUN server on loopback and returns its port.
func stunServer(t *testing.T) uint16 {
	t.Helper()
	s, err := turntest.Start("127.0.0.1")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Stop()) })
	_, port, err := net.SplitHostPort(strings.TrimPrefix(s.URL(), "turn:"))
	require.NoError(t, err)
	n, err := strconv.ParseUint(port, 10, 16)
	require.NoError(t, err)
	return uint16(n)
}
