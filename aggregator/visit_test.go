package aggregator_test

import (
	"errors"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/store"
)

// TestOtherAddress: what was learned from the old address does not hold at the new one; what was published stays known.
func TestOtherAddress(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		p := one()
		s.Set("/alpha", feedtest.Doc(feedtest.RSS("Alpha", p), "ETag", `"1"`, "Last-Modified", "Tue, 24 Nov 2026 08:00:00 GMT"))
		s.Set("/moved", feedtest.Doc(feedtest.RSS("Alpha", p), "ETag", `"1"`))
		r.good()
		key, head := r.items("alpha")[0].Key, r.head()
		r.sources[0].URL = s.URL + "/moved"
		r.open()
		report := r.ingest(aggregator.Request{}) // at once, though not due
		if len(report.Visits) != 1 || report.Visits[0].Result != news.OK || report.New+report.Updated != 0 {
			t.Errorf("%+v", report)
		}
		if h := s.Requests("/moved")[0]; h.Get("If-None-Match") != "" || h.Get("If-Modified-Since") != "" {
			t.Errorf("asked with validators of another address: %v", h)
		}
		st := r.state("alpha")
		if st.URL != s.URL+"/moved" || st.Validators != (news.Validators{ETag: `"1"`}) {
			t.Errorf("state: %s %+v", st.URL, st.Validators)
		}
		if all := r.items("alpha"); len(all) != 1 || all[0].Key != key || r.head() != head {
			t.Errorf("%d items, the log at %d", len(all), r.head())
		}
	}, "alpha")
}

// TestFirstVisitTagsBySource: what the config says of a source is in the tags of its first items.
func TestFirstVisitTagsBySource(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		s.Set("/alpha", page("Alpha", one()))
		r.sources[0].Agency, r.sources[0].Language, r.sources[0].Topics = "tass", "ru", []string{"politics"}
		r.open()
		r.good()
		r.view(func(v store.View) error {
			for _, tag := range []string{"source:alpha", "language:ru", "carrier:tass", "topic:politics"} {
				n := 0
				for _, err := range v.Tagged(tag, 0) {
					if err != nil {
						return err
					}
					n++
				}
				if n != 1 {
					t.Errorf("%d records with the tag %s, want 1", n, tag)
				}
			}
			return nil
		})
	}, "alpha")
}

// TestNotModified: RFC 9111 section 4.3.4. Validators that a 304 carries replace the stored ones, the others stay.
func TestNotModified(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		s.Set("/alpha", feedtest.Doc(feedtest.RSS("Alpha", one()), "ETag", `"1"`, "Last-Modified", "Tue, 24 Nov 2026 08:00:00 GMT"))
		r.good()
		before := r.state("alpha")
		time.Sleep(time.Hour)
		s.Set("/alpha", feedtest.Status(304, "ETag", `W/"1"`, "Cache-Control", "max-age=7200"))
		if v := r.good().Visits[0]; v.Result != news.NotModified || v.Status != 304 {
			t.Errorf("%s %d", v.Result, v.Status)
		}
		st := r.state("alpha")
		if want := (news.Validators{ETag: `W/"1"`, LastModified: "Tue, 24 Nov 2026 08:00:00 GMT"}); st.Validators != want {
			t.Errorf("validators %q, want %q", st.Validators, want)
		}
		same(t, "hash of the body", st.Hash, before.Hash)
		same(t, "last success", st.LastSuccess, morning.Add(time.Hour))
		same(t, "why it is due", st.Why, "max-age")
		if st.Due.Before(morning.Add(3 * time.Hour)) {
			t.Errorf("due %v, want two hours after the answer", st.Due)
		}
	}, "alpha")
}

