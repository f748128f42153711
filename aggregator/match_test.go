package aggregator_test

import (
	"context"
	"strings"
	"testing"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// bridge is one report as it is in a feed.
func bridge(guid, dateline, more string) feedtest.Item {
	return feedtest.Item{
		GUID: guid, Link: "https://" + guid + ".example/1", Title: "Footbridge opens in Ozerny", PubDate: "Tue, 24 Nov 2026 09:00:00 +0300",
		Description: dateline + "The old footbridge across the river was opened to the residents of Ozerny after two years of repairs, the " +
			"regional committee said. " +
			"The works were paid for by the town and by the railway, and took half a year longer than planned." + more,
	}
}

func TestSameTextIsOneEntry(t *testing.T) {
	t.Parallel()
	s := feedtest.NewServer(t)
	alpha, bravo := s.Source("alpha"), s.Source("bravo")
	s.Set("/alpha", page("alpha", bridge("a", "OZERNY, 24 November (BelTA) – ", "")))
	s.Set("/bravo", page("bravo", bridge("b", "OZERNY, November 24. /TASS/. ", " Read us every day.")))
	r := newHarness(t, alpha, bravo)
	r.good("alpha")
	head := r.head()
	r.open() // what alpha said is remembered by the file
	if v := r.visit("bravo"); v.Joined != 1 || v.New != 0 {
		t.Errorf("joined %d, new %d; want 1 joined", v.Joined, v.New)
	}
	if got := r.head(); got != head {
		t.Errorf("the log went from %d to %d: a carrier takes no position", head, got)
	}
	a, b := r.item("alpha", "Footbridge"), r.item("bravo", "Footbridge")
	r.inEntry(a.Key, a.Key, b.Key)
	j := b.Join
	same(t, "evidence", grounds(j), news.Join{Level: "L4", Rule: "text", With: a.Key})
	if j == nil {
		return
	}
	same(t, "likeness of the titles", j.Title, 1)
	same(t, "threshold in the evidence", j.Thresholds.Duplicate, 0.60)
	if j.Score < 0.9 {
		t.Errorf("score %v, want at least 0.9", j.Score)
	}
	if j.Shared < 10 {
		t.Errorf("%d shared fingerprints, want at least 10", j.Shared)
	}
	if j.At.IsZero() {
		t.Error("no time in the evidence")
	}
	names := map[string]bool{}
	for _, g := range j.Guards {
		names[g.Name] = true
		if !g.Passed {
			t.Errorf("guard %s: %s", g.Name, g.Detail)
		}
	}
	for _, name := range []string{"numbers", "negation", "serial", "short", "language", "window", "own-dateline", "same-source"} {
		if !names[name] {
			t.Errorf("no guard %s in the evidence", name)
		}
	}
	feed := string(r.atom())
	same(t, "entries in the feed", strings.Count(feed, "<entry"), 1)
	if !strings.Contains(feed, "Also carried by: ") {
		t.Errorf("the carrier is not credited:\n%s", feed)
	}
	r.sound()
}

func TestLookShowsTheJoin(t *testing.T) {
	t.Parallel()
	s := feedtest.NewServer(t)
	alpha, bravo := s.Source("alpha"), s.Source("bravo")
	s.Set("/alpha", page("alpha", bridge("a", "", "")))
	s.Set("/bravo", page("bravo", bridge("b", "", "")))
	r := newHarness(t, alpha, bravo)
	r.good("alpha")
	found, err := r.engine.Look(context.Background(), bravo, nil)
	if err != nil || len(found) != 1 || found[0].Decision != "join:L4" {
		t.Fatalf("%+v, %v; want join:L4", found, err)
	}
	if n := len(r.items("bravo")); n != 0 {
		t.Errorf("%d items stored by a look", n)
	}
}

func TestUpdateSupersedes(t *testing.T) {
	t.Parallel()
	s := feedtest.NewServer(t)
	alpha := s.Source("alpha")
	first, second := bridge("a", "", ""), bridge("a2", "", " The mayor thanked everyone.")
	second.Title = "UPDATE 1 - Footbridge opens in Ozerny"
	s.Set("/alpha", page("alpha", first))
	r := newHarness(t, alpha)
	r.good()
	s.Set("/alpha", page("alpha", second, first))
	if found, err := r.engine.Look(context.Background(), alpha, nil); err != nil || found[0].Decision != "supersedes" {
		t.Errorf("%+v, %v; want supersedes", found, err)
	}
	if v := r.visit("alpha"); v.New != 1 {
		t.Errorf("%d new, want 1", v.New)
	}
	old, is := r.item("alpha", "Footbridge"), r.item("alpha", "UPDATE 1")
	if is.Join != nil || is.Entry != is.Key {
		t.Errorf("it stands in %s: %+v", is.Entry, is.Join)
	}
	same(t, "what it supersedes", grounds(is.Supersedes), news.Join{Level: "L6", Rule: "mark", With: old.Key, Entry: old.Key})
	link := `<link rel="http://purl.org/dc/terms/replaces" hreflang="en" href="https://wire.example/entries/` + old.Key.String() + `"`
	feed := string(r.atom())
	same(t, "entries in the feed", strings.Count(feed, "<entry"), 2)
	if strings.Count(feed, link) != 1 {
		t.Errorf("the newer one does not say what it replaces:\n%s", feed)
	}
	// What it superseded is not forgotten by its own revision.
	second.Description += " So did the council."
	s.Set("/alpha", page("alpha", second, first))
	r.good()
	if it := r.item("alpha", "UPDATE 1"); it.Revision != 2 || it.Supersedes == nil {
		t.Errorf("revision %d supersedes %+v", it.Revision, it.Supersedes)
	}
}

func TestUpdateInOneDocumentSupersedes(t *testing.T) {
	t.Parallel()
	s := feedtest.NewServer(t)
	first, second := bridge("a", "", ""), bridge("a2", "", "")
	second.Title = "UPDATE 1 - Footbridge opens in Ozerny"
	s.Set("/alpha", page("alpha", second, first))
	r := newHarness(t, s.Source("alpha"))
	r.good()
	old, is := r.item("alpha", "Footbridge"), r.item("alpha", "UPDATE 1")
	same(t, "what it supersedes", grounds(is.Supersedes), news.Join{Level: "L6", Rule: "mark", With: old.Key, Entry: old.Key})
	same(t, "what the older one supersedes", grounds(old.Supersedes), news.Join{})
}

func TestRevisedTextIsFound(t *testing.T) {
	t.Parallel()
	s := feedtest.NewServer(t)
	alpha, bravo := s.Source("alpha"), s.Source("bravo")
	short := bridge("a", "", "")
	short.Title, short.Description = "Details follow", "Details follow."
	s.Set("/alpha", page("alpha", short))
	s.Set("/bravo", page("bravo", bridge("b", "", "")))
	r := newHarness(t, alpha, bravo)
	r.good("alpha")
	whole := bridge("a", "", "")
	whole.Link = short.Link
	s.Set("/alpha", page("alpha", whole))
	r.good("alpha")
	if v := r.visit("bravo"); v.Joined != 1 {
		t.Errorf("joined %d, want 1: by the text as it was revised", v.Joined)
	}
}

// TestCopyOfAMemberJoins, though the representative has other figures in its title since that member joined for having its text.
func TestCopyOfAMemberJoins(t *testing.T) {
	t.Parallel()
	s := feedtest.NewServer(t)
	alpha, bravo, charlie := s.Source("alpha"), s.Source("bravo"), s.Source("charlie")
	first, second, third := bridge("a", "OZERNY, 24 November (BelTA) – ", ""), bridge("b", "", ""), bridge("c", "", "")
	for _, it := range []*feedtest.Item{&first, &second, &third} {
		it.Title = "Footbridge of 140 metres opens in Ozerny"
	}
	s.Set("/alpha", page("alpha", first))
	s.Set("/bravo", page("bravo", second))
	s.Set("/charlie", page("charlie", third))
	r := newHarness(t, alpha, bravo, charlie)
	r.good("alpha")
	r.good("bravo")
	first.Title = "In 96 days 12,000 walkers came, says the head of the town's depot"
	s.Set("/alpha", page("alpha", first))
	r.good("alpha")
	if v := r.visit("charlie"); v.Joined != 1 {
		t.Errorf("joined %d, want 1: it is word for word what is in the entry", v.Joined)
	}
	a := r.item("alpha", "In 96")
	r.inEntry(a.Key, a.Key, r.item("bravo", "Footbridge").Key, r.item("charlie", "Footbridge").Key)
}

func TestMatchSetup(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fact       string
		thresholds news.Thresholds
		date       string
		joined     int
	}{
		{"within the window", news.Thresholds{}, "Sat, 21 Nov 2026 10:00:00 +0300", 1},
		{"beyond the window", news.Thresholds{}, "Sat, 21 Nov 2026 08:00:00 +0300", 0},
		{"beyond a shorter window", news.Thresholds{Window: 1 << 40}, "Tue, 24 Nov 2026 10:00:00 +0300", 0},
		{"above another threshold", news.Thresholds{Duplicate: 0.99, Edited: 0.98}, "Tue, 24 Nov 2026 10:00:00 +0300", 0},
	} {
		t.Run(c.fact, func(t *testing.T) {
			s := feedtest.NewServer(t)
			alpha, bravo := s.Source("alpha"), s.Source("bravo")
			p := bridge("b", "", "")
			p.Description = strings.Replace(p.Description, "longer than planned", "longer than they were meant to", 1)
			p.PubDate = c.date
			s.Set("/alpha", page("alpha", bridge("a", "", "")))
			s.Set("/bravo", page("bravo", p))
			r := newHarness(t, alpha, bravo)
			r.thresholds = c.thresholds
			r.open()
			r.good("alpha")
			if v := r.visit("bravo"); v.Joined != c.joined {
				t.Errorf("joined %d, want %d", v.Joined, c.joined)
			}
		})
	}
}

