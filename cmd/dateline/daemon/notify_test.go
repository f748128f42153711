package daemon

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestStuckEngineIsNotAlive: a dispatcher that does not move gives no sign of life.
func TestStuckEngineIsNotAlive(t *testing.T) {
	t.Parallel()
	messages := make(chan string, 100)
	d := newTestDaemon(t, demoConfig(t, newServer(t).url)) // its engine does not run
	var log syncBuffer
	d.log = slog.New(slog.NewTextHandler(&log, nil))
	d.notify = notifier{watchdog: 60 * time.Millisecond, send: func(state string) error {
		messages <- state
		return nil
	}}
	ctx, stop := context.WithCancel(t.Context())
	var under sync.WaitGroup
	under.Go(func() { _ = d.beat(ctx) }) // it returns no error
	if !eventually(func() bool { return strings.Count(log.String(), "does not move") >= 3 }) {
		t.Errorf("the log does not say so: %s", log.String())
	}
	if len(messages) > 0 {
		t.Errorf("%q of life", <-messages)
	}
	running, end := context.WithCancel(t.Context())
	under.Go(func() { _ = d.node.Load().Engine.Run(running) }) // how it ends is of no interest here
	if state := <-messages; !strings.HasPrefix(state, "WATCHDOG=1\n") {
		t.Errorf("%q of life", state)
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
