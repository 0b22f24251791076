//go:build !js

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"sync"

	"github.com/bifrons-rtc/bifrons/internal/browsertest/chrome"
)

// job is one run of a program in a tab.
type job struct {
	host    *host
	token   string
	program program
	tab     *chrome.Tab // nil if it could not be opened; valid once opened is closed
	opened  chan struct{}
	done    chan struct{} // closed when the program has ended or its page is gone

	mu    sync.Mutex // protects what follows
	lines []line     // nobody has taken these yet
	said  string     // all output so far
	fault bool       // the page complained
	code  int        // of the program's exit; valid once done is closed
	over  bool
	news  chan struct{} // closed, and replaced, when any of it changes
	kids  []*job
}

// launch opens a page that runs p.
func (h *host) launch(ctx context.Context, p program) (*job, error) {
	j := &job{host: h, program: p, opened: make(chan struct{}), done: make(chan struct{}), news: make(chan struct{})}
	h.mu.Lock()
	h.last++
	j.token = fmt.Sprint(h.last)
	h.jobs[j.token] = j
	h.mu.Unlock()
	env := maps.Clone(h.env)
	maps.Copy(env, p.Env)
	env["BIFRONS_BROWSER"] = h.address() + "/tab/" + j.token
	j.program.Env = env
	tab, err := h.browser.Open(ctx, "http://"+h.pages.Addr+"/t/"+j.token+"/", &chrome.Events{
		Message: func(text string) {
			var l line
			if err := json.Unmarshal([]byte(text), &l); err != nil {
				return // not of boot.js
			}
			if l.Fault != "" {
				j.complain(true, l.Fault)
			}
			j.add(l)
		},
		Console: func(kind, text string) {
			j.complain(kind == "error" || kind == "assert", "console."+kind+": "+text)
		},
		Exception: func(text string) { j.complain(true, text) },
	})
	j.tab = tab
	close(j.opened)
	if err != nil {
		j.close()
		return nil, err
	}
	// It ends with the page, which ends with the job at the latest.
	go func() {
		<-tab.Done()
		j.add(line{Err: "browsertest: the page is gone\n", Exit: new(2)})
	}()
	return j, nil
}

// complain notes what the page, not the program, had to say.
func (j *job) complain(fault bool, text string) {
	j.mu.Lock()
	j.fault = j.fault || fault
	j.mu.Unlock()
	j.add(line{Err: "browser: " + text + "\n"})
}

// add takes a line of output. Nothing counts after the exit.
func (j *job) add(l line) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.over {
		return
	}
	j.lines = append(j.lines, line{Out: l.Out, Err: l.Err})
	j.said += l.Out + l.Err
	if l.Exit != nil {
		j.over, j.code = true, *l.Exit
		if j.fault && j.code == 0 {
			j.code = 1
			j.lines = append(j.lines, line{Err: "browsertest: FAIL: the page complained, see above\n"})
		}
		close(j.done)
	}
	close(j.news)
	j.news = make(chan struct{})
}

// take returns the lines since the last call, whether they are the last, and a
// channel that is closed when there are more.
func (j *job) take() (lines []line, over bool, more <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	lines, j.lines = j.lines, nil
	return lines, j.over, j.news
}

// await returns all output so far once it has text in it, or the job is over.
func (j *job) await(ctx context.Context, text string) (said string, err error) {
	for {
		j.mu.Lock()
		said, over, more := j.said, j.over, j.news
		j.mu.Unlock()
		if over || text != "" && strings.Contains(said, text) {
			return said, nil
		}
		select {
		case <-more:
		case <-ctx.Done():
			return said, ctx.Err()
		}
	}
}

// close closes the page and those it opened.
func (j *job) close() {
	j.mu.Lock()
	kids := j.kids
	j.kids = nil
	j.mu.Unlock()
	for _, k := range kids {
		k.close()
	}
	if <-j.opened; j.tab != nil {
		j.tab.Close()
	}
	j.host.mu.Lock()
	delete(j.host.jobs, j.token)
	j.host.mu.Unlock()
}
