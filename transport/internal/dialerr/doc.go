// Package dialerr turns the error of a failed dial into one line that names
// the cause and the fix, and that holds no secret of the URL.
//
// The native transports that go through net/http share it; there is nothing in
// it for GOOS=js.
package dialerr
