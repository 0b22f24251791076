package textroom_test

import (
	"fmt"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/plugins/textroom"
)

// TestSecretsArePrivate prints what holds them, and what was made with them.
func TestSecretsArePrivate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const canary = "canary"
		s := setUp(t)
		c, ch := s.open()
		req := textroom.JoinRequest{Room: room, Username: "ann", PIN: canary, Token: canary, Secret: canary}
		got := async(func() ([]textroom.Participant, error) { return c.Join(t.Context(), req) })
		ch.answer(ch.expect(t, "join"), `"textroom":"success","participants":[]`)
		require.NoError(t, (<-got).err)
		require.NoError(t, ch.Close())
		<-c.Done()
		require.NoError(t, s.Session().Client().Close())
		synctest.Wait()
		text := ""
		for _, v := range []any{
			req, &req, s.Handle, c, textroom.AllowedRequest{Allowed: []string{canary}}, textroom.KickRequest{Secret: canary},
			textroom.CreateRequest{Room: client.NumID(1), Secret: canary, PIN: canary, AdminKey: canary, Allowed: []string{canary}},
			textroom.EditRequest{Secret: canary, NewSecret: canary, NewPIN: canary}, textroom.DestroyRequest{Secret: canary},
			textroom.AnnouncementRequest{Secret: canary},
		} {
			text += fmt.Sprintf("%v\n%+v\n%#v\n", v, v, v)
		}
		require.NotContains(t, text, canary)
		require.Contains(t, text, `"username":"ann"`)
	})
}
