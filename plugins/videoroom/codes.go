package videoroom

import "github.com/bifrons-rtc/bifrons/client"

// Error codes of the plugin, JANUS_VIDEOROOM_ERROR_* in its source:
//
//	if errors.Is(err, videoroom.ErrNoSuchRoom) { … }
var (
	ErrNoMessage        = client.PluginCode{Plugin: Plugin, Code: 421}
	ErrInvalidJSON      = client.PluginCode{Plugin: Plugin, Code: 422}
	ErrInvalidRequest   = client.PluginCode{Plugin: Plugin, Code: 423} // unknown, or of the other role
	ErrJoinFirst        = client.PluginCode{Plugin: Plugin, Code: 424}
	ErrAlreadyJoined    = client.PluginCode{Plugin: Plugin, Code: 425} // also: the handle left a room before
	ErrNoSuchRoom       = client.PluginCode{Plugin: Plugin, Code: 426}
	ErrRoomExists       = client.PluginCode{Plugin: Plugin, Code: 427}
	ErrNoSuchFeed       = client.PluginCode{Plugin: Plugin, Code: 428} // also: no such m-line of it
	ErrMissingElement   = client.PluginCode{Plugin: Plugin, Code: 429} // also: no secret where the room has one
	ErrInvalidElement   = client.PluginCode{Plugin: Plugin, Code: 430}
	ErrInvalidSDPType   = client.PluginCode{Plugin: Plugin, Code: 431}
	ErrPublishersFull   = client.PluginCode{Plugin: Plugin, Code: 432}
	ErrUnauthorized     = client.PluginCode{Plugin: Plugin, Code: 433} // wrong secret, pin, token or private id
	ErrAlreadyPublished = client.PluginCode{Plugin: Plugin, Code: 434}
	ErrNotPublished     = client.PluginCode{Plugin: Plugin, Code: 435}
	ErrIDExists         = client.PluginCode{Plugin: Plugin, Code: 436}
	ErrInvalidSDP       = client.PluginCode{Plugin: Plugin, Code: 437} // also: nothing to offer
	ErrMixedE2EE        = client.PluginCode{Plugin: Plugin, Code: 438} // encrypted and plain feeds in one subscription
	ErrUnknown          = client.PluginCode{Plugin: Plugin, Code: 499}
)
