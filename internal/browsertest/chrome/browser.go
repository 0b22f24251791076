//go:build !js

package chrome

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"time"
)

// ErrNotInstalled is matched by the error of Start when there is no Chromium.
var ErrNotInstalled = errors.New("no Chromium is installed")

const (
	startTimeout = 20 * time.Second // of a cold browser on a busy machine
	closeTimeout = 5 * time.Second  // for it to end by itself
)

// binaries are tried in this order. The first is what Debian's wrapper script
// runs, without its settings for a desktop.
var binaries = []string{"/usr/lib/chromium/chromium", "chromium", "chromium-browser", "google-chrome"}

// flags make a browser for tests: nobody is there to allow anything, devices
// are fake, and nothing is fetched that no test asked for.
var flags = []string{
	"--headless=new",
	"--remote-debugging-pipe",
	"--no-sandbox", // tests run as root in containers
	"--no-first-run",
	"--no-default-browser-check",
	"--disable-background-networking",
	"--disable-component-update",
	"--disable-default-apps",
	"--disable-dev-shm-usage",
	"--disable-extensions",
	"--disable-gpu",
	"--disable-quic",
	"--disable-sync",
	"--metrics-recording-only",
	"--mute-audio",
	"--password-store=basic",
	"--use-mock-keychain",
	"--use-fake-device-for-media-stream=device-count=3",
	"--use-fake-ui-for-media-stream",
	"--autoplay-policy=no-user-gesture-required",
}

// Options says which browser to run. Nil and the zero value mean defaults.
type Options struct {
	Binary string   // empty: Debian's Chromium, or the first one in PATH
	Flags  []string // appended to those every test needs
	Output *os.File // where its log goes; nil: nowhere
}

// Browser is one running Chromium.
type Browser struct {
	pipe *pipe
	cmd  *exec.Cmd
	dir  string        // its profile
	done chan struct{} // closed when the process was waited for
}

// Start runs a browser with a profile of its own and returns when it answers.
// ctx bounds the start only. The caller must Close it.
func Start(ctx context.Context, opts *Options) (*Browser, error) {
	var o Options
	if opts != nil {
		o = *opts
	}
	binary, err := find(o.Binary)
	if err != nil {
		return nil, err
	}
	b := &Browser{done: make(chan struct{})}
	if b.dir, err = os.MkdirTemp("", "bifrons-chromium-"); err != nil {
		return nil, fmt.Errorf("chrome: %w", err)
	}
	if err := b.run(binary, o); err != nil {
		_ = os.RemoveAll(b.dir)
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	if err := b.pipe.call(ctx, "", "Browser.getVersion", nil, nil); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

func find(binary string) (string, error) {
	names := binaries
	if binary != "" {
		names = []string{binary}
	}
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("chrome: %w: looked for %s", ErrNotInstalled, strings.Join(names, ", "))
}

// run starts the process and the pipe to it, which it expects to be its file
// descriptors 3 and 4.
func (b *Browser) run(binary string, o Options) error {
	theirIn, ourOut, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("chrome: %w", err)
	}
	ourIn, theirOut, err := os.Pipe()
	if err != nil {
		_, _ = theirIn.Close(), ourOut.Close()
		return fmt.Errorf("chrome: %w", err)
	}
	args := append([]string{"--user-data-dir=" + b.dir}, flags...)
	b.cmd = exec.Command(binary, append(args, o.Flags...)...) //nolint:noctx // it outlives ctx
	b.cmd.ExtraFiles = []*os.File{theirIn, theirOut}
	b.cmd.Stderr = o.Output
	err = b.cmd.Start()
	_, _ = theirIn.Close(), theirOut.Close()
	if err != nil {
		_, _ = ourIn.Close(), ourOut.Close()
		return fmt.Errorf("chrome: %w", err)
	}
	b.pipe = newPipe(ourOut, ourIn)
	// It owns the process until that has ended; Close waits for it.
	go func() {
		defer close(b.done)
		_ = b.cmd.Wait()
	}()
	return nil
}

// Close ends the browser and removes its profile.
func (b *Browser) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	_ = b.pipe.call(ctx, "", "Browser.close", nil, nil)
	_ = b.pipe.out.Close() // it ends when nobody is at the other end
	select {
	case <-b.done:
	case <-ctx.Done():
		_ = b.cmd.Process.Kill()
		<-b.done
	}
	<-b.pipe.gone
	_ = b.pipe.in.Close()
	// Its helpers may write on for a moment.
	for range 20 {
		if os.RemoveAll(b.dir) == nil {
			return
		}
		<-time.After(50 * time.Millisecond)
	}
}
