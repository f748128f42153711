package aggregator_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// TestDue: a pass visits what is due, or due within a tenth of its interval; --now visits all the same.
func TestDue(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		s.Set("/alpha", page("Alpha", one()))
		r.good()
		for _, c := range []struct {
			fact string
			at   time.Time
			now  bool
			want int
		}{
			{"long before", morning.Add(time.Minute), false, 0},
			{"long before, asked for", morning.Add(time.Minute), true, 1},
		} {
			time.Sleep(time.Until(c.at))
			if got := r.ingest(aggregator.Request{Now: c.now}).Visited; got != c.want {
				t.Errorf("%s: %d visits, want %d", c.fact, got, c.want)
			}
		}
		due := r.state("alpha").Due
		time.Sleep(time.Until(due.Add(-61 * time.Second)))
		if got := r.ingest(aggregator.Request{}).Visited; got != 0 {
			t.Error("visited more than a minute too early")
		}
		time.Sleep(time.Second)
		if got := r.ingest(aggregator.Request{}).Visited; got != 1 {
			t.Error("not visited a minute early, so that cron need not be in step")
		}
		r.sources[0].Enabled = false
		r.open()
		if got := r.pass().Visited; got != 0 {
			t.Error("visited though switched off")
		}
	}, "alpha")
}

// TestTooManyRequests: a 429 holds every source of its host, for every caller, until the time it names.
func TestTooManyRequests(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fact       string
		status     int
		alone      bool // holds its own source alone
		retryAfter string
	}{
		{"429", 429, false, "3600"},
		{"429 until a date", 429, false, "Tue, 24 Nov 2026 10:00:00 GMT"},
		{"503", 503, true, "3600"},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
				s.Set("/alpha", feedtest.Status(c.status, "Retry-After", c.retryAfter))
				s.Set("/bravo", page("Bravo", feedItems("bravo", 1, 1)...))
				s.Set("/charlie", page("Charlie", feedItems("charlie", 1, 1)...))
				r.sources[2].URL = "https://elsewhere.example/charlie"
				r.open()
				if v := r.visit("alpha"); v.Result != news.Failed || v.Status != c.status || !v.Next.Equal(morning.Add(time.Hour)) {
					t.Errorf("%s %d, next %v", v.Result, v.Status, v.Next)
				}
				if st := r.state("alpha"); st.Why != "retry-after" || !st.RetryAt.Equal(morning.Add(time.Hour)) {
					t.Errorf("due by %s, retry at %v", st.Why, st.RetryAt)
				}
				r.open() // across restarts
				s.Set("/alpha", page("Alpha", one()))
				time.Sleep(time.Hour - time.Second)
				var asked []string
				for _, v := range r.pass().Visits {
					asked = append(asked, v.Source)
				}
				want := []string{"charlie"}
				if c.alone {
					want = []string{"bravo", "charlie"}
				}
				if !slices.Equal(asked, want) {
					t.Errorf("within the hour visited %q, want %q", asked, want)
				}
				time.Sleep(time.Second)
				if n := r.pass().Visited; n != 3 {
					t.Errorf("after the hour visited %d, want 3", n)
				}
			}, "alpha", "bravo", "charlie")
		})
	}
}

// TestCalledOff: a visit that ends with its context is not the source's fault. Its request counts, nothing else.
func TestCalledOff(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fact string
		end  func(context.Context) (context.Context, context.CancelFunc)
		want error
	}{
		{"by the deadline of the pass", func(ctx context.Context) (context.Context, context.CancelFunc) {
			return context.WithTimeout(ctx, 5*time.Second)
		}, context.DeadlineExceeded},
		{"by the operator", func(ctx context.Context) (context.Context, context.CancelFunc) {
			ctx, cancel := context.WithCancel(ctx)
			time.AfterFunc(5*time.Second, cancel)
			return ctx, cancel
		}, context.Canceled},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
				s.Set("/alpha", feedtest.Doc(feedtest.RSS("Alpha", one()), "ETag", `"1"`))
				s.Set("/bravo", page("Bravo", feedItems("bravo", 1, 1)...))
				r.good()
				before := map[string]news.State{"alpha": r.state("alpha"), "bravo": r.state("bravo")}
				time.Sleep(time.Hour)
				s.Forget()
				s.Set("/alpha", http.HandlerFunc(silent))
				s.Set("/bravo", http.HandlerFunc(silent))
				ctx, cancel := c.end(t.Context())
				defer cancel()
				if _, err := r.engine.Ingest(ctx, aggregator.Request{Now: true}); !errors.Is(err, c.want) {
					t.Errorf("%v, want %v", err, c.want)
				}
				asked := 0
				for id, was := range before {
					st := r.state(id)
					if n := len(s.Requests("/" + id)); n == 0 { // it waited for the other one's host
						if d := cmp.Diff(was, st); d != "" {
							t.Errorf("what was not asked changed:\n%s", d)
						}
						continue
					}
					asked++
					same(t, "failures in a row", st.Failures, 0)
					same(t, "problem", st.Problem, "")
					same(t, "result", st.Result, was.Result)
					same(t, "what the last good answer taught", learned(st), learned(was))
					if !st.LastVisit.Equal(morning.Add(time.Hour+5*time.Second)) || !st.Due.After(st.LastVisit) {
						t.Errorf("the request does not count: last visit %v, due %v", st.LastVisit, st.Due)
					}
				}
				if asked != 1 {
					t.Errorf("%d were asked at one host, want 1", asked)
				}
				r.sound()
			}, "alpha", "bravo")
		})
	}
}

func TestGone(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		s.Set("/alpha", page("Alpha", one()))
		r.good()
		s.Set("/alpha", feedtest.Status(410))
		r.pass()
		if st := r.state("alpha"); st.Problem != news.ProblemGone || !st.Due.IsZero() || st.Why != "gone" {
			t.Errorf("state: %+v", st)
		}
		time.Sleep(1000 * time.Hour)
		if n := r.ingest(aggregator.Request{}).Visited; n != 0 {
			t.Error("it is asked again")
		}
		if n := len(readBack(t, r.atom())); n != 1 {
			t.Errorf("%d entries: what it published stays", n)
		}
		s.Set("/alpha", page("Alpha", one()))
		if v := r.visit("alpha"); !v.Result.Good() {
			t.Errorf("asked by name it is back: %s, %v", v.Result, v.Err)
		}
	}, "alpha")
}
