package fmt_test

import (
	"encoding/json"
	"errors"
	std "fmt"
	"io"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

type (
	name   string
	number int16
	code   uint16
)

func (c code) String() string { return "code" + string(rune('0'+c)) }

// values are written with every verb.
var values = []any{
	"", "text", "q\"\n\x00é\xff", name("named"), 0, -1, number(-7), code(3), uint64(math.MaxUint64), int64(math.MinInt64), byte(9), uintptr(1),
	[]byte("bytes"), []byte(nil), json.RawMessage("{}"),
	time.Duration(1500) * time.Millisecond, errors.New("err"), client.NotAcceptingSessions, client.NumID(7), client.StrID("a"), context{}, nil,
	true, 1.5, []string{"a"}, [1]int{}, struct{}{}, new(int),
}

type context struct{}

func (context) Error() string  { return "error" }
func (context) String() string { return "never" }

func TestSprintf(t *testing.T) {
	for _, verb := range []string{"%s", "%v", "%q", "%d"} {
		for _, v := range values {
			want := std.Sprintf("a"+verb+"b", v)
			switch v.(type) {
			case int, number, uint64, int64, byte, uintptr:
				if verb == "%q" { // a character
					want = "a%!q()b"
				}
			case []byte, json.RawMessage:
				switch verb {
				case "%v":
					want = std.Sprintf("a%sb", v)
				case "%d":
					want = "a%!d()b"
				}
			case context:
				if verb == "%d" {
					want = "a%!d()b"
				}
			case bool, float64, []string, [1]int, struct{}, *int, nil:
				want = "a%!" + verb[1:] + "()b"
			}
			if strings.Contains(want, "%!") {
				want = "a%!" + verb[1:] + "()b"
			}
			require.Equal(t, want, fmt.Sprintf("a"+verb+"b", v), "%s of %#v", verb, v)
		}
	}
	args := []any{"x", name("y"), number(3), errors.New("z")}
	for format, n := range map[string]int{"": 0, "a": 0, "%%": 0, "100%% %s": 1, "%s: %s (error %d): %v": 4, "%s%s": 2, "é%sé": 1} {
		require.Equal(t, std.Sprintf(format, args[:n]...), fmt.Sprintf(format, args[:n]...))
	}
	for format, want := range map[string]string{"%s": "%!s()", "a%": "a%!()", "%": "%!()", "%5d": "%!5()d", "%x": "%!x()"} {
		require.Equal(t, want, fmt.Sprintf(format, args[:0]...), "hidden from go vet, which finds all of these")
	}
	require.Equal(t, "%!x()", fmt.Sprintf("%x", args[0]))
}

func TestErrorf(t *testing.T) {
	one, two := errors.New("one"), io.EOF
	for _, test := range []struct {
		format string
		args   []any
	}{
		{"plain", nil},
		{"op: %w", []any{one}},
		{"%w: %w", []any{one, two}},
		{"%s: %w; then %w (%d)", []any{"x", one, two, 5}},
		{"%v", []any{one}},
	} {
		got, want := fmt.Errorf(test.format, test.args...), std.Errorf(test.format, test.args...)
		require.Equal(t, want.Error(), got.Error())
		for _, err := range []error{one, two} {
			require.Equal(t, errors.Is(want, err), errors.Is(got, err), test.format)
		}
		require.Equal(t, errors.Unwrap(want), errors.Unwrap(got))
	}
}
