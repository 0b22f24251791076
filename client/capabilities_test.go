package client

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"
)

const oldInfo = `{"janus":"server_info","transaction":%q,"version":1004,"data_channels":false,` +
	`"plugins":{"janus.plugin.sip":{"version":7},"janus.plugin.echotest":{"name":"Echo"}}}`

// TestCapabilities asks once, however many want to know.
func TestCapabilities(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, f := newFake(t, quiet())
		require.Nil(t, c.Known())
		var asking []<-chan result[*ServerInfo]
		for range 3 {
			asking = append(asking, async(func() (*ServerInfo, error) { return c.Capabilities(t.Context()) }))
		}
		f.send(oldInfo, f.expect("info").Transaction)
		for _, r := range asking {
			got := <-r
			require.NoError(t, got.err)
			require.Same(t, c.Known(), got.value)
		}
		require.Equal(t, 1004, c.Known().Version)

		fresh := async(func() (*ServerInfo, error) { return c.Info(t.Context()) })
		f.send(oldInfo, f.expect("info").Transaction)
		require.Same(t, (<-fresh).value, c.Known(), "who asks again tells the others")
	})
}

// TestCapabilitiesOfAnotherGateway forgets them with the connection, and with the
// session.
func TestCapabilitiesOfAnotherGateway(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, g, f := dialFake(t, quiet())
		h := f.handle(c, nil)
		ask := func() {
			got := async(func() (*ServerInfo, error) { return c.Capabilities(t.Context()) })
			f.send(oldInfo, f.expect("info").Transaction)
			require.NoError(t, (<-got).err)
			require.NotNil(t, c.Known())
		}
		ask()
		rebuilt := asyncErr(func() error { return h.Session().Rebuild(t.Context()) })
		f.success(f.expect("create"), 11)
		f.success(f.expect("attach"), 12)
		f.success(f.expect("destroy"), 1)
		require.NoError(t, <-rebuilt)
		require.Nil(t, c.Known())
		ask()
		f.conn.Close()
		f = g.take()
		f.success(f.expect("claim"), 11)
		require.Nil(t, c.Known())
		ask()
	})
}

// TestMissingPlugin is refused without a question once the plugins are known.
func TestMissingPlugin(t *testing.T) {
	c, f := newFake(t, quiet())
	s := f.session(c)
	attached := async(func() (*Handle, error) { return s.Attach(t.Context(), "janus.plugin.nosip", nil) })
	f.refuse(f.expect("attach"), 460)
	f.send(oldInfo, f.expect("info").Transaction)
	late := (<-attached).err
	require.ErrorIs(t, late, PluginNotFound)
	require.ErrorContains(t, late, "install or enable it there; this gateway has janus.plugin.{echotest,sip}")

	_, early := s.Attach(t.Context(), "janus.plugin.nosip", nil)
	require.ErrorIs(t, early, PluginNotFound)
	require.ErrorContains(t, early, "this gateway has janus.plugin.{echotest,sip}")

	attached = async(func() (*Handle, error) { return s.Attach(t.Context(), "janus.plugin.sip", nil) })
	f.success(f.expect("attach"), 2)
	require.NoError(t, (<-attached).err, "one that is there")
}

// TestChecks: what the gateway is known not to have is refused, and nothing else.
func TestChecks(t *testing.T) {
	info, err := ParseServerInfo(fmt.Appendf(nil, oldInfo, "t"))
	require.NoError(t, err)
	var version *VersionError
	require.ErrorAs(t, info.CheckVersion("videoroom: listremotes", 1100), &version)
	require.ErrorIs(t, version, errors.ErrUnsupported)
	require.EqualError(t, version, "videoroom: listremotes needs Janus 1.1.0 or later, and the gateway is 1.0.4; update the gateway")
	var feature *FeatureError
	require.ErrorAs(t, info.CheckData("chat"), &feature)
	require.ErrorIs(t, feature, errors.ErrUnsupported)
	require.ErrorContains(t, feature, "chat: the gateway was built without data channels; build Janus with libusrsctp")
	require.ErrorIs(t, info.CheckPlugin("attach", "x"), PluginNotFound)
	require.NoError(t, info.CheckPlugin("attach", "janus.plugin.sip"))
	require.NoError(t, info.CheckVersion("x", 1004))

	for _, text := range []string{`{}`, `{"data_channels":"no","version":"old","plugins":[]}`, `{"data_channels":true,"version":1402}`} {
		info, err := ParseServerInfo([]byte(text))
		require.NoError(t, err)
		require.NoError(t, info.CheckData("x"), text)
		require.NoError(t, info.CheckVersion("x", 1402), text)
		require.NoError(t, info.CheckPlugin("x", "y"), text)
	}
	info = nil
	require.NoError(t, errors.Join(info.CheckData("x"), info.CheckVersion("x", 1), info.CheckPlugin("x", "y")))
}

// TestOfferOfData is refused where it would be in vain.
func TestOfferOfData(t *testing.T) {
	c, f := newFake(t, quiet())
	h := f.handle(c, nil)
	offer := func(line string) *JSEP { return &JSEP{Type: "offer", SDP: "v=0\r\n" + line + "\r\n"} }
	send := func(j *JSEP) error {
		got := asyncErr(func() error { return h.Send(t.Context(), nil, j) })
		f.ack(f.expect("message"))
		return <-got
	}
	const data = "m=application 9 UDP/DTLS/SCTP webrtc-datachannel"
	require.NoError(t, send(offer(data)), "nothing is known of the gateway yet")
	asked := async(func() (*ServerInfo, error) { return c.Info(t.Context()) })
	f.send(oldInfo, f.expect("info").Transaction)
	require.NoError(t, (<-asked).err)
	require.ErrorAs(t, h.Send(t.Context(), nil, offer(data)), new(*FeatureError))
	require.NoError(t, send(offer("m=audio 9 UDP/TLS/RTP/SAVPF 111")))
	require.NoError(t, send(offer("m=application 0 UDP/DTLS/SCTP webrtc-datachannel")))
}
