// Package json is encoding/json for code that a page loads: the same calls, the
// same types and the same results. To use it is to change an import.
//
// Natively it is encoding/json. There the library that everybody uses is worth
// more than a smaller one. For js it is package codec.
package json
