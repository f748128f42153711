package aggregator_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/store"
)

// add restarts the engine with one more source.
func (r *harness) add(src news.Source) {
	r.t.Helper()
	r.sources = append(r.sources, src)
	r.open()
}

// held returns the guids of what is held of a source, in the order in which it came.
func (r *harness) held(source string) (guids []string) {
	r.t.Helper()
	r.view(func(v store.View) error {
		for e, err := range v.HeldBy(source) {
			if err != nil {
				return err
			}
			it, _, err := v.Item(e.Key)
			if err != nil {
				return err
			}
			guids = append(guids, it.GUID)
		}
		return nil
	})
	return guids
}

// published returns the guids of the records of the log, the first first.
func (r *harness) published() (guids []string) {
	r.t.Helper()
	r.view(func(v store.View) error {
		for rec, err := range v.Records(0) {
			if err != nil {
				return err
			}
			it, _, err := v.Item(rec.Entry)
			if err != nil {
				return err
			}
			guids = append([]string{it.GUID}, guids...)
		}
		return nil
	})
	return guids
}

func numberedItems(source string, from, to int) (guids []string) {
	for n := from; n <= to; n++ {
		guids = append(guids, fmt.Sprintf("%s-%d", source, n))
	}
	return guids
}

func TestFirstPoll(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fact      string
		before    func(t *testing.T, s *feedtest.Server, r *harness) // what happens before bravo is read first
		new, held int
	}{
		{"a source of the first config is published whole", func(_ *testing.T, s *feedtest.Server, r *harness) {
			r.sources = append(r.sources, s.Source("bravo"))
			r.open()
		}, 30, 0},
		{"a source added after the first visit", func(_ *testing.T, s *feedtest.Server, r *harness) {
			r.good("alpha")
			r.add(s.Source("bravo"))
		}, 20, 10},
		{"a source added while the program runs", func(t *testing.T, s *feedtest.Server, r *harness) {
			r.good("alpha")
			r.sources = append(r.sources, s.Source("bravo"))
			if err := r.engine.Apply(aggregator.Setup{Sources: r.sources, Client: r.client, Registry: r.registry(), FirstPoll: 20}); err != nil {
				t.Fatal(err)
			}
		}, 20, 10},
		{"a source of the first config that left it for a while", func(_ *testing.T, s *feedtest.Server, r *harness) {
			r.sources = append(r.sources, s.Source("bravo"))
			r.open()
			r.good("alpha")
			r.sources = r.sources[:1]
			r.open()
			r.good("alpha")
			r.add(s.Source("bravo"))
		}, 30, 0},
		{"a source whose document was empty at first", func(_ *testing.T, s *feedtest.Server, r *harness) {
			r.good("alpha")
			all := page("Bravo", feedItems("bravo", 1, 30)...)
			s.Set("/bravo", page("Bravo"))
			r.add(s.Source("bravo"))
			r.good("bravo")
			s.Set("/bravo", all)
		}, 20, 10},
		{"a source that comes back was read before", func(_ *testing.T, s *feedtest.Server, r *harness) {
			r.good("alpha")
			all := page("Bravo", feedItems("bravo", 1, 30)...)
			s.Set("/bravo", page("Bravo", feedItems("old", 1, 1)...))
			r.add(s.Source("bravo"))
			r.good("bravo")
			r.sources = r.sources[:1]
			r.open()
			r.good("alpha")
			s.Set("/bravo", all)
			r.add(s.Source("bravo"))
		}, 30, 0},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
				s.Set("/alpha", page("Alpha", feedItems("alpha", 1, 2)...))
				s.Set("/bravo", page("Bravo", feedItems("bravo", 1, 30)...))
				c.before(t, s, r)
				report := r.good("bravo")
				if report.New != c.new || report.Held != c.held {
					t.Errorf("%d new, %d held; want %d and %d", report.New, report.Held, c.new, c.held)
				}
				if d := cmp.Diff(numberedItems("bravo", 1, c.held), r.held("bravo")); d != "" {
					t.Errorf("the oldest are held, in order:\n%s", d)
				}
				if st := r.state("bravo"); st.Held != uint64(c.held) {
					t.Errorf("the state counts %d held", st.Held)
				}
				if report := r.good("bravo"); report.New+report.Held+report.Updated != 0 {
					t.Errorf("once more: %d new, %d held, %d updated", report.New, report.Held, report.Updated)
				}
				r.sound()
			}, "alpha")
		})
	}
}

