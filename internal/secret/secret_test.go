package secret_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/internal/secret"
)

// TestHide keeps what is no secret.
func TestHide(t *testing.T) {
	t.Parallel()
	require.JSONEq(t, `{"room":1,"pin":"***","allowed":["***"]}`, secret.Hide(struct {
		Room    int      `json:"room"`
		PIN     string   `json:"pin"`
		Allowed []string `json:"allowed"`
	}{1, "canary", []string{"canary"}}))
	require.Equal(t, "***", secret.Hide(make(chan int)))
}
