package entries_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"dateline/aggregator/entries"
	"dateline/aggregator/news"
	"dateline/store"
)

// carried returns a newsroom in which alpha's report is carried by bravo and charlie, with the keys of the three.
func carried(t *testing.T) (r *newsroom, a, b, c news.Key) {
	r = newNewsroom(t)
	r.visit("alpha", bridge("a"))
	r.visit("bravo", bridge("b"))
	r.visit("charlie", bridge("c"))
	return r, key("alpha", "a"), key("bravo", "b"), key("charlie", "c")
}

func TestSplit(t *testing.T) {
	t.Parallel()
	t.Run("a carrier leaves, and never comes back", func(t *testing.T) {
		t.Parallel()
		r, a, b, c := carried(t)
		same(t, "its entry", r.split(a, b), b)
		r.inEntry(a, a, c)
		r.inEntry(b, b)
		r.visit("bravo", item("b", "Footbridge opens in Ozerny", footbridge+" The mayor spoke."))
		r.inEntry(a, a, c)
		r.inEntry(b, b)
		if it := r.item(b); it.Revision != 2 || it.Join != nil {
			t.Errorf("revision %d, joined by %+v", it.Revision, it.Join)
		}
	})
	t.Run("the representative keeps the id", func(t *testing.T) {
		t.Parallel()
		r, a, b, c := carried(t)
		same(t, "entry of the others", r.split(a, a), b)
		r.inEntry(a, a)
		r.inEntry(b, b, c)
		if j := r.item(c).Join; j == nil || j.With != b || j.Level != "L4" {
			t.Errorf("joined by %+v", j)
		}
	})
	t.Run("join undoes it", func(t *testing.T) {
		t.Parallel()
		r, a, b, c := carried(t)
		r.split(a, b)
		same(t, "joined into the earlier", r.join(b, a), a)
		r.inEntry(a, a, c, b)
		same(t, "joined again", r.join(b, a), a)
		if j := r.item(b).Join; j == nil || j.Level != "editor" || j.Rule != "join" || len(j.Guards) == 0 {
			t.Errorf("joined by %+v", j)
		}
	})
}

// TestMergedEntriesLeadOn: an entry that was merged leads to where its items are, also after another merge, and it is published
// again with what it had when it is split off.
func TestMergedEntriesLeadOn(t *testing.T) {
	t.Parallel()
	r := newNewsroom(t)
	r.visit("alpha", own("a"))
	r.visit("bravo", bridge("b"))
	r.visit("charlie", item("c", "Weather", "Snow is expected in the north."))
	a, b, c := key("alpha", "a"), key("bravo", "b"), key("charlie", "c")
	r.join(b, c)
	same(t, "joined into the earliest", r.join(c, a), a) // named by what was merged
	r.inEntry(a, a, b, c)
	for _, k := range []news.Key{b, c} {
		if e := r.entry(k); e.State != news.Merged || e.Into != a {
			t.Errorf("%s: %q, into %s", k, e.State, e.Into)
		}
	}
	same(t, "split off", r.split(a, b), b)
	r.inEntry(a, a)
	r.inEntry(b, b, c)
	same(t, "the last record", r.log()[0], news.LogRecord{Entry: b, Kind: news.RecordRestored})
	if e := r.entry(c); e.Into != b {
		t.Errorf("what was merged first leads to %s, want %s", e.Into, b)
	}
}

