package aggregator_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"dateline/aggregator/internal/feedtest"
)

// locked is a log that several write.
type locked struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *locked) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(b)
}

func (l *locked) lines(with string) (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return strings.Count(l.buf.String(), with)
}

// TestOutageIsCounted: of the visits that fail in an hour twenty are logged, and the others counted after a minute, at the hour's end
// and when the daemon ends; the next hour names sources again.
func TestOutageIsCounted(t *testing.T) {
	t.Parallel()
	bubbleAt(t, morning, func(t *testing.T) {
		s := feedtest.NewHost("https://wire.example")
		r := newHarnessOver(t, s)
		for i := range 60 {
			r.sources = append(r.sources, s.Source("s"+strings.Repeat("x", i)))
		}
		var log locked
		r.logger = slog.New(slog.NewTextHandler(&log, nil))
		r.open()
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- r.engine.Run(ctx) }()
		time.Sleep(30 * time.Second)
		if n := log.lines("visit failed"); n != 20 || log.lines("more visits failed") != 0 {
			t.Errorf("%d lines of failed visits", n)
		}
		time.Sleep(time.Minute)
		if log.lines(`msg="more visits failed" visits=40`) != 1 {
			t.Error("the others are not counted")
		}
		time.Sleep(57 * time.Minute)
		if n := log.lines("visit failed") + log.lines("more visits failed"); n > 21 {
			t.Errorf("%d lines in an hour", n)
		}
		time.Sleep(2 * time.Hour)
		if n := log.lines("visit failed"); n < 40 || n > 60 {
			t.Errorf("%d lines of failed visits after three hours", n)
		}
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if log.lines("more visits failed") < 3 {
			t.Error("what failed at the end is not counted")
		}
	})
}
