//go:build !js

// Command stage runs a real Janus with a video room, for tests of what goes wrong
// around one. It prints the gateway's URLs as one line of JSON, and ends with
// standard input. Sockets to ws lead through a proxy, and media through relays;
// direct is the gateway itself. The lines it reads say what is to happen, each
// answered by "done":
//
//	drop     every socket is reset
//	shut     so are new ones
//	open     and are no more
//	restart  Janus is killed, and started again
//	freeze   Janus stands still
//	thaw     and goes on
//	switch   sockets and media lead nowhere, and nobody is told; new ones work
//	token X  Janus takes X from now on, and no other
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/bifrons-rtc/bifrons/client/admin"
	"github.com/bifrons-rtc/bifrons/internal/faultproxy"
	"github.com/bifrons-rtc/bifrons/internal/janusproc"
	"github.com/bifrons-rtc/bifrons/internal/udpfault"
)

func main() {
	reclaim := flag.Duration("reclaim", 15*time.Second, "how long Janus keeps a session whose socket is lost")
	flag.Parse()
	if err := run(context.Background(), *reclaim); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// stage is the gateway and what is before it.
type stage struct {
	janus  *janusproc.Server
	faults *faultproxy.Faults
	detour *udpfault.Detour
	token  string
}

// rooms is for the video room: in the second one everybody hears of everybody.
const rooms = `room-1234: { publishers = 6 }
room-5678: { publishers = 6, notify_joining = true }`

func run(ctx context.Context, reclaim time.Duration) error {
	janus, err := janusproc.Start(ctx, &janusproc.Options{
		SessionTimeout: 30 * time.Second,
		ReclaimTimeout: reclaim,
		TokenAuth:      true,
		Append:         map[string]string{"janus.plugin.videoroom.jcfg": rooms},
	})
	if err != nil {
		return err
	}
	defer janus.Stop() //nolint:contextcheck // it stops it, however ctx ends
	s := &stage{janus: janus, faults: faultproxy.New(), detour: udpfault.NewDetour(1)}
	defer s.detour.Close()
	s.faults.Rewrite(func(dir faultproxy.Direction, message []byte) []byte {
		if dir == faultproxy.ToClient {
			return s.detour.ToClient(message)
		}
		return s.detour.ToServer(message)
	})
	proxy, err := faultproxy.Listen(s.faults, janus.WS())
	if err != nil {
		return err
	}
	defer proxy.Close()
	out := json.NewEncoder(os.Stdout)
	err = out.Encode(map[string]string{
		"ws": proxy.URL(), "direct": janus.WS(), "admin": janus.AdminHTTP(), "secret": janus.AdminSecret(),
	})
	for in := bufio.NewScanner(os.Stdin); err == nil && in.Scan(); {
		if err = s.do(ctx, in.Text()); err == nil {
			err = out.Encode("done")
		}
	}
	if crash := janus.Crashed(); crash != nil {
		fmt.Fprintln(os.Stderr, "Janus crashed:", crash)
	}
	return err
}

func (s *stage) do(ctx context.Context, command string) error {
	what, token, _ := strings.Cut(command, " ")
	switch what {
	case "drop":
		s.faults.Cut(faultproxy.Reset)
		return nil
	case "shut":
		s.faults.Refuse(faultproxy.Reset)
		s.faults.Cut(faultproxy.Reset)
		return nil
	case "open":
		s.faults.Refuse(faultproxy.Pass)
		return nil
	case "restart":
		// Nobody gets in before the token is known again.
		s.faults.Refuse(faultproxy.Reset)
		defer s.faults.Refuse(faultproxy.Pass)
		s.janus.Kill()
		if err := s.janus.Restart(ctx); err != nil {
			return err
		}
		known := s.token
		s.token = ""
		return s.take(ctx, known)
	case "freeze":
		return s.janus.Pause() //nolint:contextcheck // it takes a moment
	case "thaw":
		return s.janus.Resume()
	case "switch":
		s.detour.Switch()
		s.faults.Cut(faultproxy.Silence)
		return nil
	case "token":
		return s.take(ctx, token)
	}
	return fmt.Errorf("what is %q?", command)
}

// take has Janus take a token, and the last one no more.
func (s *stage) take(ctx context.Context, token string) error {
	a, err := admin.Dial(ctx, s.janus.AdminHTTP(), &admin.Options{Secret: s.janus.AdminSecret()})
	if err != nil {
		return err
	}
	defer a.Close() //nolint:errcheck // it is nil
	if _, err := a.AddToken(ctx, token); err != nil {
		return err
	}
	old := s.token
	s.token = token
	if old == "" {
		return nil
	}
	return a.RemoveToken(ctx, old)
}
