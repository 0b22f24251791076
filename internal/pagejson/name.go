package pagejson

import "strings"

// Name returns a Go name as JavaScript writes it: "streamId" for "StreamID",
// "iceServers" for "ICEServers", "urls" for "URLs".
func Name(name string) string {
	var b strings.Builder
	for start := 0; start < len(name); {
		end := wordEnd(name, start)
		word := strings.ToLower(name[start:end])
		if start > 0 {
			word = strings.ToUpper(word[:1]) + word[1:]
		}
		b.WriteString(word)
		start = end
	}
	return b.String()
}

// wordEnd returns where the word that begins at start ends.
func wordEnd(name string, start int) int {
	end := start + 1
	for end < len(name) && upper(name[end]) {
		end++
	}
	switch initialism := end-start > 1; {
	case end == len(name):
	case initialism && name[end] == 's' && (end+1 == len(name) || upper(name[end+1])):
		end++ // its plural
	case initialism:
		end-- // its last letter begins the next word
	default:
		for end < len(name) && !upper(name[end]) {
			end++
		}
	}
	return end
}

// upper reports whether c belongs to an initialism. Exported names here are ASCII.
func upper(c byte) bool { return 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' }
