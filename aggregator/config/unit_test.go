package config_test

import (
	"strings"
	"testing"

	"dateline/aggregator/config"
)

// TestUsualUnit: a bare number gets the unit that is usual for its key.
func TestUsualUnit(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]string{
		"store: {retention: 90}":       `"90d"`,
		"store: {keys: 400}":           `"400d"`,
		"poll: {every: 15}":            `"15m"`,
		"poll: {retry_max: 6}":         `"6h"`,
		"poll: {timeout: 30}":          `"30s"`,
		"sources: [{id: a, every: 5}]": `"5m"`,
		"store: {retention: 90 days}":  `"90d"`,
	} {
		if _, err := config.Parse("f", []byte(file)); err == nil || !strings.Contains(err.Error(), "did you mean "+want) {
			t.Errorf("%s: %v", file, err)
		}
	}
}

func TestShortRetentionIsWarnedAbout(t *testing.T) {
	t.Parallel()
	const said = "texts are kept for "
	for value, want := range map[string]bool{"2m": true, "59m": true, "1h": false, "90d": false} {
		warned := false
		for _, w := range parse(t, "store: {retention: "+value+"}").Warnings(nil) {
			warned = warned || strings.Contains(w.Message, said+value)
		}
		if warned != want {
			t.Errorf("%s: warned %v", value, warned)
		}
	}
}
