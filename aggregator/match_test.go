package aggregator_test

import (
	"context"
	"strings"
	"testing"

	"dateline/aggregator/news"
)

// bridge is one report as it stands in a feed.
func bridge(guid, dateline, more string) piece {
	return piece{
		guid: guid, link: "https://" + guid + ".example/1", title: "Footbridge opens in Ozerny", date: "Tue, 24 Nov 2026 09:00:00 +0300",
		text: dateline + "The old footbridge across the river was opened to the residents of Ozerny after two years of repairs, the regional committee said. " +
			"The works were paid for by the town and by the railway, and took half a year longer than planned." + more,
	}
}

func TestSameTextIsOneEntry(t *testing.T) {
	s := newSite(t)
	alpha, bravo := s.feed("alpha"), s.feed("bravo")
	s.set("/alpha", doc(rss("alpha", bridge("a", "OZERNY, 24 November (BelTA) – ", ""))))
	s.set("/bravo", doc(rss("bravo", bridge("b", "OZERNY, November 24. /TASS/. ", " Read us every day."))))
	r := newRig(t, alpha, bravo)
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
	same(t, "threshold in the evidence", j.Match.Duplicate, 0.60)
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
	for _, name := range []string{"numbers", "negation", "serial", "short", "language", "window", "same-source"} {
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
	s := newSite(t)
	alpha, bravo := s.feed("alpha"), s.feed("bravo")
	s.set("/alpha", doc(rss("alpha", bridge("a", "", ""))))
	s.set("/bravo", doc(rss("bravo", bridge("b", "", ""))))
	r := newRig(t, alpha, bravo)
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
	s := newSite(t)
	alpha := s.feed("alpha")
	first, second := bridge("a", "", ""), bridge("a2", "", " The mayor thanked everyone.")
	second.title = "UPDATE 1 - Footbridge opens in Ozerny"
	s.set("/alpha", doc(rss("alpha", first)))
	r := newRig(t, alpha)
	r.good()
	s.set("/alpha", doc(rss("alpha", second, first)))
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
	second.text += " So did the council."
	s.set("/alpha", doc(rss("alpha", second, first)))
	r.good()
	if it := r.item("alpha", "UPDATE 1"); it.Revision != 2 || it.Supersedes == nil {
		t.Errorf("revision %d supersedes %+v", it.Revision, it.Supersedes)
	}
}

func TestUpdateInOneDocumentSupersedes(t *testing.T) {
	s := newSite(t)
	first, second := bridge("a", "", ""), bridge("a2", "", "")
	second.title = "UPDATE 1 - Footbridge opens in Ozerny"
	s.set("/alpha", doc(rss("alpha", second, first)))
	r := newRig(t, s.feed("alpha"))
	r.good()
	old, is := r.item("alpha", "Footbridge"), r.item("alpha", "UPDATE 1")
	same(t, "what it supersedes", grounds(is.Supersedes), news.Join{Level: "L6", Rule: "mark", With: old.Key, Entry: old.Key})
	same(t, "what the older one supersedes", grounds(old.Supersedes), news.Join{})
}

func TestRevisedTextIsFound(t *testing.T) {
	s := newSite(t)
	alpha, bravo := s.feed("alpha"), s.feed("bravo")
	short := piece{guid: "a", link: "https://a.example/1", title: "Details follow", text: "Details follow.", date: bridge("a", "", "").date}
	s.set("/alpha", doc(rss("alpha", short)))
	s.set("/bravo", doc(rss("bravo", bridge("b", "", ""))))
	r := newRig(t, alpha, bravo)
	r.good("alpha")
	whole := bridge("a", "", "")
	whole.link = short.link
	s.set("/alpha", doc(rss("alpha", whole)))
	r.good("alpha")
	if v := r.visit("bravo"); v.Joined != 1 {
		t.Errorf("joined %d, want 1: by the text as it was revised", v.Joined)
	}
}

func TestMatchSetup(t *testing.T) {
	for _, c := range []struct {
		fact   string
		match  news.Match
		date   string
		joined int
	}{
		{"within the window", news.Match{}, "Sat, 21 Nov 2026 10:00:00 +0300", 1},
		{"beyond the window", news.Match{}, "Sat, 21 Nov 2026 08:00:00 +0300", 0},
		{"beyond a shorter window", news.Match{Window: 1 << 40}, "Tue, 24 Nov 2026 10:00:00 +0300", 0},
		{"above another threshold", news.Match{Duplicate: 0.99, Edited: 0.98}, "Tue, 24 Nov 2026 10:00:00 +0300", 0},
	} {
		t.Run(c.fact, func(t *testing.T) {
			s := newSite(t)
			alpha, bravo := s.feed("alpha"), s.feed("bravo")
			p := bridge("b", "", "")
			p.text = strings.Replace(p.text, "longer than planned", "longer than they were meant to", 1)
			p.date = c.date
			s.set("/alpha", doc(rss("alpha", bridge("a", "", ""))))
			s.set("/bravo", doc(rss("bravo", p)))
			r := newRig(t, alpha, bravo)
			r.match = c.match
			r.open()
			r.good("alpha")
			if v := r.visit("bravo"); v.Joined != c.joined {
				t.Errorf("joined %d, want %d", v.Joined, c.joined)
			}
		})
	}
}

func TestOneVisitBringsOneCarrier(t *testing.T) {
	s := newSite(t)
	alpha, bravo := s.feed("alpha"), s.feed("bravo")
	s.set("/alpha", doc(rss("alpha", bridge("a", "", ""))))
	again := bridge("b2", "", "")
	again.title = "Once more: footbridge opens in Ozerny"
	s.set("/bravo", doc(rss("bravo", again, bridge("b1", "", ""))))
	r := newRig(t, alpha, bravo)
	r.good("alpha")
	if v := r.visit("bravo"); v.Joined != 1 || v.New != 1 {
		t.Errorf("joined %d, new %d; want one of a source in an entry", v.Joined, v.New)
	}
	r.sound()
}
