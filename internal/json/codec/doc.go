// Package codec does what encoding/json does, byte for byte, in less code: a page
// loads every byte of it. Package json chooses between the two.
//
//	text, err := codec.Marshal(v)
//	err = codec.Unmarshal(text, &v)
//
// Its tests compare it with encoding/json, which is its specification: the same
// bytes, the same values and the same errors. Two types of error there keep their
// text to themselves, so that here an error with the text wraps them: a
// *json.SyntaxError, and the *json.MarshalerError of a MarshalText.
//
// It reads in two passes, as encoding/json does: the first checks the text, so
// that nothing is stored of a broken one. What it takes from memory is bounded by
// the length of the text and the size of the values asked for. Of 10000 brackets
// that may be open, as in encoding/json, it stores what is in 1000, and reports
// what is deeper.
//
// All functions may be called concurrently.
package codec