// TestFirstPollNewest: the newest are those with the latest dates, wherever they are; what has no date is new.
func TestFirstPollNewest(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		s.Set("/alpha", page("Alpha", feedItems("alpha", 1, 2)...))
		r.good("alpha")
		all := feedItems("bravo", 1, 25)
		all[24].PubDate = "" // the last of the document
		for i := range 12 {
			all[i], all[23-i] = all[23-i], all[i]
		}
		s.Set("/bravo", page("Bravo", all...))
		r.add(s.Source("bravo"))
		if report := r.good("bravo"); report.New != 20 || report.Held != 5 {
			t.Errorf("%d new, %d held", report.New, report.Held)
		}
		want := map[string]bool{"bravo-2": true, "bravo-3": true, "bravo-4": true, "bravo-5": true, "bravo-6": true}
		got := map[string]bool{}
		for _, guid := range r.held("bravo") {
			got[guid] = true
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Error(d)
		}
	}, "alpha")
}

func TestRelease(t *testing.T) {
	t.Parallel()
	heldOf := func(t *testing.T, s *feedtest.Server, r *harness, n int) {
		t.Helper()
		s.Set("/alpha", page("Alpha", feedItems("alpha", 1, 1)...))
		r.good("alpha")
		s.Set("/bravo", page("Bravo", feedItems("bravo", 1, 20+n)...))
		r.add(s.Source("bravo"))
		r.good("bravo")
	}
	t.Run("publishes the oldest first under new positions", func(t *testing.T) {
		t.Parallel()
		bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
			heldOf(t, s, r, 230)
			before := r.head()
			ids := map[string]string{}
			for _, it := range r.items("bravo") {
				ids[it.GUID] = r.entry(it.Key).AtomID()
			}
			done, err := r.engine.Release("bravo")
			if err != nil || done != (aggregator.Released{Published: 230}) {
				t.Errorf("%+v, %v", done, err)
			}
			if r.head() != before+230 {
				t.Errorf("the log went from %d to %d", before, r.head())
			}
			if d := cmp.Diff(numberedItems("bravo", 1, 230), r.published()[before:]); d != "" {
				t.Error(d)
			}
			for _, it := range r.items("bravo") {
				e := r.entry(it.Key)
				same(t, it.GUID+": held", it.Held, false)
				same(t, it.GUID+": state of its entry", e.State, news.Public)
				same(t, it.GUID+": id of its entry", e.AtomID(), ids[it.GUID])
				same(t, it.GUID+": has a position", e.First > 0, true)
			}
			if n := len(readBack(t, r.atom())); n != 251 {
				t.Errorf("%d entries in the feed", n)
			}
			if done, err := r.engine.Release("bravo"); err != nil || done != (aggregator.Released{}) || r.state("bravo").Held != 0 {
				t.Errorf("once more: %+v, %v", done, err)
			}
			if report := r.good("bravo"); report.New+report.Held+report.Updated != 0 {
				t.Errorf("the next visit: %+v", report)
			}
			r.sound()
		}, "alpha")
	})
	t.Run("joins what another source published meanwhile", func(t *testing.T) {
		t.Parallel()
		bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
			heldOf(t, s, r, 2)
			theirs := feedItems("bravo", 1, 2)
			theirs[0].GUID = "copy-by-link"
			theirs[1].GUID, theirs[1].Link = "copy-by-text", "https://alpha.example/copy"
			s.Set("/alpha", page("Alpha", append(theirs, feedItems("alpha", 1, 1)...)...))
			if report := r.good("alpha"); report.New != 2 || report.Joined != 0 {
				t.Errorf("nothing joins what is held: %d new, %d joined", report.New, report.Joined)
			}
			before := r.head()
			done, err := r.engine.Release("bravo")
			if err != nil || done != (aggregator.Released{Joined: 2}) || r.head() != before {
				t.Errorf("%+v, %v; the log moved by %d", done, err, r.head()-before)
			}
			for _, it := range r.items("bravo")[:2] {
				same(t, it.GUID+": held", it.Held, false)
				same(t, it.GUID+": items of its entry", len(r.entry(it.Entry).Members()), 2)
				if it.Entry == it.Key || it.Join == nil {
					t.Errorf("%s stands in %s by %+v, want the other source's entry", it.GUID, it.Entry, it.Join)
				}
			}
			r.sound()
		}, "alpha")
	})
	t.Run("of a source that is configured no more", func(t *testing.T) {
		t.Parallel()
		bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
			heldOf(t, s, r, 3)
			r.sources = r.sources[:1]
			r.open()
			if done, err := r.engine.Release("bravo"); err != nil || done.Published != 3 {
				t.Errorf("%+v, %v", done, err)
			}
			r.sound()
		}, "alpha")
	})
	t.Run("of an unknown source", func(t *testing.T) {
		t.Parallel()
		bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
			var unknown *aggregator.UnknownSourceError
			if _, err := r.engine.Release("nobody"); !errors.As(err, &unknown) {
				t.Error(err)
			}
			if _, err := r.engine.DropHeld("nobody"); !errors.As(err, &unknown) {
				t.Error(err)
			}
		}, "alpha")
	})
	t.Run("what is held is revised in silence and published as it is then", func(t *testing.T) {
		t.Parallel()
		bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
			heldOf(t, s, r, 2)
			before := r.head()
			all := feedItems("bravo", 1, 22)
			all[21].Title = "Corrected beyond recognition"
			s.Set("/bravo", page("Bravo", all...))
			if report := r.good("bravo"); report.Updated != 1 || r.head() != before || r.state("bravo").Held != 2 {
				t.Errorf("%d updated, the log moved by %d, %d held", report.Updated, r.head()-before, r.state("bravo").Held)
			}
			if _, err := r.engine.Release("bravo"); err != nil {
				t.Fatal(err)
			}
			if it := r.item("bravo", "Corrected"); r.entry(it.Key).Revision != 2 || r.entry(it.Key).First != before+1 {
				t.Errorf("%+v", r.entry(it.Key))
			}
			r.sound()
		}, "alpha")
	})
}

