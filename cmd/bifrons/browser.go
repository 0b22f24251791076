//go:build !js

package main

import (
	"errors"
	"fmt"
	"os/exec"
	"runtime"
)

// browse opens a URL in the user's browser, if there is a display to show it.
func (a *app) browse(url string) error {
	command := browser(runtime.GOOS, a.getenv)
	if command == nil || a.launch == nil {
		return nil
	}
	if err := a.launch(command[0], append(command[1:], url)...); err != nil {
		if errors.Is(err, exec.ErrNotFound) {
			return fmt.Errorf("there is no %s here to do it", command[0])
		}
		return err
	}
	return nil
}

// browser returns the command that opens a URL; nil: there is no display.
func browser(goos string, getenv func(string) string) []string {
	switch goos {
	case "darwin":
		return []string{"open"}
	case "windows":
		return []string{"rundll32", "url.dll,FileProtocolHandler"}
	}
	if getenv("DISPLAY") == "" && getenv("WAYLAND_DISPLAY") == "" {
		return nil
	}
	return []string{"xdg-open"}
}

// launch starts a program and leaves it to itself.
func launch(name string, args ...string) error {
	cmd := exec.Command(name, args...)
	if err := cmd.Start(); err != nil {
		return err
	}
	// It waits for the program, so that nothing is left of it when it ends;
	// nobody waits for this.
	go func() { _ = cmd.Wait() }()
	return nil
}
