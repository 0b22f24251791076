//go:build !js

package gateway

import (
	"encoding/json"
	"math/rand/v2"
	"slices"
	"strconv"

	"github.com/bifrons-rtc/bifrons/client"
)

const (
	maxRooms  = 1024 // of a plugin
	maxTokens = 1024 // of a room
)

// wording is how a plugin with rooms says that something is wrong.
type wording struct {
	plugin string
	kind   string // of its errors, under the plugin's short name; empty: "event"

	missing, invalid, unauthorized int // codes
}

var (
	video = wording{plugin: videoRoom, missing: videoMissing, invalid: videoInvalid, unauthorized: videoUnauthorized}
	text  = wording{plugin: textRoom, kind: "error", missing: textMissing, invalid: textInvalid, unauthorized: textUnauthorized}
)

// error returns an error of the plugin.
func (w wording) error(code int, reason string) error {
	err := pluginError(w.plugin, code, reason)
	if w.kind != "" {
		err.Raw, _ = json.Marshal(object{"textroom": w.kind, "error_code": code, "error": reason}) // strings and numbers
	}
	return err
}

// check checks the members of a body.
func (w wording) check(b body, params ...param) error {
	switch reason, missing := b.check(params...); {
	case reason == "":
		return nil
	case missing:
		return w.error(w.missing, reason)
	default:
		return w.error(w.invalid, reason)
	}
}

// password is a secret or a pin, which may be empty.
type password struct {
	text string
	set  bool
}

// password reads one.
func (b body) password(key string) password { return password{b.str(key), b.has(key)} }

// edit changes p, but not to an empty one.
func (p *password) edit(to string) {
	if to != "" {
		*p = password{to, true}
	}
}

// passes checks a secret or a pin, if there is one to know.
func (w wording) passes(b body, key string, want password) error {
	if !want.set {
		return nil
	}
	if err := w.check(b, param{key, '"', true}); err != nil {
		return err
	}
	if b.str(key) != want.text {
		return w.error(w.unauthorized, "Unauthorized (wrong "+key+")")
	}
	return nil
}

// tokens reads a list of tokens.
func (w wording) tokens(b body) ([]string, error) {
	var tokens []string
	for _, raw := range b.list("allowed") {
		if len(raw) == 0 || raw[0] != '"' {
			return nil, w.error(w.invalid, "Invalid element in the allowed array (not a string)")
		}
		tokens = append(tokens, body{"token": raw}.str("token"))
	}
	return tokens[:min(len(tokens), maxTokens)], nil
}

// door is who may join a room.
type door struct {
	checked bool     // who joins needs one of the tokens
	tokens  []string // in the order they came
}

// admits says whether a token is good.
func (d *door) admits(token string) bool { return !d.checked || slices.Contains(d.tokens, token) }

// newDoor returns the door of a new room.
func (w wording) newDoor(b body) (door, error) {
	if !b.has("allowed") {
		return door{}, nil
	}
	tokens, err := w.tokens(b)
	return door{checked: true, tokens: tokens}, err
}

// action reads what is to be done with a door.
func (w wording) action(b body) (string, error) {
	if err := w.check(b, param{"secret", '"', false}, param{"action", '"', true}, param{"allowed", '[', false}); err != nil {
		return "", err
	}
	action := b.str("action")
	if !slices.Contains([]string{"enable", "disable", "add", "remove"}, action) {
		return "", w.error(w.invalid, "Unsupported action '"+action+"' (allowed)")
	}
	return action, nil
}

// change does that, and adds to a reply who is admitted then.
func (d *door) change(w wording, action string, b body, reply object) (object, error) {
	switch action {
	case "disable":
		d.checked = false
		return reply, nil
	case "enable":
		d.checked = true
	default:
		tokens, err := w.tokens(b)
		if err != nil {
			return nil, err
		}
		d.tokens = slices.DeleteFunc(d.tokens, func(t string) bool { return slices.Contains(tokens, t) })
		if action == "add" {
			d.tokens = append(d.tokens, tokens[:min(len(tokens), maxTokens-len(d.tokens))]...)
		}
	}
	reply["allowed"] = append([]string{}, d.tokens...)
	return reply, nil
}

// idParam is a member that holds an id.
func (s *peers) idParam(key string, required bool) param {
	if s.g.opts.StringIDs {
		return param{key, '"', required}
	}
	return param{key, '+', required}
}

// newID returns id, or if that is none one that taken does not know.
func (s *peers) newID(id client.ID, taken func(client.ID) bool) client.ID {
	for none := client.NumID(0); id.IsZero() || id == none; {
		n := rand.Uint64N(1<<53-1) + 1
		made := client.NumID(n)
		if s.g.opts.StringIDs {
			made = client.StrID(strconv.FormatUint(n, 36))
		}
		if !taken(made) {
			return made
		}
	}
	return id
}

// permanent answers what was asked. Nothing outlives the gateway, whatever it is.
func permanent(b body, reply object) object {
	forever := false
	b.into("permanent", &forever)
	reply["permanent"] = forever
	return reply
}

// into sets *v if there is true or false under key.
func (b body) into(key string, v *bool) {
	if on := b.flag(key); on != nil {
		*v = *on
	}
}

// id returns the id under key; zero if it is none.
func (b body) id(key string) client.ID {
	var id client.ID
	_ = json.Unmarshal(b[key], &id) // it stays zero
	return id
}

// list returns the elements of an array; nil if it is none.
func (b body) list(key string) []json.RawMessage {
	var list []json.RawMessage
	_ = json.Unmarshal(b[key], &list) // it stays nil
	return list
}

// bodies returns the objects in an array; what is no object is empty.
func (b body) bodies(key string) []body {
	var list []body
	for _, raw := range b.list(key) {
		list = append(list, parseBody(raw))
	}
	return list
}
