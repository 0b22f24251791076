package transportjs

import (
	"syscall/js"

	"github.com/bifrons-rtc/bifrons/internal/jsx"
	"github.com/bifrons-rtc/bifrons/transport"
)

const maxWaiting = 16 << 20 // bytes that wait for Read, but for one message

// message takes what came in. Text arrives as a string, which is counted in
// UTF-16 units: at least a third of its bytes.
func (c *conn) message(data js.Value) {
	var b []byte
	var size int
	isText := data.Type() == js.TypeString
	if isText {
		size = js.Global().Get("Object").Invoke(data).Get("length").Int()
	} else {
		size = data.Get("byteLength").Int()
	}
	if !c.tooLarge(size) {
		if isText {
			b = []byte(data.String())
		} else {
			b = jsx.Bytes(data)
		}
		size = len(b)
	}
	if c.tooLarge(size) {
		c.lose(&transport.TooLargeError{Limit: c.readLimit}, closeTooLarge)
		return
	}
	if waiting := c.waiting.Add(weight(b)); waiting > maxWaiting && waiting > weight(b) {
		c.lose(&transport.CloseError{Code: 1006, Err: &OverflowError{Limit: maxWaiting}}, closeOverflow)
		return
	}
	c.in.Push(b, 0)
}

func (c *conn) tooLarge(size int) bool { return c.readLimit >= 0 && int64(size) > c.readLimit }

// weight counts what a message costs, not only what it says.
func weight(b []byte) int64 { return int64(len(b)) + 64 }

// lose ends the connection for the given reason; the first one counts. Read
// returns it once it has returned what came before. A code closes the socket.
func (c *conn) lose(err error, code int) {
	c.lost.Do(func() {
		c.cause = err
		close(c.over)
		c.in.Close(err)
		c.release()
	})
	if code != 0 {
		c.shut(code)
	}
}

// shut has the browser close the socket, which it does once it has sent what is
// in its buffer.
func (c *conn) shut(code int) {
	// It throws for codes that are not for pages, of which there are none here.
	_, _ = jsx.Try(func() js.Value { return c.sock.Call("close", code) })
}
