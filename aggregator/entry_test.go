package aggregator_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/entries"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/store"
)

// rigOf is a harness whose sources carry the same report, each in its own words of the dateline.
func rigOf(t *testing.T, test func(t *testing.T, s *feedtest.Server, r *harness), ids ...string) {
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		for _, id := range ids {
			s.Set("/"+id, page(id, bridge(id, "", "")))
		}
		test(t, s, r)
	}, ids...)
}

// log returns the kinds of the log, the newest first, of an entry; zero: of all.
func (r *harness) log(k news.Key) (kinds []news.Kind) {
	r.t.Helper()
	r.view(func(v store.View) error {
		for rec, err := range v.Records(0) {
			if err != nil {
				return err
			}
			if k.IsZero() || rec.Entry == k {
				kinds = append(kinds, rec.Kind)
			}
		}
		return nil
	})
	return kinds
}

// must fails the test for an error.
func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func (r *harness) split(entry, item news.Key) news.Key {
	r.t.Helper()
	_, own, err := r.engine.Split(entry, item, "")
	if err != nil {
		r.t.Fatal(err)
	}
	return own
}

// inEntry fails unless the entry named k has these items, the representative first.
func (r *harness) inEntry(k news.Key, items ...news.Key) {
	r.t.Helper()
	e := r.entry(k)
	if e.State != news.Public || !slices.Equal(e.Members(), items) {
		r.t.Errorf("entry %s is %q and has %v, want %v", k, e.State, e.Members(), items)
	}
}

// mergedInto fails unless the entry named k leads to another one.
func (r *harness) mergedInto(k, into news.Key) {
	r.t.Helper()
	e := r.entry(k)
	same(r.t, "state of what was merged", e.State, news.Merged)
	same(r.t, "where it leads", e.Into, into)
}

// grounds is what a join was decided by, without what was measured.
func grounds(j *news.Join) news.Join {
	if j == nil {
		return news.Join{}
	}
	return news.Join{Level: j.Level, Rule: j.Rule, With: j.With, Entry: j.Entry}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	t.Run("a carrier leaves, and never comes back", func(t *testing.T) {
		t.Parallel()
		rigOf(t, func(t *testing.T, s *feedtest.Server, r *harness) {
			r.good("alpha")
			r.good("bravo", "charlie")
			a, b, c := r.items("alpha")[0].Key, r.items("bravo")[0].Key, r.items("charlie")[0].Key
			if own := r.split(a, b); own != b {
				t.Errorf("it got the entry %s, want %s", own, b)
			}
			r.inEntry(a, a, c)
			r.inEntry(b, b)
			if kinds := r.log(b); !slices.Equal(kinds, []news.Kind{news.RecordNew}) {
				t.Errorf("the log tells of it %v", kinds)
			}
			r.open() // a restart, a revision, and all of it once more
			time.Sleep(time.Hour)
			p := bridge("bravo", "", " The mayor spoke.")
			s.Set("/bravo", page("bravo", p))
			r.good()
			r.inEntry(a, a, c)
			r.inEntry(b, b)
			if it := r.items("bravo")[0]; it.Revision != 2 || it.Join != nil {
				t.Errorf("revision %d, joined by %+v", it.Revision, it.Join)
			}
			r.sound()
		}, "alpha", "bravo", "charlie")
	})
	t.Run("the representative keeps the id", func(t *testing.T) {
		t.Parallel()
		rigOf(t, func(t *testing.T, s *feedtest.Server, r *harness) {
			r.good("alpha")
			r.good("bravo")
			r.good("charlie")
			a, b, c := r.items("alpha")[0].Key, r.items("bravo")[0].Key, r.items("charlie")[0].Key
			own := r.split(a, a)
			r.inEntry(a, a)
			r.inEntry(own, own, map[news.Key]news.Key{b: c, c: b}[own])
			for _, k := range []news.Key{b, c} {
				if it := must2(r.itemOf(k)); it.Key != own && (it.Join == nil || it.Join.With != own || it.Join.Level != "L4") {
					t.Errorf("%s stands there by %+v", k, it.Join)
				}
			}
			r.sound()
		}, "alpha", "bravo", "charlie")
	})
	t.Run("join undoes it", func(t *testing.T) {
		t.Parallel()
		rigOf(t, func(t *testing.T, s *feedtest.Server, r *harness) {
			r.good("alpha")
			r.good("bravo")
			a, b := r.items("alpha")[0].Key, r.items("bravo")[0].Key
			r.split(a, b)
			if into := must[news.Key](t)(r.engine.Join(b, a, "")); into != a {
				t.Errorf("joined into %s, want the earlier one", into)
			}
			r.inEntry(a, a, b)
			j := r.items("bravo")[0].Join
			same(t, "evidence", grounds(j), news.Join{Level: "editor", Rule: "join", With: a})
			if len(j.Guards) == 0 {
				t.Error("no guards in the evidence")
			}
			r.sound()
		}, "alpha", "bravo")
	})
	t.Run("what cannot be split", func(t *testing.T) {
		t.Parallel()
		rigOf(t, func(t *testing.T, s *feedtest.Server, r *harness) {
			r.good()
			a := r.items("alpha")[0].Key
			for _, item := range []news.Key{a, {1}} {
				var edit *entries.EditError
				if _, _, err := r.engine.Split(a, item, ""); !errors.As(err, &edit) {
					t.Errorf("split off %s: %v", item, err)
				}
			}
			if _, err := r.engine.Restore(a, ""); err == nil {
				t.Error("restored though nothing was withdrawn")
			}
		}, "alpha")
	})
}

