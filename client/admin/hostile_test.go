package admin

import (
	"context"
	"errors"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/transport"
)

// something is an argument that is not refused before it is sent.
func something(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("127.0.0.1")
	case reflect.Int:
		v.SetInt(1)
	case reflect.Uint16, reflect.Uint64:
		v.SetUint(1)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Field(i).CanSet() {
				something(v.Field(i))
			}
		}
	}
}

// everything calls every method of c, the n-th returning results[n].
func everything(ctx context.Context, c *Client) (names []string, results []error) {
	v := reflect.ValueOf(c)
	for m := range v.Type().Methods() {
		last := m.Type.NumOut() - 1
		if m.Type.NumIn() < 2 || m.Name == "WatchHandle" || last < 0 {
			continue // no request; or HandleInfo, again and again
		}
		args := []reflect.Value{v, reflect.ValueOf(ctx)}
		for i := 2; i < m.Type.NumIn(); i++ {
			of := m.Type.In(i)
			if m.Type.IsVariadic() && i == m.Type.NumIn()-1 {
				of = of.Elem()
			}
			arg := reflect.New(of).Elem()
			something(arg)
			args = append(args, arg)
		}
		err, _ := m.Func.Call(args)[last].Interface().(error)
		names, results = append(names, m.Name), append(results, err)
	}
	return names, results
}

// FuzzAnswers has every request answered with one thing: the error has a type.
func FuzzAnswers(f *testing.F) {
	for _, answer := range []string{
		``, `{}`, `{"janus":"success"}`, `{"janus":"success","status":{"log_level":"x"},"sessions":[1,"2",-3],"handles":{},"data":[{}]}`,
		`{"janus":"success","info":{"webrtc":{"media":[5]}},"data":{"tokens":[{"token":5}]},"response":[]}`,
		`{"janus":"error","error":{"code":"x"}}`, `{"janus":"error","error":{"code":403}}`, `{"janus":"server_info","version":"x"}`, "\xff",
	} {
		f.Add([]byte(answer))
	}
	near, _ := transport.Pipe()
	d := &direct{Conn: near}
	c := New(d, nil)
	f.Cleanup(func() {
		if err := c.Close(); err != nil {
			f.Error(err)
		}
	})
	f.Fuzz(func(t *testing.T, answer []byte) {
		d.answer = append([]byte{}, answer...)
		names, results := everything(t.Context(), c)
		require.Greater(t, len(names), 35)
		for i, err := range results {
			protocol, refused, argument := new(*client.ProtocolError), new(*client.Error), new(*client.ArgumentError)
			if err != nil && !errors.As(err, protocol) && !errors.As(err, refused) {
				require.False(t, errors.As(err, argument), "%s was not asked: %v", names[i], err)
				t.Fatalf("%s: %T: %v", names[i], err, err)
			}
		}
	})
}
