package main

import (
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
)

// TestServeSaysWhereItIs: on a terminal one line says where the daemon is, and how it ends.
func TestServeSaysWhereItIs(t *testing.T) {
	t.Parallel()
	feeds := newTestServer()
	t.Cleanup(feeds.close)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "config.yaml"), testConfig(feeds.url), 0o644); err != nil {
		t.Fatal(err)
	}
	person, programs := pseudoterminal(t)
	defer person.Close()
	var screen said
	go io.Copy(&screen, person) // it ends with the terminal
	c := exec.Command("dateline", "serve")
	c.Dir, c.Stderr = dir, programs
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	programs.Close()
	if !eventually(func() bool { return screen.count("Ctrl-C ends it") == 1 }) {
		t.Errorf("it does not say how to end it:\n%s", screen.buf.String())
	}
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Error(err)
	}
	screen.mu.Lock()
	defer screen.mu.Unlock()
	line := regexp.MustCompile(`(?m)^Dateline is at http://[^ ]+/ \(http://[^ ]+/feed\.atom subscribes a feed reader\); Ctrl-C ends it\r?$`)
	if !line.MatchString(screen.buf.String()) {
		t.Errorf("no line with the address:\n%s", screen.buf.String())
	}
}
