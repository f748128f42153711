package aggregator_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
	"dateline/store"
)

// TestHeir: a source under another id carries on the items of the former one, their keys, entries and ids.
func TestHeir(t *testing.T) {
	renamed := func(s *site, r *rig, url string, was ...string) {
		src := s.feed("bravo")
		src.URL, src.Was = s.URL+url, was
		r.sources = []news.Source{src}
		r.open()
	}
	ids := func(r *rig) map[string]string {
		out := map[string]string{}
		for _, it := range r.items("") {
			out[it.GUID] = it.Key.String() + " " + it.Entry.String() + " " + r.entry(it.Entry).AtomID()
		}
		return out
	}
	// An item that left the feed before stays with the former id, so that the counts of the two do not tell where it is.
	sound := func(t *testing.T, r *rig) {
		t.Helper()
		r.view(func(v store.View) error {
			if err := errors.Join(logSound(v), windowsSound(v), heldSound(v)); err != nil {
				t.Error(err)
			}
			return nil
		})
	}
	for _, c := range []struct {
		fact, url, etag string
	}{
		{"at the same address", "/alpha", ""},
		{"at the same address, not modified", "/alpha", `"1"`},
		{"at another address", "/bravo", `"1"`},
	} {
		t.Run(c.fact, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *site, r *rig) {
				s.set("/alpha", doc(rss("Alpha", pieces("alpha", 1, 30)...), "ETag", c.etag))
				r.good()
				before, head := ids(r), r.head()
				s.set("/bravo", doc(rss("Bravo", pieces("alpha", 1, 30)...), "ETag", c.etag))
				renamed(s, r, c.url, "alpha")
				if report := r.good(); report.New+report.Held+report.Updated+report.Joined != 0 || r.head() != head {
					t.Errorf("%+v, the log went from %d to %d", report, head, r.head())
				}
				if st := r.state("bravo"); st.Items != 30 || !r.state("alpha").LastVisit.IsZero() {
					t.Errorf("%d items; the former is %+v", st.Items, r.state("alpha"))
				}
				if d := cmp.Diff(before, ids(r)); d != "" {
					t.Error(d)
				}
				time.Sleep(time.Hour)
				s.set(c.url, doc(rss("Bravo", pieces("alpha", 11, 22)...), "ETag", `"2"`))
				if report := r.good(); report.New != 2 || report.Held+report.Updated+report.Joined != 0 {
					t.Errorf("then %+v", report)
				}
				sound(t, r)
				// Known under the new id, they do not need the former one any more.
				renamed(s, r, c.url)
				all := pieces("alpha", 11, 22)
				all[5].text += " Amended."
				s.set(c.url, doc(rss("Bravo", all...), "ETag", `"3"`))
				if report := r.good(); report.New != 0 || report.Updated != 1 {
					t.Errorf("without the former id: %d new, %d updated", report.New, report.Updated)
				}
				for guid, id := range before {
					if ids(r)[guid] != id {
						t.Errorf("%s was %s, is %s", guid, id, ids(r)[guid])
					}
				}
				sound(t, r)
			}, "alpha")
		})
	}
	t.Run("what is held stays so, under the new id", func(t *testing.T) {
		bubble(t, func(t *testing.T, s *site, r *rig) {
			s.set("/first", doc(rss("First", pieces("first", 1, 1)...)))
			r.good("first")
			s.set("/alpha", doc(rss("Alpha", pieces("alpha", 1, 30)...)))
			r.add(s.feed("alpha"))
			r.good("alpha")
			renamed(s, r, "/alpha", "alpha")
			r.good()
			if len(r.held("bravo")) != 10 || len(r.held("alpha")) != 0 {
				t.Errorf("held: %q and %q", r.held("bravo"), r.held("alpha"))
			}
			r.sound()
			if done, err := r.engine.Release("bravo"); err != nil || done.Published != 10 {
				t.Errorf("%+v, %v", done, err)
			}
			r.sound()
		}, "first")
	})
	t.Run("named only after it was read under the new id", func(t *testing.T) {
		bubble(t, func(t *testing.T, s *site, r *rig) {
			s.set("/alpha", doc(rss("Alpha", pieces("alpha", 1, 5)...)))
			r.good()
			s.set("/bravo", doc(rss("Bravo", pieces("bravo", 1, 5)...)))
			renamed(s, r, "/bravo")
			r.good()
			renamed(s, r, "/bravo", "alpha")
			var both []piece
			for i := range 5 {
				both = append(both, pieces("alpha", 1, 5)[i], pieces("bravo", 1, 5)[i])
			}
			s.set("/bravo", doc(rss("Bravo", both...)))
			if report := r.good(); report.New+report.Updated+report.Joined != 0 {
				t.Errorf("%+v", report)
			}
			if got := fmt.Sprint(r.counts()); got != "map[bravo:10]" {
				t.Error(got)
			}
			r.sound()
		}, "alpha")
	})
}
