package janustest_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
)

// A plugin of three lines, and a gateway that fails. In a test, New(t, nil)
// closes the gateway by itself.
func Example() {
	ctx := context.Background()
	gw := janustest.NewServer(nil)
	defer gw.Close()
	gw.Handle("janus.plugin.greeter", janustest.PluginFunc(
		func(_ context.Context, m *janustest.Message) (*janustest.Answer, error) {
			return &janustest.Answer{Data: map[string]string{"greeting": "hello " + m.OpaqueID}}, nil
		}))

	c, err := gw.Client(ctx, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer c.Close()
	gw.Fail("create", client.NotAcceptingSessions)
	_, err = c.NewSession(ctx)
	fmt.Println("draining:", errors.Is(err, client.NotAcceptingSessions))

	s, err := c.NewSession(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	h, err := s.Attach(ctx, "janus.plugin.greeter", &client.AttachOptions{OpaqueID: "Ada"})
	if err != nil {
		fmt.Println(err)
		return
	}
	resp, err := h.Request(ctx, nil, nil)
	fmt.Println(string(resp.Data), err)
	// Output:
	// draining: true
	// {"greeting":"hello Ada"} <nil>
}
