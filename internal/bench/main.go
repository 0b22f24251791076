//go:build !js

package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime/pprof"
	"slices"
	"strings"
	"time"

	"github.com/bifrons-rtc/bifrons/internal/janusproc"
)

func main() {
	role := flag.String("role", "", "for child processes: stub or idle")
	url := flag.String("url", "", "for child processes: the gateway")
	only := flag.String("only", "", "goals to measure, e.g. P1,P3; empty: all")
	rounds := flag.Int("rounds", 5, "rounds of each measurement")
	match := flag.String("match", "", "measure only what has this in its name")
	profile := flag.String("cpuprofile", "", "file for a CPU profile")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if *profile != "" {
		f, err := os.Create(*profile)
		if err == nil {
			err = pprof.StartCPUProfile(f)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			os.Exit(1)
		}
		defer pprof.StopCPUProfile()
	}
	var err error
	switch *role {
	case "stub":
		err = serveStub(ctx)
	case "idle":
		err = idle(ctx, *url)
	default:
		err = run(ctx, *only, *match, *rounds)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		pprof.StopCPUProfile()
		os.Exit(1)
	}
}

// env is what the measurements share.
type env struct {
	ctx    context.Context
	rounds int
	match  string
	stub   string // WebSocket URL
	janus  *janusproc.Server
	failed bool
}

func run(ctx context.Context, only, match string, rounds int) error {
	stub, end, err := startStub(ctx)
	if err != nil {
		return err
	}
	defer end()
	janus, err := janusproc.Start(ctx, nil)
	if err != nil {
		return err
	}
	defer janus.Stop()
	e := &env{ctx: ctx, rounds: rounds, match: match, stub: stub, janus: janus}
	fmt.Printf("%-4s %-58s %12s %12s %7s  %s\n", "goal", "what", "client", "floor", "ratio", "want")
	for _, goal := range []struct {
		name string
		f    func(*env) error
	}{{"P1", requests}, {"P2", typed}, {"P3", events}, {"P4", memory}, {"P5", lifecycle}, {"P6", longPoll}} {
		if only != "" && !slices.Contains(strings.Split(only, ","), goal.name) {
			continue
		}
		if err := goal.f(e); err != nil {
			return fmt.Errorf("%s: %w", goal.name, err)
		}
	}
	if e.failed {
		fmt.Println("\nsome goals are missed: see the lines marked with !")
	}
	return nil
}

// startStub starts this program again as the stub and returns its URL.
func startStub(ctx context.Context) (url string, end func(), err error) {
	self, err := os.Executable()
	if err != nil {
		return "", nil, err
	}
	cmd := exec.CommandContext(ctx, self, "-role", "stub")
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	end = func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	}
	if _, err := fmt.Fscanln(out, &url); err != nil {
		end()
		return "", nil, fmt.Errorf("the stub did not start: %w", err)
	}
	return url, end, nil
}

// sample is one round of a measurement.
type sample struct {
	perSec float64
	p50    time.Duration
	cpu    time.Duration // per operation
	allocs float64       // per operation
}

// compare runs both functions in turn and returns the medians.
func (e *env) compare(client, floor func() (sample, error)) (c, f sample, err error) {
	var cs, fs []sample
	for range e.rounds {
		s, err := client()
		if err != nil {
			return c, f, err
		}
		cs = append(cs, s)
		if s, err = floor(); err != nil {
			return c, f, err
		}
		fs = append(fs, s)
	}
	return median(cs), median(fs), nil
}

func median(list []sample) sample {
	pick := func(get func(sample) float64) float64 {
		v := make([]float64, len(list))
		for i, s := range list {
			v[i] = get(s)
		}
		slices.Sort(v)
		return v[len(v)/2]
	}
	return sample{
		perSec: pick(func(s sample) float64 { return s.perSec }),
		p50:    time.Duration(pick(func(s sample) float64 { return float64(s.p50) })),
		cpu:    time.Duration(pick(func(s sample) float64 { return float64(s.cpu) })),
		allocs: pick(func(s sample) float64 { return s.allocs }),
	}
}

// line prints one comparison. most says that the ratio must stay at or below
// want; otherwise it must reach it. A want of 0 is none.
func (e *env) line(goal, what string, client, floor float64, format string, want float64, most bool) {
	ratio := client / floor
	verdict := ""
	if want != 0 {
		sign, ok := "≥", ratio >= want
		if most {
			sign, ok = "≤", ratio <= want
		}
		verdict = fmt.Sprintf("%s %.2f", sign, want)
		if !ok {
			verdict += " !"
			e.failed = true
		}
	}
	fmt.Printf("%-4s %-58s %12s %12s %7.2f  %s\n", goal, what, fmt.Sprintf(format, client), fmt.Sprintf(format, floor), ratio, verdict)
}

// bound prints one figure that has a limit of its own.
func (e *env) bound(goal, what string, value float64, format string, limit float64) {
	verdict := fmt.Sprintf("≤ %g", limit)
	if value > limit {
		verdict += " !"
		e.failed = true
	}
	fmt.Printf("%-4s %-58s %12s %12s %7s  %s\n", goal, what, fmt.Sprintf(format, value), "", "", verdict)
}

func micros(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1e3 }
