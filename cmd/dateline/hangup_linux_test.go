package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// said is what a process has written so far.
type said struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *said) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(b)
}

func (s *said) count(words string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Count(s.buf.String(), words)
}

// pseudoterminal opens a terminal: the end of the person who sits at it, and that of programs.
func pseudoterminal(t *testing.T) (person, programs *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Skip("no pseudoterminals: ", err)
	}
	if err := unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(person.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	programs, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	return person, programs
}

// TestHangup: SIGHUP reloads while the terminal is there, ends the daemon when that was closed, and never one that nohup began.
func TestHangup(t *testing.T) {
	t.Parallel()
	hangups := make(chan os.Signal, 1)
	signal.Notify(hangups, syscall.SIGHUP) // where nohup began the tests, children would ignore it
	t.Cleanup(func() { signal.Stop(hangups) })
	for _, tt := range []struct {
		fact string
		argv []string
		ends bool
	}{
		{"began at a terminal", []string{"dateline", "serve"}, true},
		{"began by nohup", []string{"sh", "-c", "trap '' HUP; exec dateline serve"}, false},
	} {
		t.Run(tt.fact, func(t *testing.T) {
			t.Parallel()
			feeds := newTestServer()
			t.Cleanup(feeds.close)
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "config.yaml"), testConfig(feeds.url), 0o644); err != nil {
				t.Fatal(err)
			}
			person, programs := pseudoterminal(t)
			var log said
			c := exec.Command(tt.argv[0], tt.argv[1:]...)
			c.Dir, c.Stdin, c.Stderr = dir, programs, &log
			c.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			programs.Close()
			ended := make(chan error, 1)
			go func() { ended <- c.Wait() }()
			t.Cleanup(func() { c.Process.Kill() })
			wait := func(what string, n int) {
				t.Helper()
				if !eventually(func() bool { return log.count(what) >= n }) {
					t.Fatalf("no %q in\n%s", what, log.buf.String())
				}
			}
			wait("serving", 1)
			if err := c.Process.Signal(syscall.SIGHUP); err != nil {
				t.Fatal(err)
			}
			wait("config taken in", 1)
			person.Close() // the kernel sends SIGHUP
			if !tt.ends {
				wait("config taken in", 2)
				if err := c.Process.Signal(syscall.SIGTERM); err != nil {
					t.Fatal(err)
				}
			}
			wait("stopped", 1)
			if err := <-ended; err != nil {
				t.Errorf("%v\n%s", err, log.buf.String())
			}
		})
	}
}
