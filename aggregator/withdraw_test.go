package aggregator_test

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// atomOf composes a document of Atom with tombstones.
func atomOf(deleted []string, items ...feedtest.Item) string {
	var b strings.Builder
	b.WriteString(`<feed xmlns="http://www.w3.org/2005/Atom" xmlns:at="http://purl.org/atompub/tombstones/1.0"><id>urn:x-test:feed</id><title>Alpha</title>`)
	for _, id := range deleted {
		fmt.Fprintf(&b, `<at:deleted-entry ref="%s" when="2026-11-24T09:00:00Z"/>`, id)
	}
	for _, p := range items {
		fmt.Fprintf(&b, `<entry><id>%s</id><title>%s</title><link href="%s"/><updated>2026-11-24T06:00:00Z</updated><content>%s</content></entry>`,
			p.GUID, p.Title, p.Link, p.Description)
	}
	return b.String() + "</feed>"
}

// is fails unless the entry of the source's one item that is called so is in that state, by that rule of its source.
func (r *harness) is(title string, state news.EntryState, rule string) {
	r.t.Helper()
	it := r.item("alpha", title)
	e := r.entry(it.Key)
	if e.State != state || it.Withdrawn != (state == news.Withdrawn) {
		r.t.Errorf("%q is %q, withdrawn %v; want %q", title, e.State, it.Withdrawn, state)
	}
	if w := it.Withdrawal; rule != "" && (w == nil || w.By != news.BySource || w.Rule != rule) {
		r.t.Errorf("%q: by %+v, want %s", title, w, rule)
	}
}

func TestTombstone(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		one, two := feedItems("alpha", 1, 1)[0], feedItems("alpha", 2, 1)[0]
		one.GUID, two.GUID = "urn:x-test:1", "urn:x-test:2"
		s.Set("/alpha", feedtest.Doc(atomOf(nil, two, one)))
		r.good()
		s.Set("/alpha", feedtest.Doc(atomOf([]string{"urn:x-test:1", "urn:x-test:2", "urn:x-test:9"}, two)))
		r.good()
		r.is(one.Title, news.Withdrawn, "deleted-entry")
		r.is(two.Title, news.Public, "") // it is in the same document
		if feed := readBack(t, r.atom()); len(feed) != 2 || r.lastVisit().Kind != news.RecordWithdrawn ||
			!slices.ContainsFunc(feed, func(it news.Item) bool {
				return it.GUID == "urn:x-test:1" && it.Title == "Withdrawn by ALPHA"
			}) {
			t.Errorf("%+v", feed)
		}
		head := r.head()
		s.Set("/alpha", feedtest.Doc(atomOf([]string{"urn:x-test:1"}, two)+" "))
		if r.good(); r.head() != head {
			t.Error("withdrawn twice")
		}
		s.Set("/alpha", feedtest.Doc(atomOf(nil, two, one)))
		r.good()
		r.is(one.Title, news.Public, "deleted-entry")
		if r.lastVisit().Kind != news.RecordRestored {
			t.Errorf("the log: %+v", r.lastVisit())
		}
		// What an editor restores stays, though the source says so again and again.
		s.Set("/alpha", feedtest.Doc(atomOf([]string{"urn:x-test:1"}, two)))
		r.good()
		must[news.Key](t)(r.engine.Restore(r.item("alpha", one.Title).Key, ""))
		s.Set("/alpha", feedtest.Doc(atomOf([]string{"urn:x-test:1"}, two)+"\n"))
		r.good()
		r.is(one.Title, news.Public, "")
		r.sound()
	}, "alpha")
}

// TestTombstoneInCutDocument: a document cut off in the middle that names a deleted entry takes it out of the window too.
func TestTombstoneInCutDocument(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		one, two := feedItems("alpha", 1, 1)[0], feedItems("alpha", 2, 1)[0]
		one.GUID, two.GUID = "urn:x-test:1", "urn:x-test:2"
		s.Set("/alpha", feedtest.Doc(atomOf(nil, two, one)))
		r.good()
		cut := func(body string) http.Handler { return feedtest.Doc(body[:len(body)-4]) }
		s.Set("/alpha", cut(atomOf([]string{"urn:x-test:1"})))
		r.pass()
		r.is(one.Title, news.Withdrawn, "deleted-entry")
		s.Set("/alpha", cut(atomOf(nil, one)))
		r.pass()
		r.is(one.Title, news.Public, "deleted-entry")
		r.sound()
	}, "alpha")
}