// itemOf returns the item named k.
func (r *harness) itemOf(k news.Key) (it news.Item, found bool) {
	r.t.Helper()
	r.view(func(v store.View) (err error) {
		it, found, err = v.Item(k)
		return err
	})
	return it, found
}

func must2(it news.Item, found bool) news.Item {
	if !found {
		panic("no such item")
	}
	return it
}

func TestJoinByHand(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		s.Set("/alpha", page("alpha", feedItems("alpha", 1, 1)...))
		s.Set("/bravo", page("bravo", feedItems("bravo", 1, 1)...))
		s.Set("/charlie", page("charlie", feedItems("bravo", 1, 1)...))
		r.good("alpha")
		r.good("bravo")
		r.good("charlie")
		a, b, c := r.items("alpha")[0].Key, r.items("bravo")[0].Key, r.items("charlie")[0].Key
		r.inEntry(b, b, c)
		time.Sleep(time.Minute)
		if into := must[news.Key](t)(r.engine.Join(b, a, "")); into != a {
			t.Fatalf("into %s", into)
		}
		r.inEntry(a, a, b, c)
		r.mergedInto(b, a)
		same(t, "kind of the last record", r.lastVisit().Kind, news.RecordMerged)
		same(t, "entry of the last record", r.lastVisit().Entry, b)
		if feed := readBack(t, r.atom()); len(feed) != 1 || !slices.Equal(credited(feed)[feed[0].GUID], []string{"alpha", "bravo", "charlie"}) {
			t.Errorf("%d entries, credited %v", len(feed), credited(feed))
		}
		r.sound()
		// A revision and a restart change nothing; splitting off what was joined brings all of it back.
		p := feedItems("bravo", 1, 1)[0]
		p.Description += " More follows."
		s.Set("/bravo", page("bravo", p))
		r.open()
		r.good()
		r.inEntry(a, a, b, c)
		head := r.head()
		if own := r.split(a, b); own != b {
			t.Errorf("split gave %s", own)
		}
		r.inEntry(a, a)
		r.inEntry(b, b, c)
		if r.head() != head+1 || r.lastVisit().Kind != news.RecordRestored {
			t.Errorf("the log went from %d to %d, last %+v", head, r.head(), r.lastVisit())
		}
		r.sound()
	}, "alpha", "bravo", "charlie")
}

// TestMergedEntriesLeadOn: entries merged into one that is merged itself lead to where their items are.
func TestMergedEntriesLeadOn(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		ids := []string{"alpha", "bravo", "charlie"}
		var k []news.Key
		for _, id := range ids {
			s.Set("/"+id, page(id, feedItems(id, 1, 1)...))
			r.good(id)
			k = append(k, r.items(id)[0].Key)
		}
		must[news.Key](t)(r.engine.Join(k[1], k[2], ""))
		must[news.Key](t)(r.engine.Join(k[2], k[0], "")) // named by what was merged
		r.inEntry(k[0], k[0], k[1], k[2])
		for _, gone := range k[1:] {
			r.mergedInto(gone, k[0])
		}
		r.sound()
		r.split(k[0], k[0])
		r.inEntry(k[1], k[1], k[2])
		r.mergedInto(k[2], k[1])
		r.sound()
	}, "alpha", "bravo", "charlie")
}

