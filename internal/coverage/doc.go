// Package coverage compares tables of what a gateway knows with the code: every
// request and event of the core, of a plugin or of the admin API needs its place
// in Go, a test against a real Janus, and its place in TypeScript.
//
// A package keeps its table in testdata/requests.txt, whose lines are
//
//	typescript MODULE…   where that is, from the root: MODULE.ts, and the folder; or
//	typescript none WHY
//	counts N requests M events
//	request NAME METHOD TESTS TYPESCRIPT
//	former  NAME METHOD TESTS TYPESCRIPT   which the newest gateway has no more
//	event   NAME TYPE   TESTS TYPESCRIPT
//
// NAME is what is on the wire, in brackets if no gateway at hand says it. METHOD is
// Type.Method. TESTS are functions of the tests, with commas between, those of
// another package as folder:function; each has to use the method or the type,
// itself or by the functions of the tests that it calls, and a native test against
// a real Janus (TestJanus…) has to lead to it, unless NAME is in brackets.
// TYPESCRIPT is Class.method(Type), where the method's signature has to have the
// type, if one is named, or the name of an exported type. What stands behind a #
// is a note.
//
// All but this file is native only: run
//
//	go test -v ./internal/coverage
package coverage
