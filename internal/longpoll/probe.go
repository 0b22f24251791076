package longpoll

import (
	"context"
)

// Probe asks whether a gateway answers at root, by the one request that both
// APIs answer without credentials. It returns what the Doer returns, or a
// [*transport.StatusError] for an answer that is not Janus'.
func Probe(ctx context.Context, root string, do Doer) error {
	b := parseBase(root)
	b.path += "/info"
	url := b.endpoint(0, 0)
	status, answer, err := do(ctx, "GET", url, nil)
	if err != nil {
		return err
	}
	if status != 200 || !isObject(answer) {
		return statusError(status, url, answer)
	}
	return nil
}
