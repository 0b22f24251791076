// Package hostile is a gateway that answers whatever a test tells it to, and the
// answers that no Janus gives: wrong types, huge lists, ids of every kind, fields
// that are missing or too many. A plugin's package has to bear all of that: each
// call ends, with a typed error if it fails, each event arrives, and a handle is
// as good as before.
//
//	func TestHostileAnswers(t *testing.T) {
//		hostile.Run(t, Plugin, hostile.Bodies("echotest", kinds, fields), enter)
//	}
package hostile
