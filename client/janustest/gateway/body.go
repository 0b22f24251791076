//go:build !js

package gateway

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"

	"github.com/bifrons-rtc/bifrons/client"
)

// body is the body of a message.
type body map[string]json.RawMessage

// param is a member a body may have. Kind is '"' for a string, 'b' for true and
// false, '+' for an integer of zero or more, 'i' for any integer, '{' and '['.
type param struct {
	key      string
	kind     byte
	required bool
}

// parseBody reads a body; what is no object is empty.
func parseBody(raw json.RawMessage) body {
	var b body
	_ = json.Unmarshal(raw, &b) // the core lets objects through and nothing else
	return b
}

// words says how Janus names the kinds.
var words = map[byte]string{'"': "a string", 'b': "a boolean", '{': "an object", 'i': "an integer",
	'+': "a positive integer", '[': "an array"}

// check returns what is wrong with b in Janus' words, and whether that is that
// something is missing; empty when nothing is wrong.
func (b body) check(params ...param) (reason string, missing bool) {
	for _, p := range params {
		raw, ok := b[p.key]
		if !ok {
			if p.required {
				return "Missing mandatory element (" + p.key + ")", true
			}
			continue
		}
		if !p.fits(bytes.TrimSpace(raw)) {
			return "Invalid element type (" + p.key + " should be " + words[p.kind] + ")", false
		}
	}
	return "", false
}

func (p param) fits(raw []byte) bool {
	if len(raw) == 0 {
		return false
	}
	switch c := raw[0]; p.kind {
	case 'b':
		return c == 't' || c == 'f'
	case 'i', '+':
		number := (c == '-' || c >= '0' && c <= '9') && !bytes.ContainsAny(raw, ".eE")
		return number && (p.kind == 'i' || c != '-')
	default:
		return c == p.kind
	}
}

// has says whether there is a member, of whatever kind.
func (b body) has(key string) bool { _, ok := b[key]; return ok }

// str returns a string; empty if it is none.
func (b body) str(key string) string {
	var s string
	_ = json.Unmarshal(b[key], &s) // it stays empty
	return s
}

// flag returns true or false; nil if it is neither.
func (b body) flag(key string) *bool {
	var v *bool
	if json.Unmarshal(b[key], &v) != nil {
		return nil
	}
	return v
}

// number returns an integer; nil if it is none.
func (b body) number(key string) *int {
	n, err := strconv.Atoi(strings.TrimSpace(string(b[key])))
	if err != nil {
		return nil
	}
	return &n
}

// pluginError is an error in a plugin's own words.
func pluginError(plugin string, code int, reason string) *client.PluginError {
	return &client.PluginError{PluginCode: client.PluginCode{Plugin: plugin, Code: code}, Reason: reason}
}
