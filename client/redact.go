package client

import (
	"bytes"
	"slices"
)

// Redact returns a copy of a Janus message in which every secret is replaced
// by "***": tokens, API and admin secrets, room secrets, pins and passwords,
// and the ICE and SRTP keys inside session descriptions. The message may be cut
// off anywhere. One that is no JSON ends where that shows, if it could hold one.
func Redact(data []byte) []byte {
	out := make([]byte, 0, len(data)+16)
	if start := skipSpace(data, 0); start < len(data) && data[start] != '{' && bytes.ContainsAny(data, `":`) {
		return append(out, hidden...) // the end of one, perhaps
	}
	for i := 0; i < len(data); {
		if data[i] != '"' {
			if bytes.IndexByte(bare, data[i]) < 0 && mentionsSecret(data) {
				return append(out, hidden...)
			}
			out = append(out, data[i])
			i++
			continue
		}
		end := stringEnd(data, i)
		word := data[i:end]
		i = end
		next := skipSpace(data, i)
		if next < len(data) && data[next] == ':' && slices.Contains(secretKeys, string(bytes.Trim(word, `"`))) {
			out = append(out, word...)
			value := skipSpace(data, next+1)
			out = append(out, data[i:value]...)
			if i = secretEnd(data, value); i > value {
				mask := hidden
				if data[value] == '[' {
					mask = "[" + hidden + "]"
				}
				out = append(out, mask...)
			}
			continue
		}
		out = append(out, redactSDP(word)...)
	}
	return out
}

// hidden stands where a secret was.
const hidden = `"***"`

// bare is what JSON has outside of its strings.
var bare = []byte("{}[]:, \t\r\n0123456789+-.eEtrufalsn")

var secretKeys = []string{
	"token", "apisecret", "admin_secret", "secret", "new_secret", "pin", "new_pin", "admin_key", "adminpwd", "room_pin", "allowed",
	"password", "rtsp_pwd", "credential", "ha1_secret", "authuser",
	"group_key", "srtp_crypto", "srtpcrypto", "audiosrtpcrypto", "videosrtpcrypto",
	"ice-ufrag", "ice-pwd", "usernameFragment",
}

// mentionsSecret reports whether there may be a secret in data.
func mentionsSecret(data []byte) bool {
	in := func(key string) bool { return bytes.Contains(data, []byte(key)) }
	return slices.ContainsFunc(secretKeys, in) || slices.ContainsFunc(sdpSecrets, in)
}

// sdpSecrets are the attributes of a session description that open a stream.
var sdpSecrets = []string{"a=ice-pwd:", "a=ice-ufrag:", "a=crypto:"}

// redactSDP replaces the secrets in a quoted JSON string, where a line of SDP
// ends at an escape or at the closing quote.
func redactSDP(word []byte) []byte {
	for _, key := range sdpSecrets {
		var out []byte
		for {
			i := bytes.Index(word, []byte(key))
			if i < 0 {
				break
			}
			i += len(key)
			out = append(append(out, word[:i]...), "***"...)
			word = word[i:]
			if j := bytes.IndexAny(word, `\"`); j >= 0 {
				word = word[j:]
			} else {
				word = nil
			}
		}
		if out != nil {
			word = append(out, word...)
		}
	}
	return word
}

// secretEnd returns the index behind the secret that starts at i: a string, a
// number, or an array with whatever is in it. Nothing else is one.
func secretEnd(data []byte, i int) int {
	depth := 0
	for ; i < len(data); i++ {
		switch c := data[i]; {
		case c == '"':
			i = stringEnd(data, i) - 1
		case c == '[':
			depth++
		case c == ']' && depth > 0:
			depth--
		case depth > 0:
			continue
		case c == '-' || c >= '0' && c <= '9':
			for i+1 < len(data) && bytes.IndexByte([]byte("0123456789+-.eE"), data[i+1]) >= 0 {
				i++
			}
		default:
			return i
		}
		if depth == 0 {
			return i + 1
		}
	}
	return len(data)
}

// stringEnd returns the index behind the string that starts at i.
func stringEnd(data []byte, i int) int {
	for i++; i < len(data); i++ {
		switch data[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
	return len(data)
}

func skipSpace(data []byte, i int) int {
	for i < len(data) && (data[i] == ' ' || data[i] == '\t' || data[i] == '\r' || data[i] == '\n') {
		i++
	}
	return i
}
