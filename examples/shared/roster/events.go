package roster

import (
	"encoding/json"

	"github.com/bifrons-rtc/bifrons/client"
)

type (
	// Joined says that somebody came. Its Kind is "roster.joined".
	Joined struct {
		client.EventBase
		Person Person
	}

	// Left says that somebody is gone. Its Kind is "roster.left".
	Left struct {
		client.EventBase
		ID client.ID
	}
)

// decode gives an event its type. Nil leaves it a *client.PluginEvent.
func decode(ev *client.PluginEvent) client.Event {
	var data struct {
		Joining *Person         `json:"joining"`
		Leaving json.RawMessage `json:"leaving"`
	}
	if json.Unmarshal(ev.Data, &data) != nil {
		return nil
	}
	base := ev.EventBase
	if data.Joining != nil {
		base.Kind = "roster.joined"
		return &Joined{base, *data.Joining}
	}
	var id client.ID
	if json.Unmarshal(data.Leaving, &id) != nil {
		return nil
	}
	base.Kind = "roster.left"
	return &Left{base, id}
}
