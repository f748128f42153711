package websub

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// The loop steps at once, when it is woken, when it asked for it, and at the latest after an hour.
func TestLoop(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		var at []time.Duration
		waits := []time.Duration{time.Minute, 1000 * time.Hour, 1000 * time.Hour, time.Second}
		l := NewLoop()
		ctx, end := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			l.Run(ctx, func() time.Duration {
				at = append(at, time.Since(began))
				return append(waits, time.Hour)[min(len(at)-1, len(waits))]
			})
		}()
		time.Sleep(2 * time.Minute)
		l.Wake()
		time.Sleep(2 * time.Hour)
		end()
		<-ended
		want := []time.Duration{0, time.Minute, 2 * time.Minute, 62 * time.Minute, 62*time.Minute + time.Second}
		if !slices.Equal(at, want) {
			t.Errorf("steps at %v, want %v", at, want)
		}
	})
}

func TestBackOff(t *testing.T) {
	t.Parallel()
	b := BackOff{First: time.Minute, Longest: 6 * time.Hour}
	for failures, want := range map[int]time.Duration{
		-1: time.Minute, 0: time.Minute, 1: time.Minute, 2: 2 * time.Minute, 9: 256 * time.Minute, 10: 6 * time.Hour, 1 << 40: 6 * time.Hour,
	} {
		if got := b.Wait(failures); got != want {
			t.Errorf("after %d failures %v, want %v", failures, got, want)
		}
	}
}

// A Retry-After counts with every status; 429 and 503 without one mean a pause too.
func TestNotTaken(t *testing.T) {
	t.Parallel()
	now := time.Date(2024, 5, 17, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		fact   string
		status int
		said   time.Duration // 0: nothing
		want   time.Duration // 0: no pause
	}{
		{"an error", 500, 0, 0},
		{"an error with a Retry-After", 500, time.Hour, time.Hour},
		{"too many requests", 429, 0, time.Minute},
		{"unavailable", 503, 0, time.Minute},
		{"unavailable, for a while", 503, time.Second, time.Second},
		{"for ever", 503, 10_000 * time.Hour, maxPause},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			p := Peer{RetryAfter: func(http.Header, time.Time) (at time.Time) {
				if c.said > 0 {
					at = now.Add(c.said)
				}
				return at
			}}
			want := time.Time{}
			if c.want > 0 {
				want = now.Add(c.want)
			}
			if err := p.NotTaken(&http.Response{StatusCode: c.status}, time.Minute, now); err.Status != c.status || !err.RetryAt.Equal(want) {
				t.Errorf("got %+v, want %v", err, want)
			}
		})
	}
}

// What is changed is taken once, not too early, and again after an error.
func TestBehind(t *testing.T) {
	t.Parallel()
	now := time.Date(2024, 5, 17, 12, 0, 0, 0, time.UTC)
	b := NewBehind[string](time.Second)
	take := func(at time.Time, force bool, want string, wantWait time.Duration) []string {
		t.Helper()
		keys, wait := b.Take(at, force)
		slices.Sort(keys)
		if got := len(keys); got != len(want) || wait != wantWait {
			t.Errorf("took %v, wait %v; want %q, %v", keys, wait, want, wantWait)
		}
		return keys
	}
	take(now, false, "", RestAtMost)
	b.Touch("a")
	b.Touch("b")
	b.Touch("a")
	keys := take(now, false, "ab", 0)
	if wait := b.Wrote(keys, now, nil); wait != RestAtMost || b.Any() {
		t.Errorf("all is written, and the next write is in %v", wait)
	}
	b.Touch("c")
	take(now, false, "", time.Second)
	keys = take(now, true, "c", 0)
	b.Touch("d")
	if wait := b.Wrote(keys, now, errors.New("disk full")); wait != writeAgain {
		t.Errorf("after an error the next write is in %v", wait)
	}
	take(now.Add(time.Second), false, "", writeAgain-time.Second)
	take(now.Add(writeAgain), false, "cd", 0)
}
