package jsx

import (
	"errors"
	"runtime"
	"syscall/js"
)

// Error is a JavaScript exception.
type Error struct {
	Name    string // of its class, such as "TypeError" or "NotAllowedError"
	Message string
	value   js.Value
}

// Name is the name of an exception, for errors.Is(err, jsx.Name("AbortError")).
type Name string

// Error returns the name.
func (n Name) Error() string { return string(n) }

// ErrorOf makes an error of what JavaScript has thrown, which may be anything.
func ErrorOf(thrown js.Value) *Error {
	e := &Error{value: thrown}
	if thrown.Type() == js.TypeObject {
		e.Name, e.Message = text(thrown.Get("name")), text(thrown.Get("message"))
	}
	if e.Name == "" && e.Message == "" {
		e.Message = display(thrown)
	}
	return e
}

// Error returns name and message. The stack is not in it, see Stack.
func (e *Error) Error() string {
	if e.Name == "" || e.Message == "" {
		return e.Name + e.Message
	}
	return e.Name + ": " + e.Message
}

// Is reports whether target is the [Name] of the exception.
func (e *Error) Is(target error) bool {
	name, ok := target.(Name)
	return ok && string(name) == e.Name
}

// Value returns what was thrown.
func (e *Error) Value() js.Value { return e.value }

// Stack returns the stack of the exception; it may be empty.
func (e *Error) Stack() string {
	if e.value.Type() != js.TypeObject {
		return ""
	}
	return text(e.value.Get("stack"))
}

// Throwable returns what JavaScript shall see of err: what its method JSValue
// returns, if it or an error it wraps has one; the exception itself, if it is
// one; or an Error with its text, and with the name and the cause of an
// exception that it wraps.
func Throwable(err error) js.Value {
	type valuer interface {
		error
		JSValue() js.Value
	}
	if v, ok := errors.AsType[valuer](err); ok {
		return v.JSValue()
	}
	e, ok := errors.AsType[*Error](err)
	if ok && e == err { //nolint:errorlint // what wraps it has more to say
		return e.value
	}
	v := js.Global().Get("Error").New(err.Error())
	if ok {
		v.Set("name", e.Name)
		v.Set("cause", e.value)
	}
	return v
}

// panicked makes an Error of what recover returned.
func panicked(r any) js.Value {
	message := "panic"
	switch r := r.(type) {
	case nil:
		message = "the goroutine has ended" // runtime.Goexit
	case error:
		message = "panic: " + r.Error()
	case string:
		message = "panic: " + r
	}
	e := js.Global().Get("Error").New(message)
	e.Set("name", "GoPanic")
	stack := make([]byte, 8<<10)
	e.Set("stack", "GoPanic: "+message+"\n"+string(stack[:runtime.Stack(stack, false)]))
	return e
}

// text returns a string, and nothing for what is none.
func text(v js.Value) string {
	if v.Type() != js.TypeString {
		return ""
	}
	return v.String()
}

// display returns what JavaScript prints for v, if it does print something.
func display(v js.Value) string {
	s, err := Try(func() js.Value { return js.Global().Get("String").Invoke(v) })
	if err != nil {
		return "an exception that has no text"
	}
	return s.String()
}
