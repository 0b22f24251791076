package page

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"
)

// patience is how long the runner may take for what a test asks.
const patience = 20 * time.Second

// Env returns a variable of the runner. Without it the test skips, or fails
// where BIFRONS_REQUIRE_BROWSER=1.
func Env(t testing.TB, name string) string {
	t.Helper()
	value := os.Getenv(name)
	switch {
	case value != "":
	case os.Getenv("BIFRONS_IN") == "node":
		t.Skipf("needs %s, which there is in a browser only", name)
	case os.Getenv("BIFRONS_REQUIRE_BROWSER") == "1":
		t.Fatalf("needs %s, which go run ./internal/browsertest sets", name)
	default:
		t.Skipf("needs %s: go run ./internal/browsertest sets it", name)
	}
	return value
}

// call makes a request to the runner and returns the answer's body.
func call(ctx context.Context, method, url, body string) (string, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	req.Close = true // where this runs natively, tests count goroutines
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = errors.New(resp.Status + ": " + strings.TrimSpace(string(b)))
	}
	return string(b), err
}

// must is call for what has to work. It works while a test is cleaning up, too.
func must(t testing.TB, method, url, body string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), patience)
	defer cancel()
	answer, err := call(ctx, method, url, body)
	if err != nil {
		t.Fatalf("browsertest: %s %s: %v", method, url, err)
	}
	return answer
}