// TestSameBody: the bytes of the last visit are not read again, but they are an answer like any other.
func TestSameBody(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		body := feedtest.RSS("Alpha", one())
		s.Set("/alpha", feedtest.Doc(body, "ETag", `"1"`, "Last-Modified", "Tue, 24 Nov 2026 08:00:00 GMT"))
		r.good()
		time.Sleep(time.Hour)
		s.Set("/alpha", feedtest.Doc(body, "ETag", `"2"`, "Cache-Control", "max-age=7200"))
		if v := r.good().Visits[0]; v.Result != news.Unchanged || v.Status != 200 {
			t.Errorf("%s %d", v.Result, v.Status)
		}
		st := r.state("alpha")
		same(t, "validators", st.Validators, news.Validators{ETag: `"2"`})
		same(t, "last success", st.LastSuccess, morning.Add(time.Hour))
		same(t, "why it is due", st.Why, "max-age")
		s.Set("/alpha", feedtest.Doc(body))
		r.sources[0].Zone = time.FixedZone("Minsk", 3*3600)
		r.open()
		if v := r.good().Visits[0]; v.Result != news.OK || v.Updated != 0 {
			t.Errorf("read in another zone: %s, %d updated", v.Result, v.Updated)
		}
	}, "alpha")
}

// TestRemovedSource: a source that is configured no more is not asked, and stays credited under its name.
func TestRemovedSource(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		s.Set("/alpha", page("Alpha", one()))
		s.Set("/bravo", page("Bravo", feedItems("bravo", 1, 1)...))
		r.sources[0].Name = "Alpha Agency of Minsk"
		r.open()
		r.good()
		feed := r.atom()
		r.sources = r.sources[1:]
		r.open()
		if n := r.pass().Visited; n != 1 {
			t.Errorf("%d visits, want that of bravo", n)
		}
		if d := cmp.Diff(string(feed), string(r.atom())); d != "" {
			t.Errorf("the merged feed changed:\n%s", d)
		}
		if !strings.Contains(string(feed), "Alpha Agency of Minsk") {
			t.Error("the name of the source is not in the feed")
		}
	}, "alpha", "bravo")
}

// TestUnknownSource: nothing is visited.
func TestUnknownSource(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		_, err := r.engine.Ingest(t.Context(), aggregator.Request{Sources: []string{"alpha", "tass", "mfa"}})
		var unknown *aggregator.UnknownSourceError
		if !errors.As(err, &unknown) || !slices.Equal(unknown.IDs, []string{"tass", "mfa"}) || len(s.Requests("/alpha")) != 0 {
			t.Errorf("%v, asked %d times", err, len(s.Requests("/alpha")))
		}
	}, "alpha")
}

// bomb is a network on which the request of one source makes our own code panic.
type bomb struct {
	http.RoundTripper
	path string
}

func (b bomb) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Path == b.path {
		panic("a bug of ours")
	}
	return b.RoundTripper.RoundTrip(req)
}

// TestPanic: a bug that one source brings to light is that source's failure and no other's.
func TestPanic(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		s.Set("/alpha", feedtest.Doc(feedtest.RSS("Alpha", feedItems("alpha", 1, 2)...), "ETag", `"1"`))
		s.Set("/bravo", page("Bravo", feedItems("bravo", 1, 2)...))
		r.good()
		before := r.state("alpha")
		s.Set("/bravo", page("Bravo", feedItems("bravo", 1, 3)...))
		r.fetch.Transport, r.at = bomb{s, "/alpha"}, 1
		r.open()
		report := r.pass()
		var bug *store.PanicError
		if v := report.Visits[0]; !errors.As(v.Err, &bug) || len(bug.Stack) == 0 || v.Result != news.Failed {
			t.Errorf("%s: %v", v.Result, v.Err)
		}
		if v := report.Visits[1]; v.New != 1 || v.Err != nil {
			t.Errorf("the other source: %d new, %v", v.New, v.Err)
		}
		st := r.state("alpha")
		same(t, "problem", st.Problem, news.ProblemBug)
		same(t, "failures in a row", st.Failures, 1)
		same(t, "what the last good answer taught", learned(st), learned(before))
		if !strings.Contains(st.Error, "a bug of ours") {
			t.Errorf("error %q, want what the panic said", st.Error)
		}
		r.pass() // neither the turn at the host nor the one slot was lost
		r.fetch.Transport = s
		r.open()
		s.Set("/alpha", feedtest.Doc(feedtest.RSS("Alpha", feedItems("alpha", 1, 4)...), "ETag", `"2"`))
		if v := r.visit("alpha"); v.New != 2 {
			t.Errorf("afterwards: %d new, %v", v.New, v.Err)
		}
		r.sound()
	}, "alpha", "bravo")
}
