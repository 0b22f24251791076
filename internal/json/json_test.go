package json_test

import (
	std "encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/json"
	"github.com/bifrons-rtc/bifrons/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

// TestSame runs what either target has; what is in it, package codec tests.
func TestSame(t *testing.T) {
	for _, text := range []string{`{"a":[1,null],"b":"<é>"}`, `{"a":5}`, `{`} {
		type message struct {
			A []int
			B string `json:"b"`
		}
		var got, want message
		gotErr, wantErr := json.Unmarshal([]byte(text), &got), std.Unmarshal([]byte(text), &want)
		require.Equal(t, want, got)
		require.Equal(t, wantErr == nil, gotErr == nil)
		if wantErr != nil {
			require.EqualError(t, gotErr, wantErr.Error())
		}
		gotText, err := json.Marshal(got)
		require.NoError(t, err)
		wantText, err := std.Marshal(want)
		require.NoError(t, err)
		require.Equal(t, string(wantText), string(gotText))
		require.Equal(t, std.Valid([]byte(text)), json.Valid([]byte(text)))
	}
}
