// Package tsgen writes TypeScript types for what Go packages send to a page and
// take from it, so that the Go structs stay the one place where a message is
// written down.
//
//	files, err := tsgen.Generate(ctx, &tsgen.Options{Packages: []string{"./client", "./plugins/echotest"}})
//
// Command bifrons-tsgen is its face.
//
// # What is written
//
// Exported structs become interfaces of the same name, with their comments.
// Left out are errors, which cross as JavaScript errors; structs with nothing
// exported in them, which are objects and not messages, and unknown where they
// are fields; and fields of functions, channels and interfaces, but for any,
// which is unknown.
//
// A struct with a json tag is a message: its fields are named and written as
// encoding/json does. omitempty, omitzero and pointers make a field optional. A
// slice or a map that is always written is null when it is nil. A
// time.Duration is refused there: encoding/json would write nanoseconds.
//
// A struct without one is what the two faces of an API hand over, by the rules
// of package pagejson: its fields begin in lower case, as in streamId for
// StreamID; pointers and errors are optional, slices and maps are empty and not
// null; durations are milliseconds, times are milliseconds since 1970, integers
// with a String method are its text. A []byte is a Uint8Array, which goes beside
// the JSON. Where the struct is only ever an argument, its zero fields are
// defaults, so all are optional.
//
// A string whose comment begins with what it can be, as in "audio" or "video",
// becomes the union of that. A string type with constants becomes the union of
// them. So does an integer type with a String method that is a switch and
// returns literals; as it is a number for encoding/json, messages refuse it
// unless it has a MarshalText method. Other integer types with constants become an object of the constants,
// as do the variables of type client.PluginCode, under the name Codes. Other
// constants stay what they are.
//
// # Events
//
// A struct that embeds client.EventBase is an event, and has no json tags. The
// field kind tells them apart, and Event is the union of them all. The kind is
// what the comment says, as in: Its Kind is "media.track". Without such a
// sentence it is the package and the type, as in echotest.slow_link for
// echotest.SlowLink, if the package has a literal like it.
//
// # Ids
//
// client.ID is a number, a bigint or a string. JavaScript's numbers are exact
// up to 2^53-1; a number above it is a bigint, on the way to the page and back,
// because a string would be another id. Other integers of 64 bits are numbers:
// counters do not get there, and the gateway makes ids of sessions and handles
// below it.
package tsgen
