package entries_test

import (
	"fmt"
	"testing"
	"time"

	"dateline/aggregator/entries"
	"dateline/aggregator/news"
	"dateline/store"
)

func TestNewItems(t *testing.T) {
	t.Parallel()
	r := newNewsroom(t)
	dated := own("2")
	dated.Published, dated.Updated = morning.Add(-time.Hour), morning.Add(2*time.Hour)
	out := r.visit("alpha", dated, own("1"))
	same(t, "new", out.New, 2)
	same(t, "the log, the first of the document last", r.log(), []news.LogRecord{
		{Entry: key("alpha", "2"), Kind: news.RecordNew}, {Entry: key("alpha", "1"), Kind: news.RecordNew}})
	it := r.item(key("alpha", "2"))
	if !it.FirstSeen.Equal(morning) || it.Revision != 1 || it.Entry != it.Key {
		t.Errorf("%+v", it)
	}
	if !it.Updated.Equal(morning) || !it.Date().Equal(dated.Published) { // a date in the future is not believed
		t.Errorf("%+v", it)
	}
	same(t, "window", r.window("alpha"), []news.Key{key("alpha", "2"), key("alpha", "1")})
	if len(out.Items) != 2 || out.Items[0].Revision != 1 {
		t.Errorf("the outcome has %+v", out.Items)
	}
}

func TestTwins(t *testing.T) {
	t.Parallel()
	r := newNewsroom(t)
	same(t, "new", r.visit("alpha", own("1"), own("1")).New, 1)
	same(t, "window", r.window("alpha"), []news.Key{key("alpha", "1")})
}

func TestKnownItems(t *testing.T) {
	t.Parallel()
	r := newNewsroom(t)
	first := own("1")
	r.visit("alpha", first)
	k := key("alpha", "1")

	same(t, "the same again", r.visit("alpha", first), entries.Outcome{Kin: true})

	cosmetic := item("1", first.Title, first.Lead+"  ") // another hash, the same words
	if out := r.visit("alpha", cosmetic); out.Updated != 1 || r.item(k).Revision != 2 || len(r.log()) != 1 {
		t.Errorf("white space: %+v, revision %d, %d records", out, r.item(k).Revision, len(r.log()))
	}
	changed := item("1", "Report 1, changed", first.Lead+" It lasted until noon.")
	r.visit("alpha", changed)
	same(t, "a revision that readers see", r.log()[0], news.LogRecord{Entry: k, Kind: news.RecordUpdated})
	if e := r.entry(k); e.Revision != 3 || !e.Updated.After(morning) {
		t.Errorf("%+v", e)
	}

	renamed := changed
	renamed.GUID, changed.URL, renamed.URL = "other", "https://alpha.example/1", "https://alpha.example/1"
	changed.Hash++ // the address is part of what the document says
	r.visit("alpha", changed)
	renamed.Hash = changed.Hash
	if out := r.visit("alpha", renamed); out.New != 0 || r.item(key("alpha", "other")).Key != k || len(r.item(k).Aliases) != 1 {
		t.Errorf("under another guid: %+v, %+v", out, r.item(k).Aliases)
	}
}

// TestRevisedWhen: a revision has the date that its source gives it, where that lies between the visits; else that of the visit.
func TestRevisedWhen(t *testing.T) {
	t.Parallel()
	for fact, c := range map[string]struct{ updated, want time.Time }{
		"the source's own date": {morning.Add(30 * time.Second), morning.Add(30 * time.Second)},
		"none":                  {time.Time{}, morning.Add(time.Minute)},
		"one in the future":     {morning.Add(time.Hour), morning.Add(time.Minute)},
		"one before the last":   {morning.Add(-time.Second), morning.Add(time.Minute)},
	} {
		t.Run(fact, func(t *testing.T) {
			t.Parallel()
			r := newNewsroom(t)
			it := own("1")
			it.Published = morning.Add(-time.Hour)
			r.visit("alpha", it)
			revised := item("1", "Report 1, changed", it.Lead)
			revised.Updated = c.updated
			r.visit("alpha", revised)
			if e := r.entry(key("alpha", "1")); !e.Updated.Equal(c.want) {
				t.Errorf("updated %v, want %v", e.Updated, c.want)
			}
			if got := r.item(key("alpha", "1")); !got.Published.Equal(it.Published) {
				t.Errorf("without a date it is of %v, want that of the first revision", got.Published)
			}
		})
	}
}

