// Package place finds the gateway of an example: the one it was given, or a test
// double that it starts, so that every example runs without a Janus.
//
//	gw, err := place.Find(os.Args[1:])
//	defer gw.Close()
//
// A page starts no gateway and has to be given one.
package place

import "strings"

// Place is a gateway.
type Place struct {
	URL  string
	Args []string // what was given besides the URL
	stop func()
}

// Find returns the gateway whose URL args begin with. Without a URL it starts the
// embedded one, and says so. The caller closes it.
func Find(args []string) (*Place, error) {
	if len(args) > 0 && strings.Contains(args[0], "://") {
		return &Place{URL: args[0], Args: args[1:], stop: func() {}}, nil
	}
	url, stop, err := embedded()
	if err != nil {
		return nil, err
	}
	return &Place{URL: url, Args: args, stop: stop}, nil
}

// Close ends what Find started.
func (p *Place) Close() { p.stop() }