func TestWithdrawAndRestore(t *testing.T) {
	t.Parallel()
	r, a, b, c := carried(t)
	withdraw := func(k news.Key, erase bool) {
		r.must(func(tx *store.Tx) error {
			got, err := entries.Withdraw(tx, r.setup, k, erase, "")
			same(t, "entry", got, a)
			return err
		})
	}
	withdraw(b, false) // named by a carrier
	same(t, "state", r.entry(a).State, news.Withdrawn)
	r.visit("alpha", item("a", "Footbridge opens", footbridge+" The source goes on."))
	same(t, "state after a revision", r.entry(a).State, news.Withdrawn)
	r.must(func(tx *store.Tx) error {
		_, err := entries.Restore(tx, r.setup, a, "")
		return err
	})
	r.inEntry(a, a, b, c)
	if e := r.entry(a); !e.Updated.Equal(r.at.Add(-time.Minute)) {
		t.Errorf("updated %v when it was restored", e.Updated)
	}
	if w := r.item(a).Withdrawal; r.item(a).Withdrawn || w == nil || w.By != news.ByEditor || w.EndedBy != news.ByEditor {
		t.Errorf("%+v", w)
	}
	withdraw(a, true)
	published := len(r.log())
	withdraw(a, true)
	same(t, "records of withdrawing again", len(r.log()), published)
	if it := r.item(c); !it.Erased || it.Title != "" || it.Lead != "" {
		t.Errorf("left of an erased item: %+v", it)
	}
	same(t, "new of what was erased", r.visit("charlie", bridge("c")).New, 0)
}

// TestErasedIsNotNews: what an editor has erased stays known by its address too, under however many guids it comes back.
func TestErasedIsNotNews(t *testing.T) {
	t.Parallel()
	r := newNewsroom(t)
	it := bridge("1")
	it.URL = "https://alpha.example/1"
	r.visit("alpha", it)
	k := key("alpha", "1")
	r.must(func(tx *store.Tx) error { _, err := entries.Withdraw(tx, r.setup, k, true, ""); return err })
	it.GUID = "2"
	same(t, "new", r.visit("alpha", it).New, 0)
	same(t, "item of the other guid", r.item(key("alpha", "2")).Key, k)
	if got := r.item(k); !got.Erased || got.Lead != "" || r.entry(k).State != news.Withdrawn {
		t.Errorf("%q, %+v", r.entry(k).State, got)
	}
	same(t, "forgotten with it: the other guid", slices.Contains(r.item(k).IdentityKeys, key("alpha", "2").IdentityKey()), true)
	it.GUID, it.URL = "2", ""
	same(t, "new by the guid alone", r.visit("alpha", it).New, 0)
}

// TestRefusedDecisions: a decision that cannot be carried out is an EditError that says why, and changes nothing.
func TestRefusedDecisions(t *testing.T) {
	t.Parallel()
	r, a, b, _ := carried(t)
	r.visit("bravo", item("single", "Weather", "Rain is expected in the south."))
	single, nowhere := key("bravo", "single"), news.Key{1}
	late := news.Source{ID: "late"}
	r.deliver(entries.Incoming{Source: late, Items: []news.Item{own("x"), own("y"), own("z")}})
	held, erased := key("late", "z"), key("charlie", "erased")
	r.visit("charlie", item("erased", "To be erased", "Snow is expected in the north."))
	r.must(func(tx *store.Tx) error { _, err := entries.Withdraw(tx, r.setup, erased, true, ""); return err })
	before := len(r.log())
	split := func(entry, item news.Key) func(*store.Tx) error {
		return func(tx *store.Tx) error { _, _, err := entries.Split(tx, r.setup, entry, item, ""); return err }
	}
	join := func(one, other news.Key) func(*store.Tx) error {
		return func(tx *store.Tx) error { _, err := entries.Join(tx, r.setup, one, other, ""); return err }
	}
	restore := func(k news.Key) func(*store.Tx) error {
		return func(tx *store.Tx) error { _, err := entries.Restore(tx, r.setup, k, ""); return err }
	}
	withdraw := func(k news.Key) func(*store.Tx) error {
		return func(tx *store.Tx) error { _, err := entries.Withdraw(tx, r.setup, k, false, ""); return err }
	}
	for _, c := range []struct {
		fact   string
		decide func(*store.Tx) error
		reason string
	}{
		{"split the only item off", split(single, single), "has one item, which cannot be split off"},
		{"split an item of another entry off", split(a, single), "has no item " + single.String()},
		{"split off what is not there", split(nowhere, a), "is not there"},
		{"join what is not there", join(a, nowhere), "is not there"},
		{"join what is withdrawn", join(a, erased), "is withdrawn: restore it first"},
		{"withdraw what is held", withdraw(held), "is held back: `sources release` or `sources drop-held` decides on it"},
		{"restore what is public", restore(b), "is not withdrawn"},
		{"restore what is erased", restore(erased), "has no text left that could be restored"},
	} {
		var refused *entries.EditError
		if err := r.decide(c.decide); !errors.As(err, &refused) || refused.Reason != c.reason {
			t.Errorf("%s: %v, want %q", c.fact, err, c.reason)
		}
	}
	same(t, "records", len(r.log()), before)
}