// TestTurnsOutToBeOne: two entries that have the same text since one of them was revised become one.
func TestTurnsOutToBeOne(t *testing.T) {
	t.Parallel()
	t.Run("by a revision", func(t *testing.T) {
		t.Parallel()
		bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
			short := bridge("bravo", "", "")
			short.Title, short.Description = "Details follow", "Details follow."
			s.Set("/alpha", page("alpha", bridge("alpha", "", "")))
			s.Set("/bravo", page("bravo", short))
			r.good("alpha")
			r.good("bravo")
			a, b := r.items("alpha")[0].Key, r.items("bravo")[0].Key
			time.Sleep(time.Hour)
			whole := bridge("bravo", "", "")
			s.Set("/bravo", page("bravo", whole))
			r.good("bravo")
			r.inEntry(a, a, b)
			j := r.items("bravo")[0].Join
			same(t, "evidence", grounds(j), news.Join{Level: "L4", Rule: "text", With: a})
			if len(j.Guards) == 0 || j.At.IsZero() {
				t.Errorf("evidence without guards or time: %+v", j)
			}
			r.mergedInto(b, a)
			if feed := readBack(t, r.atom()); len(feed) != 1 {
				t.Errorf("%d entries", len(feed))
			}
			r.sound()
		}, "alpha", "bravo")
	})
	t.Run("not where an editor set them apart", func(t *testing.T) {
		t.Parallel()
		rigOf(t, func(t *testing.T, s *feedtest.Server, r *harness) {
			r.good("alpha")
			r.good("bravo")
			a, b := r.items("alpha")[0].Key, r.items("bravo")[0].Key
			r.split(a, b)
			for _, id := range []string{"bravo", "alpha"} {
				s.Set("/"+id, page(id, bridge(id, "", " The mayor spoke in "+id+".")))
				time.Sleep(time.Hour)
				r.good(id)
			}
			s.Set("/charlie", page("charlie", bridge("charlie", "", " The mayor spoke.")))
			r.good("charlie") // a third one that is like both
			if c := r.items("charlie")[0]; c.Entry != a && c.Entry != b {
				t.Errorf("the third stands in %s", c.Entry)
			}
			for _, id := range []string{"alpha", "bravo"} {
				if it := r.items(id)[0]; it.Entry != it.Key || it.Revision != 2 {
					t.Errorf("%s stands in %s, revision %d", id, it.Entry, it.Revision)
				}
			}
			r.sound()
		}, "alpha", "bravo", "charlie")
	})
}

func TestWithdrawByEditor(t *testing.T) {
	t.Parallel()
	rigOf(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		r.good("alpha")
		r.good("bravo")
		a := r.items("alpha")[0].Key
		id, updated := readBack(t, r.atom())[0].GUID, readBack(t, r.atom())[0].Updated
		must[news.Key](t)(r.engine.Withdraw(r.items("bravo")[0].Key, false, "")) // named by its carrier
		check := func(when string) {
			t.Helper()
			feed := readBack(t, r.atom())
			if len(feed) != 1 {
				t.Fatalf("%s: %d entries in the feed, want 1", when, len(feed))
			}
			same(t, when+": id", feed[0].GUID, id)
			same(t, when+": title", feed[0].Title, "Withdrawn")
			if !feed[0].Updated.After(updated) {
				t.Errorf("%s: updated %v, want after %v", when, feed[0].Updated, updated)
			}
			if strings.Contains(string(r.atom()), "footbridge") || strings.Contains(string(r.atom()), "bravo") {
				t.Errorf("%s: more than the notice is left:\n%s", when, r.atom())
			}
			for _, it := range r.items("") {
				if !it.Withdrawn || it.Withdrawal.By != news.ByEditor {
					t.Errorf("%s: %s: withdrawn %v, %+v", when, it.Source, it.Withdrawn, it.Withdrawal)
				}
			}
		}
		check("at once")
		r.open()
		time.Sleep(time.Hour)
		s.Set("/alpha", page("alpha", bridge("alpha", "", " The source goes on.")))
		r.good()
		check("after a revision")
		s.Set("/alpha", page("alpha", feedItems("alpha", 1, 1)...))
		r.good("alpha")
		s.Set("/alpha", page("alpha", bridge("alpha", "", " It is back.")))
		r.good("alpha")
		if e := r.entry(a); e.State != news.Withdrawn {
			t.Errorf("back in its feed it is %q", e.State)
		}
		must[news.Key](t)(r.engine.Restore(a, ""))
		r.inEntry(a, a, r.items("bravo")[0].Key)
		if it := r.item("alpha", "Footbridge"); it.Withdrawn || it.Withdrawal.EndedBy != news.ByEditor || it.Revision != 3 {
			t.Errorf("withdrawn %v, %+v, revision %d", it.Withdrawn, it.Withdrawal, it.Revision)
		}
		if kinds := r.log(a); !slices.Equal(kinds, []news.Kind{news.RecordRestored, news.RecordWithdrawn, news.RecordNew}) {
			t.Errorf("the log tells %v", kinds)
		}
		r.sound()
	}, "alpha", "bravo")
}
