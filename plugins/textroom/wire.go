package textroom

import (
	"strconv"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/json"
	"github.com/bifrons-rtc/bifrons/internal/jsonscan"
)

// compose writes a request: the two planes name the verb differently, and only
// the data channel has transactions of its own. body encodes to an object.
func compose(key, verb, transaction string, body any) (json.RawMessage, error) {
	fields, err := json.Marshal(body)
	if err != nil {
		return nil, fmt.Errorf("encode the request: %w", err)
	}
	b := make([]byte, 0, len(fields)+64)
	b = append(b, `{"`...)
	b = append(b, key...)
	b = append(b, `":"`...)
	b = append(b, verb...)
	b = append(b, '"')
	if transaction != "" {
		b = append(b, `,"transaction":"`...)
		b = append(b, transaction...)
		b = append(b, '"')
	}
	if len(fields) > len("{}") {
		b = append(b, ',')
	}
	return append(b, fields[1:]...), nil
}

// transactionOf returns what a message on the data channel answers; empty for an
// event.
func transactionOf(raw []byte) string {
	s, _ := jsonscan.String(jsonscan.Get(raw, "transaction"))
	return string(s)
}

// refusal returns the error a message on the data channel holds, if it does.
// Janus' documentation and its versions disagree on the other fields of one.
func refusal(raw []byte) *client.PluginError {
	n, ok := jsonscan.Uint(jsonscan.Get(raw, "error_code"))
	if !ok {
		return nil
	}
	reason, _ := jsonscan.String(jsonscan.Get(raw, "error"))
	return &client.PluginError{
		PluginCode: client.PluginCode{Plugin: Plugin, Code: int(min(n, 1<<31-1))}, Reason: string(reason), Raw: raw}
}

// transaction is the n-th one of a connection, whose channel nobody shares.
func transaction(n uint64) string { return "b" + strconv.FormatUint(n, 36) }
