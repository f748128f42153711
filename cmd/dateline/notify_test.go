package main

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
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

// TestStuckEngineIsNotAlive: a dispatcher that does not move gives no sign of life.
func TestStuckEngineIsNotAlive(t *testing.T) {
	t.Parallel()
	feeds := newTestServer()
	defer feeds.close()
	m, socket := newManager(t)
	d := newTestDaemon(t, demoConfig(t, feeds.url)) // its engine does not run
	var log syncBuffer
	d.log = slog.New(slog.NewTextHandler(&log, nil))
	d.notify = notifier{socket: socket, watchdog: 60 * time.Millisecond}
	ctx, stop := context.WithCancel(t.Context())
	var under sync.WaitGroup
	under.Go(func() { _ = d.beat(ctx) }) // it returns no error
	if !eventually(func() bool { return strings.Count(log.String(), "does not move") >= 3 }) {
		t.Errorf("the log does not say so: %s", log.String())
	}
	m.conn.SetReadDeadline(time.Now())
	if n, err := m.conn.Read(make([]byte, 99)); err == nil {
		t.Errorf("%d bytes of life", n)
	}
	running, end := context.WithCancel(t.Context())
	under.Go(func() { _ = d.deps.Load().engine.Run(running) }) // how it ends is of no interest here
	m.hears("^WATCHDOG=1")
	stop()
	end()
	under.Wait()
}

// syncBuffer may be read while it is written.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *syncBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *syncBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func TestNotifier(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fact string
		env  map[string]string
		want notifier
	}{
		{"no manager", nil, notifier{}},
		{"without a watchdog", map[string]string{"NOTIFY_SOCKET": "/run/n"}, notifier{socket: "/run/n"}},
		{"for us", map[string]string{"NOTIFY_SOCKET": "@n", "WATCHDOG_USEC": "5000000", "WATCHDOG_PID": strconv.Itoa(os.Getpid())},
			notifier{"@n", 5 * time.Second}},
		{"for another", map[string]string{"NOTIFY_SOCKET": "@n", "WATCHDOG_USEC": "5000000", "WATCHDOG_PID": "1"}, notifier{socket: "@n"}},
		{"nonsense", map[string]string{"NOTIFY_SOCKET": "@n", "WATCHDOG_USEC": "soon"}, notifier{socket: "@n"}},
	} {
		t.Run(c.fact, func(t *testing.T) {
			if got := newNotifier(func(k string) string { return c.env[k] }); got != c.want {
				t.Errorf("%+v", got)
			}
		})
	}
	if err := (notifier{}).send("READY=1"); err != nil {
		t.Error(err)
	}
	if err := (notifier{socket: filepath.Join(t.TempDir(), "gone")}).send("READY=1"); err == nil {
		t.Error("nobody listens, and no error")
	}
}
