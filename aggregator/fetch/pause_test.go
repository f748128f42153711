package fetch

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// wantPaused checks that err is a [*PausedError] of host that ends after d.
func wantPaused(t *testing.T, err error, host string, d time.Duration) {
	t.Helper()
	var paused *PausedError
	if !errors.As(err, &paused) || paused.Host != host || !paused.Until.Equal(time.Now().Add(d)) || Problem(err) != "" {
		t.Errorf("got %v (%q), want a pause of %s for %v", err, Problem(err), host, d)
	}
}

func TestPause(t *testing.T) {
	t.Parallel()
	const host = "a.example:80"
	none := func(string) bool { return false }
	t.Run("refuses the turn without waiting, until it is over", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			h := newHosts(0, none)
			h.Pause(host, time.Now().Add(time.Hour))
			h.Pause(host, time.Now().Add(time.Minute)) // an earlier end changes nothing
			_, err := h.Acquire(t.Context(), host)
			wantPaused(t, err, host, time.Hour)
			if release, err := h.Acquire(t.Context(), "b.example:80"); err != nil {
				t.Error("another host:", err)
			} else {
				release()
			}
			time.Sleep(time.Hour)
			if release, err := h.Acquire(t.Context(), host); err != nil || !h.Paused(host).IsZero() {
				t.Error("after its end:", err, h.Paused(host))
			} else {
				release()
			}
		})
	})
	t.Run("reaches those that wait for the turn already", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			h := newHosts(time.Second, none)
			release, err := h.Acquire(t.Context(), host)
			if err != nil {
				t.Fatal(err)
			}
			waiting := make(chan error)
			for range 2 {
				go func() {
					_, err := h.Acquire(t.Context(), host)
					waiting <- err
				}()
			}
			synctest.Wait()
			until := time.Now().Add(time.Hour)
			h.Pause(host, until)
			release()
			for range 2 {
				wantPaused(t, <-waiting, host, time.Until(until))
			}
		})
	})
	t.Run("does not stop an operator, who waits for the turn", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			h := newHosts(0, none)
			h.Pause(host, time.Now().Add(time.Hour))
			release, err := h.Force(t.Context(), host)
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			if _, err := h.Force(ctx, host); !errors.Is(err, context.DeadlineExceeded) {
				t.Error("two at a time:", err)
			}
			release()
			if h.Paused(host).IsZero() {
				t.Error("the pause ended with the request")
			}
		})
	})
	t.Run("is remembered until it is over, however many hosts there are", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			h := newHosts(0, none)
			h.Pause(host, time.Now().Add(time.Hour))
			for i := range 2 * sweepAt {
				release, err := h.Acquire(t.Context(), string(rune('a'+i%26))+time.Duration(i).String())
				if err != nil {
					t.Fatal(err)
				}
				release()
			}
			if h.Paused(host).IsZero() || len(h.turns) > sweepAt {
				t.Errorf("paused until %v, %d hosts", h.Paused(host), len(h.turns))
			}
		})
	})
}

// retryLater answers with a status and a Retry-After; at /away it leads to b.example.
func retryLater(status int, retryAfter string) answers {
	return func(r *http.Request) (*http.Response, error) {
		if r.URL.Path == "/away" {
			return answer(r, 302, "", "Location", "http://b.example/"), nil
		}
		return answer(r, status, "later", "Retry-After", retryAfter), nil
	}
}

func TestGetPauses(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	for _, c := range []struct {
		fact        string
		status      int
		retryAfter  string
		request     Request
		max         time.Duration
		host        string // that is looked at
		said, pause time.Duration
	}{
		{"429", 429, "3600", Request{}, 0, "a.example:80", time.Hour, time.Hour},
		{"429 for the feed alone", 429, "3600", Request{FeedOnly: true}, 0, "a.example:80", time.Hour, 0},
		{"503 is about the feed", 503, "3600", Request{}, 0, "a.example:80", time.Hour, 0},
		{"429 for a century is a day", 429, "3153600000", Request{}, 0, "a.example:80", day, day},
		{"503 until 2099 is a day", 503, "Thu, 01 Jan 2099 00:00:00 GMT", Request{}, 0, "a.example:80", day, 0},
		{"the operator's bound", 429, "3600", Request{}, time.Minute, "a.example:80", time.Minute, time.Minute},
		{"a number that is none", 429, "soon", Request{}, 0, "a.example:80", 0, 0},
		{"at the end of a redirect, the host there", 429, "3600", Request{URL: "http://a.example/away"}, 0, "b.example:80", time.Hour, time.Hour},
		{"at the end of a redirect, not the host that leads there", 429, "3600", Request{URL: "http://a.example/away"}, 0, "a.example:80",
			time.Hour, 0},
	} {
		t.Run(c.fact, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, err := New(Options{Transport: retryLater(c.status, c.retryAfter), RetryMax: c.max})
				if err != nil {
					t.Fatal(err)
				}
				if c.request.URL == "" {
					c.request.URL = "http://a.example/"
				}
				_, err = client.Get(t.Context(), c.request)
				var status *StatusError
				if !errors.As(err, &status) {
					t.Fatal(err)
				}
				after := func(at time.Time) time.Duration {
					if at.IsZero() {
						return 0
					}
					return time.Until(at)
				}
				if said, pause := after(status.RetryAfter), after(client.Hosts.Paused(c.host)); said != c.said || pause != c.pause {
					t.Errorf("the error says %v, the pause is %v; want %v and %v", said, pause, c.said, c.pause)
				}
				c.request.URL = "http://a.example/away"
				if c.pause > 0 {
					_, err := client.Get(t.Context(), c.request)
					wantPaused(t, err, c.host, c.pause)
				}
				c.request.Force = true
				if _, err := client.Get(t.Context(), c.request); !errors.As(err, &status) {
					t.Error("forced:", err)
				}
			})
		})
	}
}

// A client that succeeds another keeps its pauses, none longer than its own bound.
func TestSucceedPauses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		old, err := New(Options{Transport: retryLater(429, "7200")})
		if err != nil {
			t.Fatal(err)
		}
		next, err := New(Options{Transport: retryLater(429, "7200"), RetryMax: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		old.Hosts.Pause("a.example:80", time.Now().Add(2*time.Hour))
		old.Hosts.Pause("b.example:80", time.Now().Add(time.Minute))
		next.Succeed(old)
		_, err = next.Get(t.Context(), Request{URL: "http://a.example/"})
		wantPaused(t, err, "a.example:80", time.Hour)
		_, err = next.Get(t.Context(), Request{URL: "http://b.example/"})
		wantPaused(t, err, "b.example:80", time.Minute)
	})
}