func TestKillMarker(t *testing.T) {
	t.Parallel()
	t.Run("on the item itself", func(t *testing.T) {
		t.Parallel()
		bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
			p := bridge("alpha", "", "")
			s.Set("/alpha", page("alpha", p))
			r.good()
			time.Sleep(time.Hour)
			killed := p
			killed.Title = "АННУЛИРОВАНО: " + p.Title
			s.Set("/alpha", page("alpha", killed))
			r.good()
			r.is("АННУЛИРОВАНО", news.Withdrawn, "mark")
			if w := r.items("alpha")[0].Withdrawal; w.Words != "АННУЛИРОВАНО" {
				t.Errorf("%+v", w)
			}
			s.Set("/alpha", page("alpha", killed, feedtest.Item{GUID: "x", Title: "Something else"}))
			r.good() // it is there still, marked
			r.is("АННУЛИРОВАНО", news.Withdrawn, "mark")
			s.Set("/alpha", page("alpha", p))
			r.good()
			r.is("Footbridge", news.Public, "mark")
			if got := r.log(r.items("alpha")[0].Key); !slices.Equal(got, []news.Kind{news.RecordRestored, news.RecordWithdrawn, news.RecordNew}) {
				t.Errorf("the log: %v", got)
			}
			if !strings.Contains(string(r.atom()), "Withdrawn by ALPHA, 24 November 2026") {
				t.Errorf("its text does not say so:\n%s", r.atom())
			}
			r.sound()
		}, "alpha")
	})
	t.Run("in a notice of its own", func(t *testing.T) {
		t.Parallel()
		bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
			p, notice := bridge("alpha", "", ""), bridge("alpha-2", "", "")
			notice.Title = "KILL: " + p.Title
			s.Set("/alpha", page("alpha", p))
			r.good()
			s.Set("/alpha", page("alpha", notice, p))
			r.good()
			r.is("Footbridge", news.Withdrawn, "mark")
			if e := r.entry(r.item("alpha", "KILL").Key); e.State != news.Withdrawn || e.First != 0 {
				t.Errorf("the notice is %q at %d", e.State, e.First)
			}
			s.Set("/alpha", page("alpha", notice, p, feedtest.Item{GUID: "x", Title: "Something else"}))
			r.good()
			r.is("Footbridge", news.Withdrawn, "mark") // that it is in the feed still says nothing
			r.sound()
		}, "alpha")
	})
	t.Run("news of what was withdrawn is news", func(t *testing.T) {
		t.Parallel()
		bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
			p := bridge("alpha", "", "")
			s.Set("/alpha", page("alpha", p))
			r.good()
			p.Title = "Sanctions withdrawn"
			s.Set("/alpha", page("alpha", p))
			r.good()
			r.is("Sanctions", news.Public, "")
		}, "alpha")
	})
}

// TestSourceTakesBackItsOwn: a representative that is withdrawn takes no other's text with it; a carrier only its credit.
func TestSourceTakesBackItsOwn(t *testing.T) {
	t.Parallel()
	rigOf(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		for _, id := range []string{"alpha", "bravo", "charlie"} {
			r.good(id)
		}
		a, b, c := r.items("alpha")[0].Key, r.items("bravo")[0].Key, r.items("charlie")[0].Key
		kill := func(id string) {
			p := bridge(id, "", "")
			p.Title = "KILL: " + p.Title
			s.Set("/"+id, page(id, p))
			time.Sleep(time.Hour)
			r.good(id)
		}
		kill("charlie")
		r.inEntry(a, a, b, c)
		if feed := readBack(t, r.atom()); !slices.Equal(credited(feed)[feed[0].GUID], []string{"alpha", "bravo"}) {
			t.Errorf("credited: %v", credited(feed))
		}
		kill("alpha")
		if e := r.entry(a); e.State != news.Withdrawn {
			t.Errorf("it is %q", e.State)
		}
		r.inEntry(b, b)
		r.sound()
		s.Set("/alpha", page("alpha", bridge("alpha", "", "")))
		time.Sleep(time.Hour)
		r.good("alpha") // it is published again, and the two are one once more: the earlier one
		if e := r.entry(a); e.State != news.Public || !slices.Contains(e.Members(), b) {
			t.Errorf("it is %q with %v", e.State, e.Members())
		}
		r.sound()
	}, "alpha", "bravo", "charlie")
}

// TestMissing: what a document lacks stays published, however often it lacks it.
func TestMissing(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		all := feedItems("alpha", 1, 4) // the newest first
		s.Set("/alpha", page("alpha", all...))
		r.good()
		for n := range 9 {
			lacking := slices.Delete(slices.Clone(all), 1, 2)
			if n%2 == 1 {
				lacking = lacking[:1]
			}
			s.Set("/alpha", page("alpha", lacking...))
			r.good()
		}
		r.is(all[1].Title, news.Public, "")
		r.sound()
	}, "alpha")
}