func TestTombstone(t *testing.T) {
	t.Parallel()
	r := newNewsroom(t)
	one, two := own("1"), own("2")
	r.visit("alpha", two, one)
	deleted := func(guids ...string) entries.Incoming {
		return entries.Incoming{Source: news.Source{ID: "alpha"}, Items: []news.Item{two}, Deleted: guids}
	}
	r.deliver(deleted("1", "2", "9"))
	k := key("alpha", "1")
	if it := r.item(k); r.entry(k).State != news.Withdrawn || it.Withdrawal.Rule != "deleted-entry" || it.Withdrawal.By != news.BySource {
		t.Errorf("%q, %+v", r.entry(k).State, it.Withdrawal)
	}
	same(t, "state of an item that is in the same document", r.entry(key("alpha", "2")).State, news.Public)
	r.visit("alpha", two, one)
	same(t, "state when its source publishes it again", r.entry(k).State, news.Public)
	same(t, "the last record", r.log()[0], news.LogRecord{Entry: k, Kind: news.RecordRestored})
	r.deliver(deleted("1"))
	r.must(func(tx *store.Tx) error { _, err := entries.Restore(tx, r.setup, k, ""); return err })
	r.deliver(deleted("1"))
	same(t, "state after an editor has restored it", r.entry(k).State, news.Public)
	r.visit("alpha", two, one)
	r.deliver(entries.Incoming{Source: news.Source{ID: "alpha"}, Deleted: []string{"1"}, Partial: true})
	same(t, "window after a cut document", r.window("alpha"), []news.Key{key("alpha", "2")})
}

func killed(it news.Item) news.Item {
	it.Title = "KILL: " + it.Title
	it.Hash++
	it.Credits.Kill = &news.Evidence{Field: "title", Words: "KILL"}
	return it
}

