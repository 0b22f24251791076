// Package apiparity keeps the exported surface of every package the same on
// both targets. Its test parses each package as GOOS=linux and as GOOS=js and
// fails on every difference that the allow-list does not name, and on every
// entry of that list which is no difference any more.
package apiparity
