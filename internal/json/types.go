package json

import "encoding/json"

// RawMessage is encoding/json's.
type RawMessage = json.RawMessage

// Marshaler is encoding/json's.
type Marshaler = json.Marshaler

// UnmarshalTypeError is encoding/json's.
type UnmarshalTypeError = json.UnmarshalTypeError
