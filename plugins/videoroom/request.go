package videoroom

import (
	"bytes"
	"context"

	"github.com/bifrons-rtc/bifrons/client"
	"github.com/bifrons-rtc/bifrons/internal/fmt"
	"github.com/bifrons-rtc/bifrons/internal/json"
)

// call sends a request and reads the answer into out, which may be nil. body may
// be nil too.
func (h *Handle) call(ctx context.Context, verb string, body, out any) error {
	_, err := h.exchange(ctx, verb, body, nil, out)
	return err
}

// repeat is call for what may be done twice, and has no answer to read.
func (h *Handle) repeat(ctx context.Context, verb string, body any) error {
	msg, err := encode(verb, body)
	if err != nil {
		return err
	}
	resp, err := h.Query(ctx, msg)
	if err != nil {
		return fmt.Errorf("videoroom: %s: %w", verb, err)
	}
	return read(verb, resp.Data, nil)
}

// exchange is call with session descriptions: jsep goes along, the answer's is
// returned.
func (h *Handle) exchange(ctx context.Context, verb string, body any, jsep *client.JSEP, out any) (*client.JSEP, error) {
	msg, err := encode(verb, body)
	if err != nil {
		return nil, err
	}
	var resp client.Response
	switch verb {
	case "list", "exists", "listparticipants", "listforwarders":
		resp, err = h.Query(ctx, msg)
	default:
		resp, err = h.Request(ctx, msg, jsep)
	}
	if err != nil {
		return nil, fmt.Errorf("videoroom: %s: %w", verb, err)
	}
	return resp.JSEP, read(verb, resp.Data, out)
}

// encode puts the verb in front of the fields of a request.
func encode(verb string, body any) (json.RawMessage, error) {
	msg := []byte(`{"request":"` + verb + `"`)
	if body != nil {
		fields, err := json.Marshal(body)
		if err != nil {
			return nil, fmt.Errorf("videoroom: %s: encode the request: %w", verb, err)
		}
		if len(fields) > len("{}") {
			msg = append(msg, ',')
			return append(msg, fields[1:]...), nil
		}
	}
	return append(msg, '}'), nil
}

// read reads an answer.
func read(verb string, data []byte, out any) error {
	if out == nil {
		return nil
	}
	if err := json.Unmarshal(data, out); err != nil {
		return &client.ProtocolError{Op: "videoroom: " + verb, Reason: err.Error(), Data: clip(data)}
	}
	return nil
}

// keep reads data into v, whose type has no methods, and keeps a copy of it in
// raw, so that fields of newer gateways are not lost.
func keep(data []byte, v any, raw *json.RawMessage) error {
	*raw = bytes.Clone(data)
	return json.Unmarshal(data, v)
}

// clip keeps the start of data, for errors.
func clip(data []byte) []byte {
	const most = 256
	return bytes.Clone(data[:min(len(data), most)])
}
