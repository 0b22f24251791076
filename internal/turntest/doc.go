// Package turntest runs a TURN server (RFC 8656) inside a test process, to prove
// that media goes through a relay when it has to.
//
// All but this file is native only.
package turntest
