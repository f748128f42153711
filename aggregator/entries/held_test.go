package entries_test

import (
	"fmt"
	"testing"
	"time"

	"dateline/aggregator/entries"
	"dateline/aggregator/news"
	"dateline/store"
)

// late is a source that the store did not begin with.
var late = news.Source{ID: "late"}

func TestFirstDocument(t *testing.T) {
	t.Parallel()
	old := own("old")
	old.Published = morning.Add(-24 * time.Hour)
	items := []news.Item{own("1"), old, own("2"), own("3")}
	for _, c := range []struct {
		fact   string
		before bool // another document was stored before
		source news.Source
		held   int
	}{
		{"of a later source: all but the newest are held", true, late, 2},
		{"of a source that the store began with", true, news.Source{ID: "alpha"}, 0},
		{"of a store that begins: of the configured sources", false, news.Source{ID: "alpha"}, 0},
		{"of a store that begins: of any other", false, late, 2},
		{"of a document that was not configured", true, news.Source{}, 0},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			r := newNewsroom(t)
			if c.before {
				r.visit("bravo", bridge("b"))
			}
			out := r.deliver(entries.Incoming{Source: c.source, Items: items})
			same(t, "held", out.Held, c.held)
			same(t, "published", out.New, 4-c.held)
			same(t, "old is held", r.item(key(c.source.ID, "old")).Held, c.held > 0)
			if c.held > 0 {
				same(t, "the first in the document is held", r.item(key("late", "1")).Held, false)
				same(t, "state of its entry", r.entry(key("late", "old")).State, news.Held)
				out := r.deliver(entries.Incoming{Source: c.source, Items: []news.Item{own("5"), own("6"), own("7")}})
				same(t, "published of the next document", out.New, 3)
			}
		})
	}
}

// TestFlood: old items that come up in a document are held; so many under other guids are known.
func TestFlood(t *testing.T) {
	t.Parallel()
	r := newNewsroom(t)
	last := own("last")
	last.Published = morning.Add(-time.Minute)
	r.visit("alpha", last)
	var archive []news.Item
	for n := range 15 {
		it := item(fmt.Sprint("old-", n), fmt.Sprint("Archive ", n), fmt.Sprint("An old report, number ", n, "."))
		it.Published = morning.Add(-time.Duration(n+1) * 24 * time.Hour)
		archive = append(archive, it)
	}
	out := r.visit("alpha", append([]news.Item{own("now"), last}, archive...)...)
	same(t, "held", out.Held, 15)
	same(t, "new", out.New, 1)

	for i := range archive {
		archive[i].GUID = fmt.Sprint("renamed-", i)
		archive[i].Published = time.Time{} // or they would be found by title and minute
	}
	out = r.visit("alpha", append([]news.Item{own("now"), last}, archive...)...)
	same(t, "held of what has other guids", out.Held+out.New, 0)
}

func TestReleaseAndDrop(t *testing.T) {
	t.Parallel()
	r := newNewsroom(t)
	at := "https://alpha.example/bridge"
	first, there := bridge("a"), item("there", "Bridge open", "It is open.")
	first.URL, there.URL = at, at
	r.visit("alpha", first)
	r.deliver(entries.Incoming{Source: late, Items: []news.Item{own("1"), own("2"), own("3"), bridge("same"), own("4"), there}})
	same(t, "joined while held", r.item(key("late", "same")).Join, nil)
	decide := func(do func(*store.Tx, *entries.Setup, []news.Key) (entries.Outcome, error), guids ...string) (out entries.Outcome) {
		var keys []news.Key
		for _, guid := range guids {
			keys = append(keys, key("late", guid))
		}
		r.must(func(tx *store.Tx) (err error) {
			out, err = do(tx, r.setup, keys)
			return err
		})
		return out
	}
	out := decide(entries.Release, "3", "same", "there", "1", "nowhere") // 1 is not held
	same(t, "published", out.New, 1)
	same(t, "joined by text and by address", out.Joined, 2)
	r.inEntry(key("late", "3"), key("late", "3"))
	r.inEntry(key("alpha", "a"), key("alpha", "a"), key("late", "same"), key("late", "there"))
	same(t, "found by its text while held", r.found(key("late", "4"), own("4")), true)
	same(t, "dropped", decide(entries.Drop, "4", "3").Dropped, 1)
	if it := r.item(key("late", "4")); !it.Erased || it.Lead != "" {
		t.Errorf("left of what was dropped: %+v", it)
	}
	same(t, "found by its text once dropped", r.found(key("late", "4"), own("4")), false)
	same(t, "news", r.deliver(entries.Incoming{Source: late, Items: []news.Item{own("4"), own("1")}}).New, 0)
}

func TestEmbargo(t *testing.T) {
	t.Parallel()
	until := morning.Add(time.Hour)
	under := func(it news.Item) news.Item {
		it.Embargo = &news.Embargo{Until: until}
		return it
	}
	end := func(r *newsroom, keys ...news.Key) (out entries.Outcome) {
		r.must(func(tx *store.Tx) (err error) {
			out, err = entries.EndEmbargoes(tx, r.setup, keys)
			return err
		})
		return out
	}
	k := key("alpha", "1")
	t.Run("it is held until its moment", func(t *testing.T) {
		t.Parallel()
		r := newNewsroom(t)
		same(t, "held", r.visit("alpha", under(own("1"))).Held, 1)
		same(t, "state", r.entry(k).State, news.Embargoed)
		r.at = until
		same(t, "published", end(r, k, key("alpha", "nowhere")).New, 1)
		r.inEntry(k, k)
		if e := r.item(k).Embargo; e == nil || !e.Ended.Equal(until) {
			t.Errorf("%+v", e)
		}
	})
	t.Run("a moment that has passed holds nothing", func(t *testing.T) {
		t.Parallel()
		r := newNewsroom(t)
		r.at = until.Add(time.Minute)
		same(t, "new", r.visit("alpha", under(own("1"))).New, 1)
		same(t, "ended", r.item(k).Embargo.Ended.IsZero(), false)
	})
	t.Run("an update lifts it", func(t *testing.T) {
		t.Parallel()
		r := newNewsroom(t)
		r.visit("alpha", under(own("1")))
		lifted := own("1")
		lifted.Hash++
		r.visit("alpha", lifted)
		r.inEntry(k, k)
	})
	t.Run("an update cannot call back what is public", func(t *testing.T) {
		t.Parallel()
		r := newNewsroom(t)
		r.visit("alpha", own("1"))
		again := under(own("1"))
		again.Hash++
		r.visit("alpha", again)
		r.inEntry(k, k)
	})
	t.Run("of a first document it stays held", func(t *testing.T) {
		t.Parallel()
		r := newNewsroom(t)
		r.deliver(entries.Incoming{Source: late, Items: []news.Item{own("1"), own("2"), under(own("3"))}})
		k := key("late", "3")
		same(t, "state", r.entry(k).State, news.Embargoed)
		r.at = until
		same(t, "published", end(r, k).New, 0)
		same(t, "state after that", r.entry(k).State, news.Held)
	})
}
