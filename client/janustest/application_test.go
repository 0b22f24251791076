package janustest_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/plugins/videoroom"
)

// watch is an application: it enters a video room and shows who publishes there.
func watch(ctx context.Context, c *client.Client, show func(names string)) error {
	s, err := c.NewSession(ctx)
	if err != nil {
		return err
	}
	room, err := videoroom.Join(ctx, s, videoroom.RoomOptions{Join: videoroom.JoinRequest{Room: client.NumID(1234)}})
	for err == nil {
		var names []string
		for _, feed := range room.Feeds() {
			names = append(names, feed.Display)
		}
		show(strings.Join(names, " and "))
		_, err = room.Next(ctx)
	}
	return err
}

// credentials gives another token each time.
func credentials(tokens ...string) client.CredentialsFunc {
	return func(context.Context) (client.Credentials, error) {
		token := tokens[0]
		tokens = tokens[1:]
		return client.Credentials{Token: token}, nil
	}
}

// doc begins
func TestWatch(t *testing.T) {
	for name, goWrong := range map[string]func(gw *janustest.Server){
		"nothing is wrong":     func(*janustest.Server) {},
		"the socket drops":     (*janustest.Server).Drop,
		"the gateway restarts": func(gw *janustest.Server) { gw.Restart(5 * time.Second) },
		"the gateway freezes":  func(gw *janustest.Server) { gw.Freeze(); <-time.After(time.Minute); gw.Thaw() },
		"the token expires":    func(gw *janustest.Server) { gw.RemoveToken("first"); gw.AddToken("second") },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				gw := janustest.New(t, &janustest.Options{Tokens: map[string][]string{"first": nil}})
				gw.Handle(videoroom.Plugin, janustest.NewScript(
					janustest.Step{On: "join", Event: `{"videoroom":"joined","room":1234,"id":1,"publishers":[{"id":2,"display":"Ada"}]}`},
				))
				c, err := gw.Client(t.Context(), &client.Options{Credentials: credentials("first", "second")})
				require.NoError(t, err)
				defer c.Close()
				shown := make(chan string, 100)
				go func() { _ = watch(t.Context(), c, func(names string) { shown <- names }) }()
				require.Equal(t, "Ada", <-shown)

				goWrong(gw)
				<-time.After(time.Minute) // it takes no time here
				session := gw.Sessions()[0]
				bob := json.RawMessage(`{"videoroom":"event","room":1234,"publishers":[{"id":3,"display":"Bob"}]}`)
				require.NoError(t, gw.Push(session, gw.Handles(session)[0], "event", bob, nil))
				for names := range shown {
					if names == "Ada and Bob" {
						return
					}
				}
			})
		})
	}
}

// doc ends
