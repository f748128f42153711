package entries_test

import (
	"testing"

	"dateline/aggregator/entries"
	"dateline/aggregator/news"
	"dateline/store"
)

// The opening of a museum, as two agencies report it.
var (
	opening = item("a", "Korhonen opens peat museum in Kilbrannan",
		"Governor Korhonen opened the peat museum in Kilbrannan with the shipwrights guild, which paid most of the 37 million crowns. "+
			`"Our grandfathers dreamed of this river bank", Korhonen said.`)
	inauguration = item("b", "Kilbrannan: peat museum inaugurated by Korhonen",
		"Financed by the shipwrights guild at 37 million crowns, the peat museum of Kilbrannan was inaugurated by Governor Korhonen, "+
			`who said that "our grandfathers dreamed of this river bank".`)
)

// TestStory: reports of one event in other words are in one story.
func TestStory(t *testing.T) {
	t.Parallel()
	r := newNewsroom(t)
	r.visit("alpha", opening)
	r.visit("bravo", inauguration)
	a, b := key("alpha", "a"), key("bravo", "b")
	r.inEntry(a, a)
	r.inEntry(b, b)
	same(t, "story of the later", r.entry(b).Story, []news.Key{a, b})
	same(t, "story of the earlier", r.entry(a).Story, []news.Key{a, b})
	same(t, "key of the story", r.entry(b).StoryKey(), a)
	if all := r.item(b).Story; len(all) != 1 || all[0].With != a {
		t.Errorf("evidence %+v", all)
	}
	same(t, "tellings", r.countStory(a), news.StoryCount{Own: 2})
	carried := inauguration
	carried.GUID = "c"
	r.visit("charlie", carried)
	r.inEntry(b, b, key("charlie", "c"))
	same(t, "tellings with a copy", r.countStory(a), news.StoryCount{Own: 2, Copies: 1})
	same(t, "tellings of the copied one", r.countStory(b), news.StoryCount{Own: 2, Copies: 1})
	r.deliver(entries.Incoming{Source: news.Source{ID: "charlie"}, Deleted: []string{"c"}})
	same(t, "tellings when the copy was withdrawn", r.countStory(b), news.StoryCount{Own: 2})
}

// TestStoryOfRevisedText: an entry in no story comes into one when its text is revised to be about its event; one in a story stays there.
func TestStoryOfRevisedText(t *testing.T) {
	t.Parallel()
	r := newNewsroom(t)
	r.visit("alpha", opening)
	r.visit("bravo", item("b", "Details follow", "What the governor did in the north is to be reported here within the hour."))
	a, b := key("alpha", "a"), key("bravo", "b")
	same(t, "story of the first revision", len(r.entry(b).Story), 0)
	r.visit("bravo", inauguration)
	for _, k := range []news.Key{a, b} {
		same(t, "story of the second revision", r.entry(k).Story, []news.Key{a, b})
	}
	if all := r.item(b).Story; len(all) != 1 || all[0].With != a {
		t.Errorf("evidence %+v", all)
	}
	r.visit("bravo", item("b", "Details follow", "What was said of it here was wrong and is left out until we know more about it."))
	same(t, "story of the third revision", r.entry(b).Story, []news.Key{a, b})
}

// tellings counts the items of the story of an entry.
func (r *newsroom) countStory(k news.Key) (n news.StoryCount) {
	r.t.Helper()
	r.view(func(v store.View) (err error) {
		n, err = r.entry(k).CountStory(v.Entry, v.Item)
		return err
	})
	return n
}

// TestStoryOfMergedEntries: the entry that another one is merged into takes its place in the story, so that no link leads to what is gone.
// The other comes back to the story when it is split off, under the key that it had.
func TestStoryOfMergedEntries(t *testing.T) {
	t.Parallel()
	r := newNewsroom(t)
	r.visit("alpha", opening)
	r.visit("charlie", bridge("c"))
	r.visit("bravo", inauguration)
	a, b, c := key("alpha", "a"), key("bravo", "b"), key("charlie", "c")
	same(t, "story before", r.entry(a).Story, []news.Key{a, b})
	if into := r.join(c, b); into != c {
		t.Fatalf("merged into %s, want %s", into, c)
	}
	same(t, "story of the other telling", r.entry(a).Story, []news.Key{a, c})
	same(t, "story of the entry", r.entry(c).Story, []news.Key{a, c})
	// which finds no story
	r.visit("bravo", item("b", "Details", "What was said of it here was wrong and is left out until we know more about it."))
	if own := r.split(c, b); own != b {
		t.Fatalf("split off as %s, want %s", own, b)
	}
	for _, k := range []news.Key{a, b, c} {
		same(t, "story after the split", r.entry(k).Story, []news.Key{a, c, b})
	}
	r.join(c, b)
	if into := r.join(a, c); into != a {
		t.Fatalf("merged into %s, want %s", into, a)
	}
	same(t, "story of one entry", len(r.entry(a).Story), 0)
	r.split(a, c)
	same(t, "story of the entry that was split off last", r.entry(c).Story, []news.Key{a, c})
}

// TestStoryOfWithdrawnRepresentative: the copies of a report that is withdrawn are in its story, though their text alone would find none.
func TestStoryOfWithdrawnRepresentative(t *testing.T) {
	t.Parallel()
	r := newNewsroom(t)
	r.visit("alpha", opening)
	r.visit("bravo", inauguration)
	carried := item("c", "At a glance", "Financed by the shipwrights guild at 37 million crowns, the peat museum of Kilbrannan was "+
		"inaugurated.")
	r.visit("charlie", carried)
	a, b, c := key("alpha", "a"), key("bravo", "b"), key("charlie", "c")
	r.inEntry(b, b, c)
	r.deliver(entries.Incoming{Source: news.Source{ID: "bravo"}, Deleted: []string{"b"}})
	same(t, "story of the copy", r.entry(c).Story, []news.Key{a, b, c})
	same(t, "tellings", r.countStory(a), news.StoryCount{Own: 2})
}

// TestRoundUpBridgesNoStories: a report that is like one entry of each of two stories is in one of them, and leaves them two.
func TestRoundUpBridgesNoStories(t *testing.T) {
	t.Parallel()
	r := newNewsroom(t)
	r.visit("alpha", opening, item("d", "Storm tears roof off Ardwick brewery",
		"A storm tore the roof off the Ardwick brewery on Tuesday, and the brewer Lindqvist lost 640 barrels of porter in the flooded cellar."))
	r.visit("bravo", inauguration, item("e", "Ardwick brewery loses its roof to storm",
		"Brewer Lindqvist counted 640 lost barrels of porter in a flooded cellar after a storm had torn off the roof of the Ardwick brewery."))
	a, b, d, e := key("alpha", "a"), key("bravo", "b"), key("alpha", "d"), key("bravo", "e")
	same(t, "one story", r.entry(b).Story, []news.Key{a, b})
	same(t, "the other", r.entry(e).Story, []news.Key{d, e})
	r.visit("charlie", item("f", "Today in brief",
		"Governor Korhonen opened the peat museum in Kilbrannan with the shipwrights guild. A storm tore the roof off the Ardwick brewery on "+
			"Tuesday."))
	f := key("charlie", "f")
	if all := r.entry(f).Story; len(all) != 3 {
		t.Errorf("the round-up is in the story %v, want one of the two", all)
	}
	same(t, "a report of each", r.entry(a).StoryKey() == r.entry(d).StoryKey(), false)
}