// TestCorrection: a revision with a correction mark is shown although the words are the same, and is remembered as one.
func TestCorrection(t *testing.T) {
	t.Parallel()
	r := newNewsroom(t)
	it := own("1")
	r.visit("alpha", it)
	it.Hash, it.Credits.Marker = it.Hash+1, "CORRECTED"
	r.visit("alpha", it)
	k := key("alpha", "1")
	same(t, "the last record", r.log()[0].Kind, news.RecordUpdated)
	corrected := r.item(k).Corrected
	if !corrected.Equal(morning.Add(time.Minute)) {
		t.Errorf("corrected %v", corrected)
	}
	it.Hash++
	r.visit("alpha", it)
	if got := r.item(k); got.Revision != 3 || !got.Corrected.Equal(corrected) || len(r.log()) != 2 {
		t.Errorf("the mark stays: revision %d, corrected %v, %d records", got.Revision, got.Corrected, len(r.log()))
	}
}

// TestManyNames: an item that gets another guid at each visit is remembered by a bounded number of them, and stays known.
func TestManyNames(t *testing.T) {
	t.Parallel()
	r := newNewsroom(t)
	it := own("1")
	it.URL = "https://alpha.example/1"
	r.visit("alpha", it)
	for n := range 40 {
		it.GUID = fmt.Sprint("g", n)
		if out := r.visit("alpha", it); out.New != 0 {
			t.Fatalf("the name %d is new", n)
		}
	}
	same(t, "names", len(r.item(key("alpha", "1")).Aliases), 32)
	r.view(func(v store.View) error {
		_, found, err := v.Item(key("alpha", "g39"))
		same(t, "known by the last name", found, false)
		return err
	})
	it.Hash++
	same(t, "updated under one more name", r.visit("alpha", it).Updated, 1)
	same(t, "names after that", len(r.item(key("alpha", "1")).Aliases), 32)
}

// TestWindow: only a whole polled document says that an item has left the feed.
func TestWindow(t *testing.T) {
	t.Parallel()
	one, two := own("1"), own("2")
	for fact, c := range map[string]struct {
		in   entries.Incoming
		want []news.Key
		gap  bool
	}{
		"a whole document":      {entries.Incoming{}, []news.Key{key("alpha", "2")}, true},
		"one that was cut off":  {entries.Incoming{Partial: true}, []news.Key{key("alpha", "2"), key("alpha", "1")}, true},
		"one that was too long": {entries.Incoming{Total: 9}, []news.Key{key("alpha", "2"), key("alpha", "1")}, false},
		"one from a hub":        {entries.Incoming{Pushed: true}, []news.Key{key("alpha", "2"), key("alpha", "1")}, false},
	} {
		t.Run(fact, func(t *testing.T) {
			t.Parallel()
			r := newNewsroom(t)
			r.visit("alpha", one)
			c.in.Source, c.in.Items = news.Source{ID: "alpha"}, []news.Item{two}
			out := r.deliver(c.in)
			same(t, "window", r.window("alpha"), c.want)
			same(t, "gap", out.Gap, c.gap)
		})
	}
}

// TestKnownByBytes: an item with the bytes that the last document had is neither prepared nor compared.
func TestKnownByBytes(t *testing.T) {
	t.Parallel()
	r := newNewsroom(t)
	one := own("1")
	one.Sum = 7
	r.visit("alpha", one)
	same(t, "known by its bytes", r.visit("alpha", news.Item{Sum: 7}), entries.Outcome{Kin: true})
	same(t, "window", r.window("alpha"), []news.Key{key("alpha", "1")})
}

