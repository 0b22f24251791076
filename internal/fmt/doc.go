// Package fmt formats errors and texts in code that a page loads, where the
// library's fmt costs 23 KB. To use it is to change an import.
//
//	return fmt.Errorf("attach %s: %w", plugin, err)
//
// It knows %s, %v and %q of texts, errors, Stringers and bytes, %d and %v of whole
// numbers, and %w, all without flags or widths, and does with these what the
// library does; %v of bytes is their text. Anything else is a mistake and written
// as %!v(). go vet checks the calls as it does those of the library.
//
// All functions may be called concurrently.
package fmt
