//go:build !js

package gateway

import "github.com/bifrons-rtc/bifrons/client/janustest"

// viewer is a handle of the plugin.
type viewer struct {
	at    *janustest.Attachment
	peer  *peer
	mount *mount // nil: none
}

// watch moves w to a mountpoint; nil is none. streams.mu is held.
func (w *viewer) watch(m *mount) {
	if w.mount == m {
		return
	}
	if w.mount != nil {
		w.mount.leave()
	}
	if w.mount = m; m != nil {
		m.join()
	}
}

// pause stops an m-line, or all of them if mid is empty, or has them go on.
func (w *viewer) pause(on bool, mid string) {
	for _, o := range w.peer.outlets() {
		if mid == "" || o.mid() == mid {
			o.pause(on)
		}
	}
}
