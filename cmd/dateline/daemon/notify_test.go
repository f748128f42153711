package daemon

import (
	"bytes"
	"context"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestStuckEngineIsNotAlive: a dispatcher that does not move gives no sign of life.
func TestStuckEngineIsNotAlive(t *testing.T) {
	t.Parallel()
	socket := filepath.Join(t.TempDir(), "notify")
	manager, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer manager.Close()
	d := newTestDaemon(t, demoConfig(t, newServer(t).url)) // its engine does not run
	var log syncBuffer
	d.log = slog.New(slog.NewTextHandler(&log, nil))
	d.notify = notifier{socket: socket, watchdog: 60 * time.Millisecond}
	ctx, stop := context.WithCancel(t.Context())
	var under sync.WaitGroup
	under.Go(func() { _ = d.beat(ctx) }) // it returns no error
	if !eventually(func() bool { return strings.Count(log.String(), "does not move") >= 3 }) {
		t.Errorf("the log does not say so: %s", log.String())
	}
	manager.SetReadDeadline(time.Now())
	if n, err := manager.Read(make([]byte, 99)); err == nil {
		t.Errorf("%d bytes of life", n)
	}
	running, end := context.WithCancel(t.Context())
	under.Go(func() { _ = d.node.Load().Engine.Run(running) }) // how it ends is of no interest here
	manager.SetReadDeadline(time.Now().Add(patience))
	b := make([]byte, 99)
	if n, err := manager.Read(b); err != nil || !strings.HasPrefix(string(b[:n]), "WATCHDOG=1\n") {
		t.Errorf("%v: %q of life", err, b[:n])
	}
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
