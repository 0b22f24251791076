//go:build !js

package coverage

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// script is what files of TypeScript export.
type script struct {
	types map[string]bool
	class map[string]*class
}

type class struct {
	base    string
	members map[string]string // signatures, by name
}

var (
	exported  = regexp.MustCompile(`^export (?:abstract )?(class|interface|type) (\w+)(?:<[^>]*>)?(?: extends (\w+))?`)
	signature = regexp.MustCompile(`^  (?:(?:static|async|readonly|get|override|abstract) )*\*?(\w+)[<(?:]`)
)

// readTypeScript reads modules: NAME.ts, and all there is in the folder NAME. It
// knows files as they are formatted here, with two blanks in front of a member of
// a class.
func readTypeScript(root string, modules []string) (*script, error) {
	s := &script{map[string]bool{}, map[string]*class{}}
	for _, name := range modules {
		files, err := filepath.Glob(filepath.Join(root, name, "*.ts"))
		if err != nil {
			return nil, err
		}
		if file := filepath.Join(root, name) + ".ts"; len(files) == 0 || exists(file) {
			files = append(files, file)
		}
		for _, file := range files {
			data, err := os.ReadFile(file)
			if err != nil {
				return nil, err
			}
			s.read(string(data))
		}
	}
	return s, nil
}

func exists(file string) bool {
	_, err := os.Stat(file)
	return err == nil
}

func (s *script) read(text string) {
	var in *class
	var open string // the member whose signature goes on
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		if m := exported.FindStringSubmatch(line); m != nil {
			s.types[m[2]] = true
			in = nil
			if m[1] == "class" {
				in = &class{m[3], map[string]string{}}
				s.class[m[2]] = in
			}
			continue
		}
		if line == "}" {
			in = nil
		}
		if in == nil {
			continue
		}
		if open == "" {
			if m := signature.FindStringSubmatch(line); m != nil {
				open = m[1]
			}
		}
		if open != "" {
			in.members[open] += line
			if strings.HasSuffix(line, "{") || strings.HasSuffix(line, ";") {
				open = ""
			}
		}
	}
}

// has says what is missing of Class.method(Type), or of a type; empty: nothing.
func (s *script) has(want string) string {
	want, typed, _ := strings.Cut(strings.TrimSuffix(want, ")"), "(")
	name, member, isMember := strings.Cut(want, ".")
	if !isMember {
		if !s.types[name] {
			return "no type " + name
		}
		return ""
	}
	c := s.class[name]
	if c == nil {
		return "no class " + name
	}
	for ; c != nil; c = s.class[c.base] {
		if sig, ok := c.members[member]; ok {
			if typed != "" && !regexp.MustCompile(`\b`+typed+`\b`).MatchString(sig) {
				return name + "." + member + " has no " + typed + " in " + strings.TrimSpace(sig)
			}
			return ""
		}
	}
	return name + " has no " + member
}
