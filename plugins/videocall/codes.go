package videocall

import (
	"errors"

	"github.com/bifrons-rtc/bifrons/client"
)

// Error codes of the plugin, JANUS_VIDEOCALL_ERROR_* in its source:
//
//	if errors.Is(err, videocall.ErrNoSuchUsername) { … }
var (
	ErrNoMessage         = client.PluginCode{Plugin: Plugin, Code: 470}
	ErrInvalidJSON       = client.PluginCode{Plugin: Plugin, Code: 471}
	ErrInvalidRequest    = client.PluginCode{Plugin: Plugin, Code: 472}
	ErrRegisterFirst     = client.PluginCode{Plugin: Plugin, Code: 473}
	ErrInvalidElement    = client.PluginCode{Plugin: Plugin, Code: 474}
	ErrMissingElement    = client.PluginCode{Plugin: Plugin, Code: 475}
	ErrUsernameTaken     = client.PluginCode{Plugin: Plugin, Code: 476}
	ErrAlreadyRegistered = client.PluginCode{Plugin: Plugin, Code: 477}
	ErrNoSuchUsername    = client.PluginCode{Plugin: Plugin, Code: 478}
	ErrUseEchoTest       = client.PluginCode{Plugin: Plugin, Code: 479} // a call to oneself
	ErrAlreadyInCall     = client.PluginCode{Plugin: Plugin, Code: 480}
	ErrNoCall            = client.PluginCode{Plugin: Plugin, Code: 481}
	ErrMissingSDP        = client.PluginCode{Plugin: Plugin, Code: 482}
	ErrInvalidSDP        = client.PluginCode{Plugin: Plugin, Code: 483}
	ErrUnknown           = client.PluginCode{Plugin: Plugin, Code: 499}
)

var (
	// ErrBusy is matched when somebody was called who is in another call.
	ErrBusy = errors.New("videocall: the user is busy")

	// ErrGlare is the Err of an *Updated whose offer was left alone, because both
	// sides offered at once and ours counts. The other side offers again.
	ErrGlare = errors.New("videocall: both sides offered at once, and the caller's offer counts")
)