// TestOneVisitBringsTwoCarriers: an entry may hold two items of one source, which credits the source once.
func TestOneVisitBringsTwoCarriers(t *testing.T) {
	t.Parallel()
	s := feedtest.NewServer(t)
	alpha, bravo := s.Source("alpha"), s.Source("bravo")
	s.Set("/alpha", page("alpha", bridge("a", "", "")))
	again := bridge("b2", "", "")
	again.Title = "Once more: footbridge opens in Ozerny"
	s.Set("/bravo", page("bravo", again, bridge("b1", "", "")))
	r := newHarness(t, alpha, bravo)
	r.good("alpha")
	if v := r.visit("bravo"); v.Joined != 2 || v.New != 0 {
		t.Errorf("joined %d, new %d; want both in the entry", v.Joined, v.New)
	}
	if feed := string(r.atom()); !strings.Contains(feed, "ALPHA. Also carried by: BRAVO.") || strings.Count(feed, "<name>BRAVO</name>") != 1 {
		t.Errorf("the carrier is not credited once:\n%s", feed)
	}
	r.sound()
}

// TestRevisionBringsTheAddress: two sources' items under one address are one entry, also where only a revision says so.
func TestRevisionBringsTheAddress(t *testing.T) {
	t.Parallel()
	for fact, twice := range map[string]bool{"one entry": false, "not where a source shows the news of the day there": true} {
		t.Run(fact, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
				a, b := feedItems("alpha", 1, 1)[0], feedItems("bravo", 2, 1)[0]
				a.Link = "https://pool.example/1"
				s.Set("/alpha", page("alpha", a))
				s.Set("/bravo", page("bravo", b))
				r.good("alpha")
				r.good("bravo")
				if twice {
					other := feedItems("alpha", 3, 1)[0]
					other.Link = a.Link
					s.Set("/alpha", page("alpha", other, a))
					r.good("alpha")
				}
				b.Link = a.Link
				s.Set("/bravo", page("bravo", b))
				r.good("bravo")
				one, other := r.item("alpha", a.Title), r.item("bravo", b.Title)
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