// TestKill: a source takes back its own item and no other source's.
func TestKill(t *testing.T) {
	t.Parallel()
	t.Run("the representative", func(t *testing.T) {
		t.Parallel()
		r, a, b, c := carried(t)
		r.visit("alpha", killed(bridge("a")))
		if it := r.item(a); r.entry(a).State != news.Withdrawn || it.Withdrawal.Words != "KILL" || it.Withdrawal.Rule != "mark" {
			t.Errorf("%q, %+v", r.entry(a).State, it.Withdrawal)
		}
		r.inEntry(b, b, c) // the others have an entry of their own
		r.visit("alpha", killed(bridge("a")))
		same(t, "state while the mark is there", r.entry(a).State, news.Withdrawn)
		r.visit("alpha", bridge("a"))
		if e := r.entry(a); e.State != news.Public || len(e.Members()) != 3 {
			t.Errorf("without the mark it is %q with %d items", e.State, len(e.Members()))
		}
	})
	t.Run("a carrier", func(t *testing.T) {
		t.Parallel()
		r, a, b, c := carried(t)
		published := len(r.log())
		r.visit("bravo", killed(bridge("b")))
		r.inEntry(a, a, b, c)
		same(t, "withdrawn", r.item(b).Withdrawn, true)
		same(t, "records", len(r.log()), published)
		r.visit("bravo", bridge("b"))
		same(t, "withdrawn without the mark", r.item(b).Withdrawn, false)
	})
	t.Run("in a notice of its own", func(t *testing.T) {
		t.Parallel()
		r := newNewsroom(t)
		r.visit("alpha", bridge("a"))
		r.visit("alpha", killed(bridge("notice")), bridge("a"))
		same(t, "state of what it takes back", r.entry(key("alpha", "a")).State, news.Withdrawn)
		if e := r.entry(key("alpha", "notice")); e.State != news.Withdrawn || e.First != 0 {
			t.Errorf("the notice is %q at %d", e.State, e.First)
		}
	})
	t.Run("of an item that was never seen", func(t *testing.T) {
		t.Parallel()
		r, a := newNewsroom(t), key("alpha", "a")
		r.visit("alpha", killed(bridge("a")))
		if it, e := r.item(a), r.entry(a); e.State != news.Withdrawn || e.First != 0 || !it.Withdrawn || it.Withdrawal.Words != "KILL" {
			t.Errorf("%q at %d, %+v", e.State, e.First, it.Withdrawal)
		}
		same(t, "records", len(r.log()), 0)
		r.visit("bravo", bridge("b"))
		same(t, "state of another source's report", r.entry(key("bravo", "b")).State, news.Public)
		r.visit("alpha", bridge("a"))
		same(t, "withdrawn without the mark", r.item(a).Withdrawn, false)
		if e := r.entry(r.item(a).Entry); e.State != news.Public || !slices.Contains(e.Members(), a) {
			t.Errorf("without the mark it is in an entry that is %q with %v", e.State, e.Members())
		}
	})
	t.Run("in a notice that is held, of a report that is public", func(t *testing.T) {
		t.Parallel()
		r, a, notice := newNewsroom(t), key("late", "a"), key("late", "notice")
		r.setup.FirstPoll = 1
		r.visit("late", bridge("a"), killed(bridge("notice")))
		same(t, "state of what it takes back", r.entry(a).State, news.Withdrawn)
		same(t, "the notice is held", r.item(notice).Held, true)
		r.must(func(tx *store.Tx) error { _, err := entries.Release(tx, r.setup, []news.Key{notice}); return err })
		if e := r.entry(notice); e.State != news.Withdrawn || e.First != 0 {
			t.Errorf("the notice is %q at %d", e.State, e.First)
		}
	})
	t.Run("in a notice, of a report that is held", func(t *testing.T) {
		t.Parallel()
		r, a, notice := newNewsroom(t), key("late", "a"), key("late", "notice")
		r.setup.FirstPoll = 1
		r.visit("late", own("b"), bridge("a"))
		same(t, "the report is held", r.item(a).Held, true)
		r.visit("late", killed(bridge("notice")), own("b"), bridge("a"))
		same(t, "withdrawn", r.item(a).Withdrawn, true)
		r.must(func(tx *store.Tx) error { _, err := entries.Release(tx, r.setup, []news.Key{a}); return err })
		if e := r.entry(a); e.State != news.Withdrawn || e.First != 0 {
			t.Errorf("released it is %q at %d", e.State, e.First)
		}
		same(t, "the notice is published", r.entry(notice).First > 0, false)
	})
	t.Run("in a notice whose text another source has", func(t *testing.T) {
		t.Parallel()
		r, a, b, c := carried(t)
		out := r.visit("alpha", killed(bridge("notice")), bridge("a"))
		same(t, "joined", out.Joined, 0)
		same(t, "state of what it takes back", r.entry(a).State, news.Withdrawn)
		r.inEntry(b, b, c)
		if it := r.item(key("alpha", "notice")); it.Join != nil || it.Entry != it.Key {
			t.Errorf("the notice joined %v: %+v", it.Entry, it.Join)
		}
	})
	t.Run("in a notice under the address that another source has", func(t *testing.T) {
		t.Parallel()
		r := newNewsroom(t)
		report, notice := bridge("b"), killed(item("notice", "Ferry stops", "The ferry to Ozerny stops at noon."))
		report.URL, notice.URL = "https://x.test/1", "https://x.test/1"
		r.visit("bravo", report)
		same(t, "joined", r.visit("alpha", notice).Joined, 0)
		r.inEntry(key("bravo", "b"), key("bravo", "b"))
	})
	t.Run("a carrier that is back after its entry was withdrawn", func(t *testing.T) {
		t.Parallel()
		r, a, b, _ := carried(t)
		r.visit("bravo", killed(bridge("b")))
		r.visit("charlie", killed(bridge("c")))
		r.visit("alpha", killed(bridge("a")))
		r.visit("bravo", bridge("b"))
		same(t, "state of the entry", r.entry(a).State, news.Withdrawn)
		r.inEntry(b, b)
	})
}
