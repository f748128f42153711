package config_test

import (
	"os"
	"path/filepath"
	"testing"

	"dateline/aggregator/config"
)

// TestStorePath: where the store is can be read of most broken files.
func TestStorePath(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "config.yaml")
	for text, want := range map[string]string{
		"sourcse: []\nstore: {path: a.db}\n":                                  "a.db",
		"store:\n  retention: never\n  path: a.db\n":                          "a.db",
		"feed: {title: 'A\nstore:\n  # where\n  path: \"/var/a.db\" # here\n": "/var/a.db",
		"name: a: b\nstore: {retention: 9d, path: a.db}\n":                    "a.db",
		"name: a: b\nstore:\n  retention: 9d\n\n  keys: 0\n  path: a.db\n":    "a.db",
		"name: a: b\nstore:\n  keys: 0\nother:\n  path: a.db\n":               "dateline.db",
		"name: a: b\n":                "dateline.db",
		"store: {path: }\nfeeed: 1\n": "dateline.db",
	} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := config.StorePath(path); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
	if got := config.StorePath(path + ".none"); got != "dateline.db" {
		t.Error(got)
	}
}
