package aggregator_test

import (
	"fmt"
	"testing"

	"dateline/aggregator/news"
	"dateline/store"
)

// TestRestoredBeforeItWasPublished: a notice that was never published is restored, and turns out to be another entry, in
// one transaction.
func TestRestoredBeforeItWasPublished(t *testing.T) {
	bubble(t, func(t *testing.T, s *site, r *rig) {
		notice := bridge("notice", "", "")
		notice.title = "KILL: " + notice.title
		s.set("/alpha", doc(rss("alpha", bridge("a", "", ""))))
		r.good("alpha")
		s.set("/alpha", doc(rss("alpha", notice)))
		r.good("alpha")
		s.set("/bravo", doc(rss("bravo", bridge("b", "", ""))))
		r.good("bravo")
		k, b := r.item("alpha", "KILL").Key, r.item("bravo", "Footbridge").Key
		if e := r.entry(k); e.State != news.Withdrawn || e.First != 0 {
			t.Fatalf("%+v: the notice was published", e)
		}
		must[news.Key](t)(r.engine.Restore(k))
		r.inEntry(b, b, k)
		if e := r.entry(k); e.State != news.Merged || e.Into != b || e.First == 0 {
			t.Errorf("%+v: what was published leads on", e)
		}
		r.sound()
	}, "alpha", "bravo")
}

// TestCarrierComesBack: a carrier that its source took back, and publishes again after the representative was taken back
// too, is news.
func TestCarrierComesBack(t *testing.T) {
	bubble(t, func(t *testing.T, s *site, r *rig) {
		a, b := bridge("a", "", ""), bridge("b", "", "")
		kill := func(p piece) piece { p.title = "KILL: " + p.title; return p }
		for _, step := range []struct {
			source string
			piece
		}{{"alpha", a}, {"bravo", b}, {"bravo", kill(b)}, {"alpha", kill(a)}, {"bravo", b}} {
			s.set("/"+step.source, doc(rss(step.source, step.piece)))
			r.good(step.source)
		}
		one, other := r.items("alpha")[0], r.items("bravo")[0]
		r.inEntry(other.Key, other.Key)
		if r.entry(one.Key).State != news.Withdrawn || r.entry(other.Key).State != news.Public || other.Withdrawn {
			t.Errorf("%+v\n%+v", r.entry(one.Key), r.entry(other.Key))
		}
		s.set("/alpha", doc(rss("alpha", a)))
		r.good("alpha")
		r.inEntry(one.Key, one.Key, other.Key)
		r.sound()
	}, "alpha", "bravo")
}

// TestRevisionBringsTheAddress: two sources' items under one address are one entry, also where only a revision says so.
func TestRevisionBringsTheAddress(t *testing.T) {
	for fact, twice := range map[string]bool{"one entry": false, "not where a source shows the news of the day there": true} {
		t.Run(fact, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *site, r *rig) {
				a, b := pieces("alpha", 1, 1)[0], pieces("bravo", 2, 1)[0]
				a.link = "https://pool.example/1"
				s.set("/alpha", doc(rss("alpha", a)))
				s.set("/bravo", doc(rss("bravo", b)))
				r.good("alpha")
				r.good("bravo")
				if twice {
					other := pieces("alpha", 3, 1)[0]
					other.link = a.link
					s.set("/alpha", doc(rss("alpha", other, a)))
					r.good("alpha")
				}
				b.link = a.link
				s.set("/bravo", doc(rss("bravo", b)))
				r.good("bravo")
				one, other := r.item("alpha", a.title), r.item("bravo", b.title)
				if joined := one.Entry == other.Entry; joined == twice {
					t.Errorf("joined: %v", joined)
				}
				if j := other.Join; !twice && (j == nil || j.Level != "L3" || j.With != one.Key) {
					t.Errorf("evidence: %+v", j)
				}
				r.sound()
			}, "alpha", "bravo")
		})
	}
}

// TestSplitHoldsForWhatIsNewByName: what an editor split off does not come back under another guid and link.
func TestSplitHoldsForWhatIsNewByName(t *testing.T) {
	bubble(t, func(t *testing.T, s *site, r *rig) {
		s.set("/alpha", doc(rss("alpha", bridge("a", "", ""))))
		s.set("/bravo", doc(rss("bravo", bridge("b", "", ""))))
		r.good("alpha")
		r.good("bravo")
		a, b := r.item("alpha", "Footbridge").Key, r.item("bravo", "Footbridge").Key
		r.split(a, b)
		again := bridge("c", "", " It is lit at night.")
		again.title, again.date = "New footbridge opens in Ozerny", "Tue, 24 Nov 2026 10:00:00 +0300"
		s.set("/bravo", doc(rss("bravo", again)))
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
	bubble(t, func(t *testing.T, s *site, r *rig) {
		p := bridge("a", "", "")
		s.set("/alpha", doc(rss("alpha", p)))
		r.good()
		k := r.item("alpha", "Footbridge").Key
		must[news.Key](t)(r.engine.Withdraw(k, true))
		p.guid, p.link = "b", "https://b.example/1" // known by title and date
		for range 3 {
			s.set("/alpha", doc(rss("alpha", p)))
			r.good()
			p.date = "Tue, 24 Nov 2026 11:00:00 +0300" // known by its new name from now on
			p.title += "!"
		}
		if all := r.items(""); len(all) != 1 || !all[0].Erased || all[0].Title != "" || all[0].GUID != "" {
			t.Errorf("%+v", all)
		}
		r.sound()
	}, "alpha")
}

// TestAnotherGuidAtEveryRequest: an item stays one, and what is remembered of it does not grow for ever.
func TestAnotherGuidAtEveryRequest(t *testing.T) {
	for fact, erase := range map[string]bool{"published": false, "erased": true} {
		t.Run(fact, func(t *testing.T) {
			bubble(t, func(t *testing.T, s *site, r *rig) {
				p := bridge("a", "", "")
				claims := 0
				for n := range 60 {
					p.guid = fmt.Sprint("guid-", n)
					s.set("/alpha", doc(rss("alpha", p)))
					r.good()
					it := r.items("")[0]
					if n == 2 && erase {
						must[news.Key](t)(r.engine.Withdraw(it.Key, true))
					}
					if n == 50 {
						claims = r.claims()
					}
				}
				it := r.items("")[0]
				if n := len(r.items("")); n != 1 || it.Erased != erase || len(it.Aliases) > 32 || len(it.Claims) > 40 {
					t.Errorf("%d items, %+v", n, it)
				}
				if now := r.claims(); now != claims {
					t.Errorf("%d claims, and %d later", claims, now)
				}
				r.sound()
			}, "alpha")
		})
	}
}

// claims counts what items are recognised by.
func (r *rig) claims() (n int) {
	stats := must[store.Stats](r.t)(r.store.Stats())
	for _, b := range stats.Buckets {
		if b.Name == "claim" {
			n = b.Keys
		}
	}
	return n
}
