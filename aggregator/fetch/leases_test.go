package fetch

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// leases are turns that another process has in common with this one.
type leases struct {
	asked, released, paused int
	gap                     time.Duration
	until                   time.Time
	err                     error
}

func (l *leases) Ask(context.Context, string) (func(time.Duration), time.Time, error) {
	l.asked++
	return func(gap time.Duration) { l.released, l.gap = l.released+1, gap }, l.until, l.err
}

func (l *leases) Pause(string, time.Time) error {
	l.paused++
	return nil
}

// TestSharedTurns: a turn is that of all processes; what another process or its host does not grant gives the turn of this one back.
func TestSharedTurns(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const host = "feeds.example:443"
		ctx, away := t.Context(), errors.New("away")
		h, l := newHosts(time.Second, func(string) bool { return false }), &leases{}
		h.Share(l)
		release, err := h.Acquire(ctx, host)
		if err != nil {
			t.Fatal(err)
		}
		if release(); l.asked != 1 || l.released != 1 || l.gap != time.Second {
			t.Errorf("%d leases, %d given back, with a gap of %s", l.asked, l.released, l.gap)
		}
		l.err = away
		if _, err := h.Acquire(ctx, host); !errors.Is(err, away) {
			t.Errorf("%v, want %v", err, away)
		}
		l.err, l.until = nil, time.Now().Add(time.Hour)
		var paused *PausedError
		if _, err := h.Acquire(ctx, host); !errors.As(err, &paused) || !paused.Until.Equal(l.until) {
			t.Errorf("%v, want a pause until %s", err, l.until)
		}
		if release, err = h.Force(ctx, host); err != nil { // an operator wants it
			t.Fatal(err)
		}
		release()
		if h.Pause(host, l.until.Add(time.Hour)); l.paused != 1 {
			t.Errorf("%d pauses reached the others", l.paused)
		}
	})
}
