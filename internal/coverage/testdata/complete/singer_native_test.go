//go:build !js

package singer

import "testing"

var bodies = map[string]func(){"song": song}

func TestJanus(t *testing.T) {
	for name := range bodies {
		t.Log(name)
	}
}
