//go:build !js

package janusproc

import (
	"errors"
	"fmt"
	"net"
	"strings"
)

// ErrNoMediaAddr is matched when Janus would have no address for media.
var ErrNoMediaAddr = errors.New("this machine has only loopback, where Janus gathers no ICE candidates: " +
	"signalling works, media cannot; bring a network interface up (a veth pair will do)")

// MediaAddr returns the IPv4 address of the first network interface Janus can
// use for media, which is any but loopback. Without one the error matches
// [ErrNoMediaAddr]: ICE then has no candidates and no connection is made.
func MediaAddr() (string, error) {
	interfaces, err := net.Interfaces()
	if err != nil {
		return "", fmt.Errorf("janusproc: list network interfaces: %w", err)
	}
	for _, i := range interfaces {
		// Janus ignores vmnet interfaces unless told otherwise.
		if i.Flags&net.FlagUp == 0 || i.Flags&net.FlagLoopback != 0 || strings.HasPrefix(i.Name, "vmnet") {
			continue
		}
		addrs, err := i.Addrs()
		if err != nil {
			continue // the interface went away
		}
		for _, a := range addrs {
			if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil {
				return n.IP.String(), nil
			}
		}
	}
	return "", fmt.Errorf("janusproc: %w", ErrNoMediaAddr)
}
