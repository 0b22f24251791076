// Package pagejson writes Go values as the JSON text a page gets, by the rules
// that internal/tsgen writes the page's types by.
//
//	b := pagejson.Append(nil, &client.Hangup{Reason: "ICE failed"}, nil)
//
// A struct with a json tag is a message and looks as encoding/json writes it.
// In any other struct the names begin in lower case, as in streamId for
// StreamID; embedded structs lie flat; nil pointers, nil interfaces and empty
// json.RawMessages are left out, nil slices and maps are empty; a time.Duration
// is a number of milliseconds and a time.Time one since 1970; an integer with a
// String method is its text. What JSON cannot hold is left out: functions,
// channels, and structs without an exported field.
//
// All functions may be called concurrently.
package pagejson
