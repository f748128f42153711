package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestStoreLost: a daemon whose store is damaged under it, while sources are visited and readers served, ends within
// moments, with 74, and names the file: by what cannot be recorded or by the guard, which the script serve_store_removed shows alone.
func TestStoreLost(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fact string
		lose func(path string) error
	}{
		{"removed", os.Remove},
		{"moved away", func(path string) error { return os.Rename(path, path+".old") }},
		{"replaced by a copy", func(path string) error {
			b, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			if err := os.WriteFile(path+".copy", b, 0o640); err != nil {
				return err
			}
			return os.Rename(path+".copy", path)
		}},
		{"cut to half", func(path string) error {
			info, err := os.Stat(path)
			if err != nil {
				return err
			}
			return os.Truncate(path, info.Size()/2)
		}},
		{"emptied", func(path string) error { return os.Truncate(path, 0) }},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			s := newStorm(t, 50*time.Millisecond)
			s.start()
			s.read("")
			stop := several(1, func() {
				s.get("/feed.atom", "")
				<-time.After(50 * time.Millisecond)
			})
			if err := c.lose(filepath.Join(s.dir, "wire.db")); err != nil {
				t.Fatal(err)
			}
			p := s.daemon
			select {
			case <-p.ended:
			case <-time.After(patience):
				p.quit()
				t.Error("the daemon goes on")
			}
			stop()
			said := p.said.String()
			if code := p.cmd.ProcessState.ExitCode(); code != int(exitIO) {
				t.Errorf("exit %d, want %d", code, exitIO)
			}
			if !strings.Contains(said, "\ndateline: ") || !strings.Contains(said, "wire.db") || !strings.Contains(said, "\nhint: ") {
				t.Errorf("it said:\n%s", said)
			}
		})
	}
}
