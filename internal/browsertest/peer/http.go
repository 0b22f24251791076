//go:build !js

package peer

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
)

// serveInfo answers what a client asks first.
func (p *peer) serveInfo(w http.ResponseWriter, r *http.Request) {
	defer p.own(r)()
	_, _ = io.WriteString(w, `{"janus":"server_info"}`)
}

// servePost takes a request and answers it with nothing.
func (p *peer) servePost(w http.ResponseWriter, r *http.Request) {
	defer p.own(r)()
	data, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	select {
	case p.in <- data:
		w.WriteHeader(http.StatusOK)
	case <-p.gone:
	case <-r.Context().Done():
	}
}

// servePoll gives what is there, or waits for something.
func (p *peer) servePoll(w http.ResponseWriter, r *http.Request) {
	defer p.own(r)()
	var batch [][]byte
	select {
	case m := <-p.out:
		batch = append(batch, m.data)
	case <-p.gone:
		return
	case <-r.Context().Done():
		return
	}
	most, _ := strconv.Atoi(r.URL.Query().Get("maxev"))
	for more := true; more && len(batch) < most; {
		select {
		case m := <-p.out:
			batch = append(batch, m.data)
		default:
			more = false
		}
	}
	if len(batch) == 1 {
		_, _ = w.Write(batch[0])
		return
	}
	_, _ = w.Write([]byte("[\n  " + string(bytes.Join(batch, []byte(",\n  "))) + "\n]"))
}
