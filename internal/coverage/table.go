//go:build !js

package coverage

import (
	"fmt"
	"os"
	"strings"
)

// Row is a request or an event.
type Row struct {
	Event      bool
	Former     bool     // a request that the newest gateway has no more
	Name       string   // on the wire; in brackets if it is not there
	Go         string   // Type.Method, or the type
	Tests      []string // functions
	TypeScript string   // empty where there is none
	Note       string
}

// Table is what a package has to do with.
type Table struct {
	Rows             []Row
	Modules          []string // of TypeScript
	Requests, Events int      // how many there should be
}

// Read reads the table of the package in dir.
func Read(dir string) (*Table, error) {
	name := dir + "/testdata/requests.txt"
	data, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	t := &Table{}
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		if err := t.line(line); err != nil {
			return nil, fmt.Errorf("%s: %w: %q", name, err, line)
		}
	}
	return t, nil
}

// line understands a line.
func (t *Table) line(line string) error {
	line, note, _ := strings.Cut(line, "#")
	f := strings.Fields(line)
	columns := 5
	if t.Modules == nil {
		columns = 4
	}
	switch {
	case len(f) == 0:
	case f[0] == "typescript" && len(f) > 2 && f[1] == "none":
	case f[0] == "typescript" && len(f) > 1:
		t.Modules = f[1:]
	case f[0] == "counts":
		_, err := fmt.Sscanf(line, "counts %d requests %d events", &t.Requests, &t.Events)
		return err
	case (f[0] == "request" || f[0] == "former" || f[0] == "event") && len(f) == columns:
		r := Row{Event: f[0] == "event", Former: f[0] == "former", Name: f[1], Go: f[2], Tests: strings.Split(f[3], ","), Note: strings.TrimSpace(note)}
		if columns == 5 {
			r.TypeScript = f[4]
		}
		t.Rows = append(t.Rows, r)
	default:
		return fmt.Errorf("want typescript, counts, or request, former or event and %d more columns", columns-1)
	}
	return nil
}
