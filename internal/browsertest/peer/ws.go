//go:build !js

package peer

import (
	"context"
	"net/http"

	"github.com/coder/websocket"
)

// serveWS plays a gateway's WebSocket port.
func (p *peer) serveWS(w http.ResponseWriter, r *http.Request) {
	defer p.own(r)()
	if p.lost() {
		return
	}
	ws, err := websocket.Accept(w, r, &websocket.AcceptOptions{
		Subprotocols:       []string{"janus-protocol", "janus-admin-protocol"},
		InsecureSkipVerify: true, // any page may connect, as to Janus
		CompressionMode:    websocket.CompressionDisabled,
	})
	if err != nil {
		return
	}
	defer func() { _ = ws.CloseNow() }()
	ws.SetReadLimit(-1)
	ctx, cancel := context.WithCancel(context.Background())
	sending := make(chan struct{})
	// It owns the writing side, ends when the reading side below does, and is
	// waited for there.
	go func() {
		defer close(sending)
		p.sendWS(ctx, ws)
	}()
	for {
		_, data, err := ws.Read(context.Background())
		if err != nil {
			select {
			case p.closed <- websocket.CloseStatus(err):
			default:
			}
			break
		}
		select {
		case p.in <- data:
			continue
		case <-p.gone:
		}
		break
	}
	cancel()
	<-sending
}

func (p *peer) sendWS(ctx context.Context, ws *websocket.Conn) {
	for {
		select {
		case m := <-p.out:
			if m.closing != 0 {
				_ = ws.Close(m.closing, string(m.data))
				return
			}
			kind := websocket.MessageText
			if m.binary {
				kind = websocket.MessageBinary
			}
			if ws.Write(context.Background(), kind, m.data) != nil {
				return
			}
		case <-ctx.Done():
			return
		}
	}
}
