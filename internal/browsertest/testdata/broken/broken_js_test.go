package broken

import "testing"

func TestFails(t *testing.T) { t.Error("as it shall") }

func TestPanics(t *testing.T) { panic("as it shall, too") }
