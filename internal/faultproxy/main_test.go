package faultproxy

import (
	"testing"

	"github.com/bifrons-rtc/bifrons/internal/leak"
)

func TestMain(m *testing.M) { leak.Main(m) }
