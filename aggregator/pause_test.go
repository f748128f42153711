package aggregator_test

import (
	"errors"
	"net/http"
	"testing"
	"time"

	"dateline/aggregator"
	"dateline/aggregator/fetch"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/aggregator/schedule"
	"dateline/aggregator/status"
)

const century = "3153600000"

// TestPauseIsHeeded: whichever way leads to a host, it heeds the pause that the host asked another source for, also after a
// restart; an operator may ask the named source once all the same.
func TestPauseIsHeeded(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		s.Set("/alpha", feedtest.Status(429, "Retry-After", "3600"))
		s.Set("/bravo", page("Bravo", feedItems("bravo", 1, 1)...))
		until := morning.Add(time.Hour)
		if v := r.visit("alpha"); v.Status != 429 {
			t.Fatal(v)
		}
		for _, restart := range []bool{false, true} {
			if restart {
				r.open()
			}
			for way, err := range map[string]error{
				"probe":    r.engine.Probe(t.Context(), nil, r.sources[1:])[0].Err,
				"look":     second(r.engine.Look(t.Context(), r.sources[1], nil)),
				"discover": second(r.engine.Discover(t.Context(), r.sources[1].URL, nil)),
				"turn":     second(r.engine.Turn(t.Context(), r.sources[1].URL)),
			} {
				var paused *fetch.PausedError
				if !errors.As(err, &paused) || paused.Host != "wire.example:443" || !paused.Until.Equal(until) {
					t.Errorf("%s, restart %t: %v", way, restart, err)
				}
			}
			for _, src := range r.sources {
				same(t, "what "+src.ID+" waits for", r.engine.Waiting(src, r.state(src.ID)), news.Pause{Host: "wire.example:443", Until: until})
			}
			same(t, "visits of a pass", r.pass().Visited, 0)
		}
		same(t, "requests", len(s.Requests("/bravo")), 0)

		same(t, "forced visits", r.ingest(aggregator.Request{Sources: []string{"bravo"}, Force: true}).Visited, 1)
		r.open()
		same(t, "visits after that", r.pass().Visited, 0)
		same(t, "visits without a name", r.ingest(aggregator.Request{Force: true}).Visited, 0)
		s.Set("/alpha", page("Alpha", one()))
		time.Sleep(time.Until(until))
		same(t, "visits after the pause", r.pass().Visited, 2)
	}, "alpha", "bravo")
}

func second[T any](_ T, err error) error { return err }

// TestPauseOutlivesForce: a good answer to the operator's own request ends the source's wait, not that of its neighbours.
func TestPauseOutlivesForce(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		s.Set("/alpha", feedtest.Status(429, "Retry-After", "3600"))
		s.Set("/bravo", page("Bravo", feedItems("bravo", 1, 1)...))
		r.visit("alpha")
		s.Set("/alpha", page("Alpha", one()))
		time.Sleep(time.Minute)
		if rep := r.ingest(aggregator.Request{Sources: []string{"alpha"}, Force: true}); rep.New != 1 {
			t.Fatalf("%+v", rep)
		}
		r.open()
		same(t, "visits of a pass", r.pass().Visited, 0)
		same(t, "what bravo waits for", r.engine.Waiting(r.sources[1], r.state("bravo")),
			news.Pause{Host: "wire.example:443", Until: morning.Add(time.Hour)})
	}, "alpha", "bravo")
}

// TestRetryAfterIsBounded: a Retry-After is obeyed for a day, then the host is asked once, by one of its sources.
func TestRetryAfterIsBounded(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fact   string
		status int
		after  string
		asked  int // within the day after
	}{
		{"429 for a century", 429, century, 1},
		{"429 until 2099", 429, "Thu, 01 Jan 2099 00:00:00 GMT", 1},
		{"503 for a century", 503, century, 1},
		{"503 beyond any number", 503, "99999999999999999999", 1},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
				s.Set("/alpha", feedtest.Status(c.status, "Retry-After", c.after))
				v := r.visit("alpha")
				same(t, "next", v.Next, morning.Add(day))
				st := r.state("alpha")
				same(t, "why", st.Why, schedule.ByRetryAfter)
				same(t, "state", status.Of(r.sources[0], st, r.engine.Waiting(r.sources[0], st), time.Now()), status.Waiting)
				time.Sleep(day - time.Second)
				same(t, "visits within the day", r.pass().Visited, 0)
				time.Sleep(time.Second)
				same(t, "visits after it", r.pass().Visited, 1)
				same(t, "visits at once after that", r.pass().Visited, 0)
				same(t, "requests", len(s.Requests("/alpha")), 2)
			}, "alpha")
		})
	}
}

// TestRetryMaxIsLowered: the operator's bound counts as it is now, for what was stored under another one too.
func TestRetryMaxIsLowered(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		s.Set("/alpha", feedtest.Status(429, "Retry-After", century))
		s.Set("/bravo", page("Bravo", feedItems("bravo", 1, 1)...))
		r.visit("alpha")
		s.Set("/alpha", page("Alpha", one()))
		r.pace.RetryMax, r.fetch.RetryMax = 2*time.Hour, 2*time.Hour
		r.open()
		time.Sleep(2*time.Hour - time.Second)
		same(t, "visits before the bound", r.ingest(aggregator.Request{}).Visited, 0)
		time.Sleep(time.Second)
		same(t, "visits after it", r.ingest(aggregator.Request{}).Visited, 2)
	}, "alpha", "bravo")
}

// TestRedirectToPausedHost: a source that is led to a host that wants no request waits for it; nothing is its own fault.
func TestRedirectToPausedHost(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		s.Set("/alpha", feedtest.Status(429, "Retry-After", "7200"))
		s.Set("/bravo", http.RedirectHandler("https://wire.example/bravo2", http.StatusFound))
		r.sources[1].URL = "https://elsewhere.example/bravo"
		r.open()
		r.visit("alpha")
		same(t, "visits", r.pass("bravo").Visited, 0)
		st := r.state("bravo")
		same(t, "problem", st.Problem, "")
		same(t, "failures", st.Failures, 0)
		same(t, "due", st.Due, morning.Add(2*time.Hour))
		same(t, "what it waits for", r.engine.Waiting(r.sources[1], st), news.Pause{Host: "wire.example:443", Until: morning.Add(2 * time.Hour)})
		time.Sleep(time.Hour)
		same(t, "visits an hour later", r.pass("bravo").Visited, 0)
		same(t, "requests that were led there", len(s.Requests("/bravo")), 1)
		same(t, "requests there", len(s.Requests("/bravo2")), 0)
	}, "alpha", "bravo")
}
