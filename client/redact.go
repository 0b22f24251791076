package client

import "bytes"

// Redact returns a copy of a Janus message in which every secret is replaced
// by "***": tokens, API and admin secrets, room secrets, pins and passwords,
// and the ICE and SRTP keys inside session descriptions.
func Redact(data []byte) []byte {
	out := make([]byte, 0, len(data)+16)
	for i := 0; i < len(data); {
		if data[i] != '"' {
			out = append(out, data[i])
			i++
			continue
		}
		end := stringEnd(data, i)
		word := data[i:end]
		i = end
		next := skipSpace(data, i)
		if next < len(data) && data[next] == ':' && secretKeys[string(bytes.Trim(word, `"`))] {
			out = append(out, word...)
			value := skipSpace(data, next+1)
			out = append(out, data[i:value]...)
			i = value
			if i < len(data) && data[i] == '"' {
				out = append(out, `"***"`...)
				i = stringEnd(data, i)
			}
			continue
		}
		out = append(out, redactSDP(word)...)
	}
	return out
}

var secretKeys = map[string]bool{
	"token": true, "apisecret": true, "admin_secret": true, "secret": true, "new_secret": true,
	"pin": true, "new_pin": true, "admin_key": true, "adminpwd": true, "room_pin": true,
	"password": true, "rtsp_pwd": true, "credential": true, "ha1_secret": true, "authuser": true,
	"group_key": true, "srtp_crypto": true, "srtpcrypto": true, "audiosrtpcrypto": true, "videosrtpcrypto": true,
	"ice-ufrag": true, "ice-pwd": true, "usernameFragment": true,
}

// sdpSecrets are the attributes of a session description that open a stream.
var sdpSecrets = [][]byte{[]byte("a=ice-pwd:"), []byte("a=ice-ufrag:"), []byte("a=crypto:")}

// redactSDP replaces the secrets in a quoted JSON string, where a line of SDP
// ends at an escape or at the closing quote.
func redactSDP(word []byte) []byte {
	for _, key := range sdpSecrets {
		if !bytes.Contains(word, key) {
			continue
		}
		var out []byte
		for {
			i := bytes.Index(word, key)
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
		word = append(out, word...)
	}
	return word
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
