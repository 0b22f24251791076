//go:build js && bifrons_testing

package main

import (
	"context"
	"encoding/json"
	"errors"
	"syscall/js"
	"time"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/transport"
)

// The program with this is bifrons-testing.wasm. Its own half of the page is
// web/src/testing.ts.
func init() { //nolint:gochecknoinits // what pages load has no trace of this
	families["gateway"] = gatewayCall
	families["message"] = messageCall
}

// scheme is that of janustest.URL, which the page dials.
const scheme = "janustest"

func gatewayCall(ctx context.Context, c *call) (any, error) {
	if c.method == "start" {
		return startGateway(c)
	}
	gw, err := lookup[*janustest.Server](c, c.ref)
	if err != nil {
		return nil, err
	}
	switch c.method {
	case "dial":
		return dial(ctx, c, &client.Options{Transports: transport.Registry{scheme: gw.Dialer()}})
	case "plugin":
		handlePlugin(gw, c)
		return nil, nil
	case "push":
		return nil, c.push(gw)
	case "requests":
		return gw.Requests(), nil
	case "sessions":
		return gw.Sessions(), nil
	case "handles":
		return gw.Handles(c.id(0)), nil
	case "close":
		gw.Close()
		return nil, nil
	}
	return c.fault(gw)
}

func startGateway(c *call) (any, error) {
	var opts janustest.Options
	if err := c.decode(&opts); err != nil {
		return nil, err
	}
	for _, d := range []*time.Duration{&opts.SessionTimeout, &opts.ReclaimTimeout} {
		*d *= time.Millisecond // as they cross
	}
	return c.objects.add(janustest.NewServer(&opts)), nil
}

// fault makes something go wrong at the gateway, or right again.
func (c *call) fault(gw *janustest.Server) (any, error) {
	switch c.method {
	case "drop":
		gw.Drop()
	case "refuse":
		var reason error
		if v := c.value(0); given(v) {
			reason = errors.New(v.String())
		}
		gw.Refuse(reason)
	case "delay":
		gw.Delay(milliseconds(c.value(0).Float()))
	case "fail":
		var codes []client.Code
		if err := c.decode(&codes); err != nil {
			return nil, err
		}
		gw.Fail(c.value(0).String(), codes...)
	case "silence":
		gw.Silence(c.strings(0)...)
	case "inject":
		return nil, c.inject(gw)
	case "drain":
		gw.Drain(c.value(0).Truthy())
	case "freeze":
		gw.Freeze()
	case "thaw":
		gw.Thaw()
	case "restart":
		gw.Restart(milliseconds(c.value(0).Float()))
	case "eventBeforeAck":
		gw.EventBeforeAck(c.value(0).Truthy())
	case "expire":
		return js.ValueOf(gw.ExpireSession(c.id(0))), nil
	case "pushRaw":
		gw.PushRaw([]byte(c.value(0).String()))
	case "addToken":
		gw.AddToken(c.value(0).String(), c.strings(1)...)
	case "removeToken":
		gw.RemoveToken(c.value(0).String())
	default:
		return nil, errUnknown
	}
	return nil, nil
}

// inject puts faults to work, whose durations cross in milliseconds.
func (c *call) inject(gw *janustest.Server) error {
	var faults []janustest.Fault
	if err := c.decode(&faults); err != nil {
		return err
	}
	for i := range faults {
		faults[i].For *= time.Millisecond
	}
	gw.Inject(faults...)
	return nil
}

// push sends a message of the gateway's own accord.
func (c *call) push(gw *janustest.Server) error {
	var m struct {
		Session, Handle uint64
		Kind            string
		Data            json.RawMessage
		JSEP            *client.JSEP
	}
	if err := c.decode(&m); err != nil {
		return err
	}
	if m.Data == nil {
		m.Data = json.RawMessage("{}")
	}
	return gw.Push(m.Session, m.Handle, m.Kind, m.Data, m.JSEP)
}

// id returns a value that is the gateway's id of something: below 2^53, as all
// of them are.
func (c *call) id(i int) uint64 { return uint64(c.value(i).Float()) }

// strings returns the values from the first on.
func (c *call) strings(first int) (list []string) {
	for i := first; i < c.values.Length(); i++ {
		list = append(list, c.value(i).String())
	}
	return list
}