func TestDecide(t *testing.T) {
	t.Parallel()
	r := newNewsroom(t)
	first := own("1")
	first.Sum = 7
	r.visit("alpha", first, own("2"))
	doc := entries.NewDocument(entries.Incoming{
		Source: news.Source{ID: "alpha"}, At: r.at, Total: 4, Known: map[uint64]news.Key{7: key("alpha", "1")},
		Items: []news.Item{{Sum: 7}, own("3"), item("2", "Report 2, again", "Other words."), own("3")},
	})
	r.view(func(v store.View) error {
		decided, err := doc.Decide(v, news.State{Items: 2}, r.setup)
		got := map[int]string{}
		for _, d := range decided {
			got[d.Place] = d.Name()
		}
		same(t, "decisions by place", got, map[int]string{1: "new", 2: "revision", 3: "twin"})
		return err
	})
	same(t, "records", len(r.log()), 2)
}

func TestFilter(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fact             string
		include, exclude []string
		title, lead      string
		taken            bool
	}{
		{"no lists", nil, nil, "Bridge opens", "", true},
		{"a word of the title, in capitals", []string{"BRIDGE"}, nil, "Bridge opens", "", true},
		{"a word of the lead", []string{"walkers"}, nil, "It opens", "The bridge is open to walkers again.", true},
		{"a category", []string{"society"}, nil, "It opens", "", true},
		{"a phrase", []string{"open to"}, nil, "It opens", "The bridge is open to walkers again.", true},
		{"a phrase the words of which are apart", []string{"open walkers"}, nil, "It opens", "The bridge is open to walkers again.", false},
		{"a phrase across title and lead", []string{"opens the"}, nil, "It opens", "The bridge is open.", false},
		{"a part of a word", []string{"ridge"}, nil, "Bridge opens", "", false},
		{"none of the words", []string{"ferry", "tunnel"}, nil, "Bridge opens", "", false},
		{"Russian, ё as е", []string{"ЁЛКА"}, nil, "В Минске зажглась елка", "", true},
		{"excluded by the title", nil, []string{"bridge"}, "Bridge opens", "", false},
		{"excluded by the lead", nil, []string{"walkers"}, "It opens", "The bridge is open to walkers again.", false},
		{"excluded by a category", nil, []string{"Society"}, "It opens", "", false},
		{"exclude wins", []string{"bridge"}, []string{"opens"}, "Bridge opens", "", false},
		{"nothing of exclude", nil, []string{"ferry"}, "Bridge opens", "", true},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			r := newNewsroom(t)
			it := item("1", c.title, c.lead)
			it.Categories = []news.Category{{Term: "Society"}}
			out := r.deliver(entries.Incoming{Source: news.Source{ID: "alpha", Include: c.include, Exclude: c.exclude}, Items: []news.Item{it}})
			want := 0
			if c.taken {
				want = 1
			}
			same(t, "new", out.New, want)
			same(t, "excluded", out.Excluded, 1-want)
		})
	}
}

// TestOwnID: the atom:id of the source is kept where the item may have it and no other entry does.
func TestOwnID(t *testing.T) {
	t.Parallel()
	r := newNewsroom(t)
	usable, taken := own("urn:x-test:1"), bridge("urn:x-test:1")
	usable.OwnID, taken.OwnID = true, true
	r.visit("alpha", usable, own("urn:x-test:2"))
	r.visit("bravo", taken)
	for k, want := range map[news.Key]string{
		key("alpha", "urn:x-test:1"): "urn:x-test:1", key("alpha", "urn:x-test:2"): "", key("bravo", "urn:x-test:1"): "",
	} {
		same(t, "id of "+r.item(k).Title+" of "+r.item(k).Source, r.entry(k).ID, want)
	}
}
