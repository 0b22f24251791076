package quiet

import (
	"fmt"
	"os"
	"syscall/js"
	"testing"
)

func TestQuiet(t *testing.T) {
	fmt.Println("ünï on stdout, in", js.Global().Get("location").Get("protocol"))
	if _, err := os.ReadFile("testdata/x"); !os.IsNotExist(err) {
		t.Error(err)
	}
	if b, err := os.ReadFile("../loud/loud_js_test.go"); err != nil || len(b) == 0 {
		t.Error(len(b), err)
	}
	if list, err := os.ReadDir(".."); err != nil || len(list) != 3 {
		t.Error(list, err)
	}
	if _, err := os.Stat("/etc/passwd"); !os.IsNotExist(err) {
		t.Error("a file of the machine:", err)
	}
	name := t.TempDir() + "/a"
	if err := os.WriteFile(name, []byte("abc"), 0o600); err != nil {
		t.Error(err)
	}
	if b, err := os.ReadFile(name); string(b) != "abc" {
		t.Errorf("%q, %v", b, err)
	}
	if err := os.Remove("quiet_js_test.go"); err == nil {
		t.Error("removed a file of the module")
	}
	if os.Getenv("BIFRONS_FOR_TEST") != "passed on" {
		t.Error("no environment")
	}
}

func FuzzQuiet(f *testing.F) { f.Fuzz(func(*testing.T, []byte) {}) }

func Example() {
	fmt.Println("captured")
	// Output: captured
}
