package daemon

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"dateline/aggregator/config"
)

// A config that changes after it was loaded and before its folder is watched is taken in.
func TestConfigChangedBeforeItIsWatched(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "config.yaml")
	write := func(title string, at time.Time) {
		t.Helper()
		text := "feed:\n  title: " + title + "\nstore:\n  path: wire.db\nnetwork:\n  contact: desk@wire.example\nsources:\n" +
			"  - {id: alpha, name: Alpha, url: \"https://alpha.example/rss\"}\n"
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
	}
	began := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	write("First", began)
	cfg, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	d := newTestDaemonIn(t, dir, cfg)
	write("Second", began.Add(time.Second))
	ctx, cancel := context.WithCancel(t.Context())
	cancel() // it looks once, and ends
	if err := d.follow(ctx); err != nil {
		t.Fatal(err)
	}
	if title := d.node.Load().Config.Feed.Title; title != "Second" {
		t.Errorf("the title is %q", title)
	}
}
