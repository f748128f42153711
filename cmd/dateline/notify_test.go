package main

import (
	"bytes"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"syscall"
	"testing"
	"time"
)

// manager is a service manager that listens.
type manager struct {
	t    *testing.T
	conn *net.UnixConn
}

func newManager(t *testing.T) (*manager, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "notify")
	c, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: path, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return &manager{t, c}, path
}

// hears waits for a message that matches; others may come before.
func (m *manager) hears(pattern string) {
	m.t.Helper()
	want := regexp.MustCompile(pattern)
	m.conn.SetReadDeadline(time.Now().Add(patience))
	var heard []string
	for b := make([]byte, 4096); ; {
		n, err := m.conn.Read(b)
		if err != nil {
			m.t.Fatalf("no %q after %q: %v", pattern, heard, err)
		}
		if want.Match(b[:n]) {
			return
		}
		heard = append(heard, string(b[:n]))
	}
}

// TestNotify: the service manager hears when the daemon serves, lives, reloads and stops.
func TestNotify(t *testing.T) {
	t.Parallel()
	feeds := newTestServer()
	defer feeds.close()
	m, socket := newManager(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "config.yaml"), testConfig(feeds.url), 0o644); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	c := exec.Command("dateline", "serve")
	c.Dir, c.Stderr = dir, &said
	c.Env = append(os.Environ(), "NOTIFY_SOCKET="+socket, "WATCHDOG_USEC=300000")
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	ended := false
	defer func() {
		if !ended {
			_ = c.Process.Kill() // the test has failed
			_ = c.Wait()
		}
	}()
	m.hears(`^READY=1\nSTATUS=6 sources`)
	m.hears(`^WATCHDOG=1\nSTATUS=6 sources`)
	m.hears(`^WATCHDOG=1\n`)
	if err := c.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	m.hears(`^RELOADING=1\nMONOTONIC_USEC=[1-9][0-9]+$`)
	m.hears(`^READY=1$`)
	if err := c.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	m.hears(`^STOPPING=1$`)
	ended = true
	if err := c.Wait(); err != nil {
		t.Errorf("%v\n%s", err, &said)
	}
}
