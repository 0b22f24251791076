package echotest

import "github.com/bifrons-rtc/bifrons/client"

// Error codes of the plugin, JANUS_ECHOTEST_ERROR_* in its source:
//
//	if errors.Is(err, echotest.ErrInvalidElement) { … }
var (
	ErrNoMessage      = client.PluginCode{Plugin: Plugin, Code: 411}
	ErrInvalidJSON    = client.PluginCode{Plugin: Plugin, Code: 412}
	ErrInvalidElement = client.PluginCode{Plugin: Plugin, Code: 413} // also: no setting the server knows
	ErrInvalidSDP     = client.PluginCode{Plugin: Plugin, Code: 414}
)
