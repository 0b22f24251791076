package main

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/client/janustest"
	"github.com/bifrons-rtc/bifrons/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }

// dice plays the plugin: everything it rolls is a jackpot.
func dice(_ context.Context, m *janustest.Message) (*janustest.Answer, error) {
	var body struct {
		Request string `json:"request"`
		Sides   int    `json:"sides"`
	}
	if err := json.Unmarshal(m.Body, &body); err != nil {
		return nil, err
	}
	if body.Sides < 2 {
		return nil, &client.PluginError{
			PluginCode: client.PluginCode{Plugin: Plugin, Code: 421},
			Reason:     "No such die",
		}
	}
	for _, data := range []map[string]any{
		{"dice": "weather", "sun": true},
		{"dice": "jackpot", "player": "ann", "value": body.Sides, "session": "not ours"},
	} {
		if err := m.Event(data, nil); err != nil {
			return nil, err
		}
	}
	return &janustest.Answer{Data: map[string]any{"dice": "rolled", "value": body.Sides}}, nil
}

func TestDice(t *testing.T) {
	gw := janustest.New(t, nil)
	gw.Handle(Plugin, janustest.PluginFunc(dice))
	c, err := gw.Client(t.Context(), nil)
	require.NoError(t, err)
	defer c.Close()
	s, err := c.NewSession(t.Context())
	require.NoError(t, err)
	h, err := Attach(t.Context(), s)
	require.NoError(t, err)

	_, err = h.Roll(t.Context(), 1)
	require.ErrorIs(t, err, ErrNoSuchDie)
	value, err := h.Roll(t.Context(), 6)
	require.NoError(t, err)
	require.Equal(t, 6, value)

	ev, err := h.Next(t.Context())
	require.NoError(t, err)
	require.IsType(t, (*client.PluginEvent)(nil), ev, "what no type fits stays as it is")
	ev, err = h.Next(t.Context())
	require.NoError(t, err)
	jackpot, ok := ev.(*Jackpot)
	require.True(t, ok)
	require.Equal(t, "dice.jackpot", jackpot.Kind)
	require.Equal(t, s.ID(), jackpot.Session)
	require.Equal(t, "ann", jackpot.Player)
	require.Equal(t, 6, jackpot.Value)
	require.NoError(t, s.Destroy(t.Context()))
}

func TestDiceMissing(t *testing.T) {
	c, err := janustest.New(t, nil).Client(t.Context(), nil)
	require.NoError(t, err)
	defer c.Close()
	s, err := c.NewSession(t.Context())
	require.NoError(t, err)
	_, err = Attach(t.Context(), s)
	require.ErrorIs(t, err, client.PluginNotFound)
}
