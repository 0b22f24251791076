package textroom

import (
	"errors"

	"github.com/bifrons-rtc/bifrons/client"
)

// Error codes of the plugin, JANUS_TEXTROOM_ERROR_* in its source. They are the
// same over the Janus API and over the data channel:
//
//	if errors.Is(err, textroom.ErrNoSuchRoom) { … }
var (
	ErrNoMessage      = client.PluginCode{Plugin: Plugin, Code: 411}
	ErrInvalidJSON    = client.PluginCode{Plugin: Plugin, Code: 412}
	ErrMissingElement = client.PluginCode{Plugin: Plugin, Code: 413}
	ErrInvalidElement = client.PluginCode{Plugin: Plugin, Code: 414} // also: the id is a number and the server has string_ids, or the other way round
	ErrInvalidRequest = client.PluginCode{Plugin: Plugin, Code: 415}
	ErrAlreadySetup   = client.PluginCode{Plugin: Plugin, Code: 416} // also: restart without a connection
	ErrNoSuchRoom     = client.PluginCode{Plugin: Plugin, Code: 417}
	ErrRoomExists     = client.PluginCode{Plugin: Plugin, Code: 418}
	ErrUnauthorized   = client.PluginCode{Plugin: Plugin, Code: 419} // wrong secret, PIN, admin key or token
	ErrUsernameInUse  = client.PluginCode{Plugin: Plugin, Code: 420}
	ErrAlreadyInRoom  = client.PluginCode{Plugin: Plugin, Code: 421}
	ErrNotInRoom      = client.PluginCode{Plugin: Plugin, Code: 422}
	ErrNoSuchUser     = client.PluginCode{Plugin: Plugin, Code: 423}
	ErrUnknown        = client.PluginCode{Plugin: Plugin, Code: 499}
)

// ErrEnded is matched by the errors of a [Conn] that has ended; they say why. An
// error of a request that was sent before the end and not answered matches
// [client.ErrOutcomeUnknown] too.
var ErrEnded = errors.New("textroom: connection ended")
