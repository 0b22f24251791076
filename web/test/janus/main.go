//go:build !js

// Command janus runs a real Janus for the tests of the npm package: it prints
// its addresses as one line of JSON, and stops it when standard input ends. The
// lines "kill" and "restart" do that, and are answered by "done".
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/janusproc"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	s, err := janusproc.Start(ctx, &janusproc.Options{SlowLinkThreshold: 4, CandidatesTimeout: 5 * time.Second})
	if err != nil {
		return err
	}
	defer s.Stop() //nolint:contextcheck // it stops it, however ctx ends
	out := json.NewEncoder(os.Stdout)
	err = out.Encode(map[string]string{
		"ws": s.WS(), "http": s.HTTP(), "admin": s.AdminHTTP(), "secret": s.AdminSecret(),
	})
	for in := bufio.NewScanner(os.Stdin); err == nil && in.Scan(); {
		switch in.Text() {
		case "kill":
			s.Kill()
		case "restart":
			err = s.Restart(ctx)
		}
		if err == nil {
			err = out.Encode("done")
		}
	}
	if crash := s.Crashed(); crash != nil {
		fmt.Fprintln(os.Stderr, "Janus crashed:", crash)
	}
	return err
}
