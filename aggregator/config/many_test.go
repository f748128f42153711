package config_test

import (
	"errors"
	"runtime"
	"strings"
	"testing"

	"dateline/aggregator/config"
)

// TestManyErrorsOnALine: what four times as many errors on one line take does not grow by the square. It is measured in memory, alone.
func TestManyErrorsOnALine(t *testing.T) {
	taken := func(n int) uint64 {
		text := []byte("sources: [" + strings.Repeat("{idd: 1}, ", n) + "{idd: 1}]\n")
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := config.Parse("f", text)
		runtime.ReadMemStats(&after)
		var all config.Errors
		if !errors.As(err, &all) || len(all) < n {
			t.Fatalf("%d errors, want at least %d", len(all), n)
		}
		return after.TotalAlloc - before.TotalAlloc
	}
	if few, many := taken(500), taken(2000); many > 6*few {
		t.Errorf("500 errors take %d bytes, 2000 take %d", few, many)
	}
}
