package aggregator_test

import (
	"strings"
	"testing"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// The launch of a ferry, as two agencies tell of it.
var launches = [2]feedtest.Item{
	{GUID: "a", Link: "https://a.example/1", Title: "Korhonen opens peat museum in Kilbrannan", PubDate: "Tue, 24 Nov 2026 09:00:00 +0300",
		Description: "Governor Korhonen opened the peat museum in Kilbrannan with the shipwrights guild, which paid most of the 37 million crowns. \"Our grandfathers dreamed of this river bank\", Korhonen said."},
	{GUID: "b", Link: "https://b.example/1", Title: "Kilbrannan: peat museum inaugurated by Korhonen", PubDate: "Tue, 24 Nov 2026 10:00:00 +0300",
		Description: "Financed by the shipwrights guild at 37 million crowns, the peat museum of Kilbrannan was inaugurated by Governor Korhonen, who said that \"our grandfathers dreamed of this river bank\"."},
}

func TestStoriesAreLinked(t *testing.T) {
	t.Parallel()
	s := feedtest.NewServer(t)
	alpha, bravo := s.Source("alpha"), s.Source("bravo")
	s.Set("/alpha", page("alpha", launches[0]))
	s.Set("/bravo", page("bravo", launches[1]))
	r := newHarness(t, alpha, bravo)
	r.good("alpha")
	r.open()
	if v := r.visit("bravo"); v.New != 1 || v.Joined != 0 {
		t.Fatalf("%d new, %d joined; want one new", v.New, v.Joined)
	}
	one, other := r.item("alpha", "Korhonen"), r.item("bravo", "Kilbrannan")
	for k, want := range map[news.Key]news.Key{one.Key: other.Key, other.Key: one.Key} {
		if e := r.entry(k); len(e.Story) != 1 || e.Story[0] != want {
			t.Errorf("entry %s links %v, want %s", k, e.Story, want)
		}
	}
	if len(other.Story) != 1 {
		t.Fatalf("%d links, want 1", len(other.Story))
	}
	j := other.Story[0]
	same(t, "level", j.Level, "L7")
	same(t, "with item", j.With, one.Key)
	same(t, "of entry", j.Entry, one.Key)
	if j.At.IsZero() || len(j.Guards) == 0 {
		t.Errorf("evidence without time or guards: %+v", j)
	}
	link := `<link rel="http://purl.org/dc/terms/relation" hreflang="en" title="%s" href="https://wire.example/entries/%s"`
	feed := string(r.atom())
	for _, it := range []news.Item{one, other} {
		if want := strings.NewReplacer("%s\" href", it.Title+"\" href", "/%s", "/"+it.Key.String()).Replace(link); strings.Count(feed, want) != 1 {
			t.Errorf("no %s in\n%s", want, feed)
		}
	}
	// The title of one is told by the other, also after it changed.
	was := r.entry(one.Key).Changed
	again := launches[1]
	again.Title = "Kilbrannan: peat museum inaugurated by the governor"
	s.Set("/bravo", page("bravo", again))
	r.good("bravo")
	if now := r.entry(one.Key).Changed; now == was {
		t.Error("the other telling does not count as changed")
	}
	if feed := string(r.atom()); strings.Count(feed, `title="`+again.Title+`"`) != 1 || len(r.item("bravo", "Kilbrannan").Story) != 1 {
		t.Errorf("the new title is not told, or the evidence is lost:\n%s", feed)
	}
	r.sound()
}

func TestEntryTakesNoMoreThanEightStories(t *testing.T) {
	t.Parallel()
	s := feedtest.NewServer(t)
	var sources []news.Source
	for _, id := range []string{"s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9"} {
		p := launches[len(sources)%2]
		p.GUID, p.Link = id, "https://"+id+".example/1"
		p.Title = strings.Replace(p.Title, "museum", "museum "+[]string{"", "today", "again", "finally", "soon", "late", "early", "now", "hall", "gallery"}[len(sources)], 1)
		p.Description = strings.Repeat([]string{"Reports say otherwise. ", ""}[len(sources)%2], 1) + p.Description
		sources = append(sources, s.Source(id))
		s.Set("/"+id, page(id, p))
	}
	r := newHarness(t, sources...)
	for _, src := range sources {
		r.good(src.ID)
	}
	links := map[news.Key][]news.Key{}
	most := 0
	for _, it := range r.items("") {
		e := r.entry(it.Entry)
		links[e.Key] = e.Story
		most = max(most, len(e.Story))
	}
	for k, story := range links {
		for _, other := range story {
			back := false
			for _, b := range links[other] {
				back = back || b == k
			}
			if !back {
				t.Errorf("%s links %s, which does not link back", k, other)
			}
		}
	}
	if most == 0 || most > news.MaxStory {
		t.Errorf("at most %d links of an entry, want 1 to %d", most, news.MaxStory)
	}
}
