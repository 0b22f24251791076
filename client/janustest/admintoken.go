package janustest

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/bifrons-rtc/bifrons/client"
)

// noPlugin is in the list of a token that may use no plugin, for an empty list
// allows all of them.
const noPlugin = ""

// stored returns an error unless tokens are stored.
func (s *Server) stored() *client.Error {
	if s.opts.Tokens == nil || s.opts.TokenSecret != "" {
		return &client.Error{Code: client.UnknownError, Reason: "Stored-Token based authentication disabled"}
	}
	return nil
}

// adminAddToken stores a token, or adds to what one may use. Plugins that are not
// there are left out.
func (s *Server) adminAddToken(r *request, _ *session, _ *Attachment) (object, *client.Error, func()) {
	if err := s.stored(); err != nil {
		return nil, err, nil
	}
	if err := r.demand(param{"token", '"', true}, param{"plugins", '[', false}); err != nil {
		return nil, err, nil
	}
	token, _ := r.str("token")
	var asked []json.RawMessage
	_ = json.Unmarshal(r.fields["plugins"], &asked) // it is an array or not there
	list, known := s.opts.Tokens[token]
	switch {
	case len(asked) == 0:
		list = nil
	case known && len(list) == 0: // it may use all of them already
	default:
		for _, raw := range asked {
			name, _ := fields{"plugin": raw}.str("plugin")
			if s.plugins[name] != nil && !slices.Contains(list, name) {
				list = append(slices.DeleteFunc(list, func(s string) bool { return s == noPlugin }), name)
			}
		}
		if len(list) == 0 {
			list = []string{noPlugin}
		}
	}
	s.opts.Tokens[token] = list
	return object{{"data", object{{"plugins", s.usable(token)}}}}, nil, nil
}

// usable lists the plugins that a token may use.
func (s *Server) usable(token string) []string {
	list := s.opts.Tokens[token]
	switch {
	case len(list) == 0:
		return slices.Sorted(maps.Keys(s.plugins))
	case list[0] == noPlugin:
		return []string{}
	default:
		return list
	}
}

// adminTokens lists the tokens that may use something.
func (s *Server) adminTokens(*request, *session, *Attachment) (object, *client.Error, func()) {
	if err := s.stored(); err != nil {
		return nil, err, nil
	}
	list := []object{}
	for _, token := range slices.Sorted(maps.Keys(s.opts.Tokens)) {
		if plugins := s.usable(token); len(plugins) > 0 {
			list = append(list, object{{"token", token}, {"allowed_plugins", plugins}})
		}
	}
	return object{{"data", object{{"tokens", list}}}}, nil, nil
}

func (s *Server) adminRemoveToken(r *request, _ *session, _ *Attachment) (object, *client.Error, func()) {
	if err := s.stored(); err != nil {
		return nil, err, nil
	}
	if err := r.demand(param{"token", '"', true}); err != nil {
		return nil, err, nil
	}
	token, _ := r.str("token")
	if _, ok := s.opts.Tokens[token]; !ok {
		return nil, &client.Error{Code: client.UnknownError, Reason: "Error removing token"}, nil
	}
	delete(s.opts.Tokens, token)
	return nil, nil, nil
}
