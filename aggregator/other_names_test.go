package aggregator_test

import (
	"fmt"
	"testing"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/store"
)

// TestSplitAppliesToWhatIsNewByName: what an editor split off does not come back under another guid and link.
func TestSplitAppliesToWhatIsNewByName(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		s.Set("/alpha", page("alpha", bridge("a", "", "")))
		s.Set("/bravo", page("bravo", bridge("b", "", "")))
		r.good("alpha")
		r.good("bravo")
		a, b := r.item("alpha", "Footbridge").Key, r.item("bravo", "Footbridge").Key
		r.split(a, b)
		again := bridge("c", "", " It is lit at night.")
		again.Title, again.PubDate = "New footbridge opens in Ozerny", "Tue, 24 Nov 2026 10:00:00 +0300"
		s.Set("/bravo", page("bravo", again))
		r.good("bravo")
		if c := r.item("bravo", "New"); c.Key == b || c.Entry == a {
			t.Errorf("the item %s, after %s, stands in %s", c.Key, b, c.Entry)
		}
		r.inEntry(a, a)
		r.sound()
	}, "alpha", "bravo")
}

// TestErasedUnderAnotherName: what was erased is known by every name that it was recognised under since.
func TestErasedUnderAnotherName(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		p := bridge("a", "", "")
		s.Set("/alpha", page("alpha", p))
		r.good()
		k := r.item("alpha", "Footbridge").Key
		must[news.Key](t)(r.engine.Withdraw(k, true, ""))
		p.GUID, p.Link = "b", "https://b.example/1" // known by title and date
		for range 3 {
			s.Set("/alpha", page("alpha", p))
			r.good()
			p.PubDate = "Tue, 24 Nov 2026 11:00:00 +0300" // known by its new name from now on
			p.Title += "!"
		}
		if all := r.items(""); len(all) != 1 || !all[0].Erased || all[0].Title != "" || all[0].GUID != "" {
			t.Errorf("%+v", all)
		}
		r.sound()
	}, "alpha")
}

// TestAnotherGuidAtEveryRequest: an item stays one, and what is remembered of it does not grow for ever.
func TestAnotherGuidAtEveryRequest(t *testing.T) {
	t.Parallel()
	for fact, erase := range map[string]bool{"published": false, "erased": true} {
		t.Run(fact, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
				p := bridge("a", "", "")
				keys := 0
				for n := range 60 {
					p.GUID = fmt.Sprint("guid-", n)
					s.Set("/alpha", page("alpha", p))
					r.good()
					it := r.items("")[0]
					if n == 2 && erase {
						must[news.Key](t)(r.engine.Withdraw(it.Key, true, ""))
					}
					if n == 50 {
						keys = r.identityKeys()
					}
				}
				it := r.items("")[0]
				if n := len(r.items("")); n != 1 || it.Erased != erase || len(it.Aliases) > 32 || len(it.IdentityKeys) > 40 {
					t.Errorf("%d items, %+v", n, it)
				}
				if now := r.identityKeys(); now != keys {
					t.Errorf("%d claims, and %d later", keys, now)
				}
				r.sound()
			}, "alpha")
		})
	}
}

// identityKeys counts what items are recognised by.
func (r *harness) identityKeys() (n int) {
	stats := must[store.Stats](r.t)(r.store.Stats())
	for _, b := range stats.Buckets {
		if b.Name == "claim" {
			n = b.Keys
		}
	}
	return n
}
