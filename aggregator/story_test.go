package aggregator_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// The launch of a ferry, as two agencies report it.
var launches = [2]feedtest.Item{
	{GUID: "a", Link: "https://a.example/1", Title: "Korhonen opens peat museum in Kilbrannan", PubDate: "Tue, 24 Nov 2026 09:00:00 +0300",
		Description: "Governor Korhonen opened the peat museum in Kilbrannan with the shipwrights guild, which paid most of the 37 million " +
			"crowns. \"Our grandfathers dreamed of this river bank\", Korhonen said."},
	{GUID: "b", Link: "https://b.example/1", Title: "Kilbrannan: peat museum inaugurated by Korhonen",
		PubDate: "Tue, 24 Nov 2026 10:00:00 +0300",
		Description: "Financed by the shipwrights guild at 37 million crowns, the peat museum of Kilbrannan was inaugurated by Governor " +
			"Korhonen, who said that \"our grandfathers dreamed of this river bank\"."},
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
	for _, k := range []news.Key{one.Key, other.Key} {
		same(t, "story", r.entry(k).Story, []news.Key{one.Key, other.Key})
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
		if want := strings.NewReplacer("%s\" href", it.Title+"\" href", "/%s", "/"+it.Key.String()).Replace(link); strings.Count(feed,
			want) != 1 {
			t.Errorf("no %s in\n%s", want, feed)
		}
	}
	// The title of one is in the text of the other, also after it changed.
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

// TestStoryIsAGroup: each entry of a story has the same list, of all that came to it, and a story takes no more than it may have.
func TestStoryIsAGroup(t *testing.T) {
	t.Parallel()
	s := feedtest.NewServer(t)
	var sources []news.Source
	for i := range news.MaxStory + 4 {
		id := fmt.Sprint("s", i)
		p := launches[i%2]
		p.GUID, p.Link = id, "https://"+id+".example/1"
		p.Title = fmt.Sprintf("%s, as desk %c heard", p.Title, 'a'+i)
		p.Description = fmt.Sprintf("Number %d of the journal says: %s", 100+i, p.Description)
		sources = append(sources, s.Source(id))
		s.Set("/"+id, page(id, p))
	}
	r := newHarness(t, sources...)
	for _, src := range sources {
		r.good(src.ID)
	}
	size := map[int]int{}
	for _, it := range r.items("") {
		e := r.entry(it.Entry)
		size[len(e.Story)]++
		if len(e.Story) > 0 && !slices.Contains(e.Story, e.Key) {
			t.Errorf("entry %s is not in its story %v", e.Key, e.Story)
		}
		for _, k := range e.Story {
			same(t, "story of another member", r.entry(k).Story, e.Story)
			same(t, "key of the story", r.entry(k).StoryKey(), e.StoryKey())
		}
	}
	if size[news.MaxStory] != news.MaxStory {
		t.Errorf("stories of so many entries: %v, want one full with %d", size, news.MaxStory)
	}
	r.sound()
}