func TestDropHeld(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		s.Set("/alpha", page("Alpha", feedItems("alpha", 1, 1)...))
		r.good("alpha")
		all := feedItems("bravo", 1, 150)
		s.Set("/bravo", page("Bravo", all...))
		r.add(s.Source("bravo"))
		r.good("bravo")
		before := r.head()
		done, err := r.engine.DropHeld("bravo")
		if err != nil || done != (aggregator.Released{Dropped: 130}) || r.state("bravo").Held != 0 {
			t.Errorf("%+v, %v; %d held", done, err, r.state("bravo").Held)
		}
		r.sound()
		for i := range all { // they stay known, published or dropped
			all[i].Description += fmt.Sprintf(" Amended %d times.", i)
			if i%2 == 0 {
				all[i].GUID = "again-" + all[i].GUID
			}
		}
		s.Set("/bravo", page("Bravo", all...))
		if report := r.good("bravo"); report.New != 0 || report.Held != 0 || report.Updated != 20 {
			t.Errorf("%d new, %d held, %d updated; want 20 updated", report.New, report.Held, report.Updated)
		}
		if done, err := r.engine.Release("bravo"); err != nil || done != (aggregator.Released{}) || r.head() != before+20 {
			t.Errorf("released %+v, %v; the log went from %d to %d", done, err, before, r.head())
		}
		r.sound()
	}, "alpha")
}

// TestHeldIsForgotten: with its text goes what could be released.
func TestHeldIsForgotten(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		s.Set("/alpha", page("Alpha", feedItems("alpha", 1, 1)...))
		r.good("alpha")
		s.Set("/bravo", page("Bravo", feedItems("bravo", 1, 25)...))
		r.add(s.Source("bravo"))
		r.good("bravo")
		s.Set("/bravo", page("Bravo", feedItems("bravo", 20, 6)...))
		r.good("bravo")
		time.Sleep(3 * 24 * time.Hour)
		if _, err := r.store.Prune(time.Now(), store.Retention{Text: 24 * time.Hour}, func(news.Item) []news.IdentityKey { return nil },
			time.Minute); err != nil {
			t.Fatal(err)
		}
		if n := r.state("bravo").Held; n != 0 {
			t.Errorf("%d held", n)
		}
		r.sound()
	}, "alpha")
}