// TestErase: nothing of the text is left in any revision, nor what it was found by; the item is not new when it comes again.
func TestErase(t *testing.T) {
	t.Parallel()
	rigOf(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		r.good("alpha")
		a := r.items("alpha")[0].Key
		s.Set("/alpha", page("alpha", bridge("alpha", "", " The mayor spoke of quicksilver.")))
		r.good("alpha")
		must[news.Key](t)(r.engine.Withdraw(a, true, ""))
		it, _ := r.itemOf(a)
		same(t, "erased", it.Erased, true)
		same(t, "withdrawn", it.Withdrawn, true)
		same(t, "what is left of the text", it.Title+it.Lead+it.Summary+it.Content+it.GUID+it.URL, "")
		if it.Credits.Agency != nil {
			t.Errorf("credited to %+v, want nobody", it.Credits.Agency)
		}
		if len(it.IdentityKeys) == 0 {
			t.Error("nothing is left that it is recognised by")
		}
		r.open()
		if r.good("bravo"); r.items("bravo")[0].Join != nil {
			t.Error("another copy was joined by what should be gone")
		}
		s.Set("/alpha", page("alpha", bridge("alpha", "", " It comes again.")))
		if v := r.visit("alpha"); v.New != 0 || v.Updated != 0 {
			t.Errorf("new %d, updated %d", v.New, v.Updated)
		}
		p := bridge("renamed", "", "") // under another guid, by its address
		p.Link = bridge("alpha", "", "").Link
		s.Set("/alpha", page("alpha", p))
		if v := r.visit("alpha"); v.New != 0 {
			t.Error("new under another guid")
		}
		if _, err := r.engine.Restore(a, ""); err == nil {
			t.Error("restored without a text")
		}
		r.sound()
		if err := r.store.Close(); err != nil {
			t.Fatal(err)
		}
		r.store = nil
		r.client.Close()
		if b, err := os.ReadFile(r.path); err != nil || bytes.Contains(b, []byte("quicksilver")) {
			t.Errorf("the file still has it in the clear, or %v", err)
		}
	}, "alpha", "bravo")
}

func TestCorrectionShows(t *testing.T) {
	t.Parallel()
	for marker, want := range map[string]string{"CORRECTED": "Marked “CORRECTED” by ALPHA, 24 November 2026, ",
		"ИСПРАВЛЕНО": "Marked “ИСПРАВЛЕНО” by ALPHA", "URGENT": ""} {
		t.Run(marker, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
				p := bridge("alpha", "", "")
				s.Set("/alpha", page("alpha", p))
				r.good()
				before := readBack(t, r.atom())[0].Updated
				p.Description = marker + ": " + p.Description
				s.Set("/alpha", page("alpha", p))
				time.Sleep(time.Hour)
				r.good()
				feed := readBack(t, r.atom())[0]
				got := strings.Contains(feed.Content, `class="notice"`)
				if got != (want != "") || !strings.Contains(feed.Content, want) || feed.Updated.After(before) != got {
					t.Errorf("updated %v after %v:\n%s", feed.Updated, before, feed.Content)
				}
				n := len(r.log(news.Key{}))
				p.Link += "/en" // what is no correction leaves the notice and says nothing again
				s.Set("/alpha", page("alpha", p))
				time.Sleep(time.Hour)
				r.good()
				if again := readBack(t, r.atom())[0]; strings.Contains(again.Content, want) != true || len(r.log(news.Key{})) != n {
					t.Errorf("%d records, were %d:\n%s", len(r.log(news.Key{})), n, again.Content)
				}
			}, "alpha")
		})
	}
}

// TestRestoredBeforeItWasPublished: a notice that was never published is restored, and turns out to be another entry, in
// one transaction.
func TestRestoredBeforeItWasPublished(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		notice := bridge("notice", "", "")
		notice.Title = "KILL: " + notice.Title
		s.Set("/alpha", page("alpha", bridge("a", "", "")))
		r.good("alpha")
		s.Set("/alpha", page("alpha", notice))
		r.good("alpha")
		s.Set("/bravo", page("bravo", bridge("b", "", "")))
		r.good("bravo")
		k, b := r.item("alpha", "KILL").Key, r.item("bravo", "Footbridge").Key
		if e := r.entry(k); e.State != news.Withdrawn || e.First != 0 {
			t.Fatalf("%+v: the notice was published", e)
		}
		must[news.Key](t)(r.engine.Restore(k, ""))
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
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		a, b := bridge("a", "", ""), bridge("b", "", "")
		kill := func(p feedtest.Item) feedtest.Item { p.Title = "KILL: " + p.Title; return p }
		for _, step := range []struct {
			source string
			feedtest.Item
		}{{"alpha", a}, {"bravo", b}, {"bravo", kill(b)}, {"alpha", kill(a)}, {"bravo", b}} {
			s.Set("/"+step.source, page(step.source, step.Item))
			r.good(step.source)
		}
		one, other := r.items("alpha")[0], r.items("bravo")[0]
		r.inEntry(other.Key, other.Key)
		if r.entry(one.Key).State != news.Withdrawn || r.entry(other.Key).State != news.Public || other.Withdrawn {
			t.Errorf("%+v\n%+v", r.entry(one.Key), r.entry(other.Key))
		}
		s.Set("/alpha", page("alpha", a))
		r.good("alpha")
		r.inEntry(one.Key, one.Key, other.Key)
		r.sound()
	}, "alpha", "bravo")
}
