package jsonscan

import "testing"

// plainNested is skipNested as one would write it first.
func plainNested(data []byte) int {
	depth, text := 0, false
	for i := 0; i < len(data); i++ {
		switch c := data[i]; {
		case c == '"':
			text = !text
		case text:
			if c == '\\' {
				i++
			}
		case c == '{', c == '[':
			depth++
		case c == '}', c == ']':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return -1
}

func FuzzNested(f *testing.F) {
	f.Add([]byte(`{"a":[1,2,{"b":"}]\"\\"}],"long enough to take the fast way":{"x":"[[[[[[[["}}`))
	f.Add([]byte(`[[[[[[[[[[]]]]]]]]]]`))
	f.Add([]byte(`{"\\\"":"\\\\\\\\\\\\\\\\\"}","`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) == 0 || data[0] != '{' && data[0] != '[' {
			return
		}
		o := Open(data)
		want := plainNested(data)
		if got := o.skipNested(); got != (want >= 0) || got && o.pos != want {
			t.Fatalf("%q: %t at %d, want %d", data, got, o.pos, want)
		}
	})
}

func BenchmarkNested(b *testing.B) {
	data := []byte(`{"videoroom":"success","list":[{"room":1234,"description":"Demo room number 1","pin_required":false,"is_private":false,"max_publishers":6,"bitrate":128000,"fir_freq":10,"require_pvtid":false,"require_e2ee":false,"dummy_publisher":false,"notify_joining":false,"audiocodec":"opus","videocodec":"vp8","record":false},{"room":1235,"description":"Demo room number 2","pin_required":false,"is_private":false,"max_publishers":6,"bitrate":128000,"fir_freq":10,"require_pvtid":false,"require_e2ee":false,"dummy_publisher":false,"notify_joining":false,"audiocodec":"opus","videocodec":"vp8","record":false}]}`)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	b.Run("eight", func(b *testing.B) {
		for b.Loop() {
			o := Open(data)
			o.skipNested()
		}
	})
	b.Run("plain", func(b *testing.B) {
		for b.Loop() {
			plainNested(data)
		}
	})
}
