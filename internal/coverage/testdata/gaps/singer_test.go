package singer

import "testing"

func TestJanus(t *testing.T) { humming() }

func humming() { (&Handle{}).Hum() }

func idle() { (&Handle{}).Hum() }
