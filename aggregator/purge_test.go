package aggregator_test

import (
	"errors"
	"testing"

	"dateline/aggregator"
	"dateline/aggregator/internal/feedtest"
	"dateline/store"
)

func TestPurge(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		s.Set("/alpha", page("Alpha", feedItems("alpha", 1, 3)...))
		r.good("alpha")
		mine := feedItems("bravo", 1, 410)
		date := mine[0].PubDate
		mine[0] = feedItems("alpha", 3, 1)[0] // carried
		mine[0].PubDate = date
		s.Set("/bravo", page("Bravo", mine...))
		r.add(s.Source("bravo"))
		r.good("bravo")
		theirs := append(feedItems("bravo", 405, 1), feedItems("alpha", 1, 3)...)
		s.Set("/alpha", page("Alpha", theirs...)) // carries one of bravo's
		r.good("alpha")
		ids := map[string]string{}
		for _, it := range r.items("bravo") {
			ids[it.GUID] = it.Key.String()
		}
		var configured *aggregator.ConfiguredError
		if _, err := r.engine.Purge("bravo"); !errors.As(err, &configured) {
			t.Error(err)
		}
		r.sources = r.sources[:1]
		r.open()
		var unknown *aggregator.UnknownSourceError
		if _, err := r.engine.Purge("nobody"); !errors.As(err, &unknown) {
			t.Error(err)
		}
		head := r.head()
		done, err := r.engine.Purge("bravo")
		if err != nil || done != (store.Purged{Items: 409, Kept: 1}) || r.head() != head {
			t.Errorf("%+v, %v; the log moved by %d", done, err, r.head()-head)
		}
		n := r.counts()
		same(t, "items of alpha", n["alpha"], 4)
		same(t, "items of bravo", n["bravo"], 1)
		if e := r.entry(r.item("alpha", "alpha reports event No. 3").Entry); len(e.Members()) != 1 {
			t.Errorf("%+v", e)
		}
		if n := len(readBack(t, r.atom())); n != 4 {
			t.Errorf("%d entries in the feed", n)
		}
		r.view(func(v store.View) error { return errors.Join(windowsSound(v), heldSound(v)) })
		// Added again it is a new source, and the same items have the same keys.
		s.Set("/bravo", page("Bravo", feedItems("bravo", 1, 30)...))
		r.add(s.Source("bravo"))
		report := r.good("bravo")
		same(t, "new and joined", report.New+report.Joined, 20)
		same(t, "held", report.Held, 10)
		for _, it := range r.items("bravo") {
			if ids[it.GUID] != it.Key.String() {
				t.Errorf("%s was %s, is %s", it.GUID, ids[it.GUID], it.Key)
			}
		}
	}, "alpha")
}
