package aggregator_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// one is an item of the source alpha.
func one() feedtest.Item { return feedItems("alpha", 1, 1)[0] }

func TestRevision(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fact        string
		change      func(*feedtest.Item)
		updated     int
		significant bool
	}{
		{"nothing", func(*feedtest.Item) {}, 0, false},
		{"a word of the title", func(p *feedtest.Item) { p.Title = strings.Replace(p.Title, "reports", "confirms", 1) }, 1, true},
		{"a figure of the lead", func(p *feedtest.Item) { p.Description = strings.Replace(p.Description, "107", "207", 1) }, 1, true},
		{"case and punctuation of the title", func(p *feedtest.Item) { p.Title = strings.ToUpper(p.Title) + "!" }, 1, false},
		{"the link", func(p *feedtest.Item) { p.Link += "/en" }, 1, false},
		{"the date", func(p *feedtest.Item) { p.PubDate = "Tue, 24 Nov 2026 06:30:00 +0300" }, 1, false},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
				p := one()
				s.Set("/alpha", page("Alpha", p, feedtest.Item{GUID: "other", Title: "Something else"}))
				r.good()
				was, entry, head := r.item("alpha", "alpha"), r.entry(r.item("alpha", "alpha").Key), r.head()
				time.Sleep(time.Hour)
				c.change(&p)
				s.Set("/alpha", page("Alpha", p, feedtest.Item{GUID: "other", Title: "Something else"}))
				if v := r.good().Visits[0]; v.Updated != c.updated || v.New != 0 {
					t.Errorf("%d updated, %d new; want %d and 0", v.Updated, v.New, c.updated)
				}
				all := r.items("alpha")
				it := all[slices.IndexFunc(all, func(it news.Item) bool { return it.GUID == p.GUID })]
				same(t, "key", it.Key, was.Key)
				same(t, "revision", it.Revision, was.Revision+c.updated)
				same(t, "first seen", it.FirstSeen, was.FirstSeen)
				e := r.entry(it.Entry)
				same(t, "published", e.Published, entry.Published)
				same(t, "id of the entry", e.AtomID(), entry.AtomID())
				same(t, "first position", e.First, entry.First)
				if moved := r.head() > head; moved != c.significant || !e.Updated.Equal(entry.Updated) != c.significant {
					t.Errorf("the log moved from %d to %d, updated from %v to %v; want so: %v", head, r.head(), entry.Updated, e.Updated, c.significant)
				}
				if c.significant {
					rec := r.lastVisit()
					at := morning.Add(time.Hour)
					want := news.LogRecord{Pos: rec.Pos, Entry: it.Entry, Kind: news.RecordUpdated, Revision: it.Revision, At: at, Updated: at}
					same(t, "the last record", rec, want)
					same(t, "updated", e.Updated, at)
				}
				r.sound()
			}, "alpha")
		})
	}
}

// TestAlias: L2. The item stays one item under any name, and its feed entry keeps its id.
func TestAlias(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		fact   string
		change func(*feedtest.Item)
	}{
		{"same address", func(p *feedtest.Item) { p.GUID, p.Title = "renumbered", p.Title+", corrected" }},
		{"same title and minute", func(p *feedtest.Item) { p.GUID, p.Link = "renumbered", "https://moved.example/1" }},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
				p := one()
				s.Set("/alpha", page("Alpha", p))
				r.good()
				id := readBack(t, r.atom())[0].GUID
				old := p.GUID
				c.change(&p)
				s.Set("/alpha", page("Alpha", p))
				if v := r.good().Visits[0]; v.New != 0 {
					t.Errorf("%d new", v.New)
				}
				it := r.items("alpha")
				if len(it) != 1 || it[0].GUID != old || !slices.Contains(it[0].Aliases, "renumbered") {
					t.Fatalf("%d items, %q also %q", len(it), it[0].GUID, it[0].Aliases)
				}
				feed := readBack(t, r.atom())
				if len(feed) != 1 || feed[0].GUID != id {
					t.Errorf("%d entries, id %q, was %q", len(feed), feed[0].GUID, id)
				}
				s.Set("/alpha", page("Alpha", p, feedtest.Item{GUID: "x", Title: "Something else"}))
				if v := r.good().Visits[0]; v.New != 1 || v.Updated != 0 {
					t.Errorf("under its new name: %d new, %d updated", v.New, v.Updated)
				}
				r.sound()
			}, "alpha")
		})
	}
}

// TestShownTwice: an item that its document shows twice is one, also where it was edited at the same time.
func TestShownTwice(t *testing.T) {
	t.Parallel()
	for fact, edit := range map[string]func(*feedtest.Item){
		"as it was": func(*feedtest.Item) {},
		"its text":  func(p *feedtest.Item) { p.Description += " More of it." },
		"its title": func(p *feedtest.Item) { p.Title += ", corrected" },
		"its date":  func(p *feedtest.Item) { p.PubDate = "" },
		"all of them": func(p *feedtest.Item) {
			p.Title, p.Description, p.PubDate = p.Title+", corrected", p.Description+" More of it.", ""
		},
	} {
		t.Run(fact, func(t *testing.T) {
			t.Parallel()
			bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
				p := one()
				s.Set("/alpha", page("Alpha", p))
				r.good()
				edit(&p)
				s.Set("/alpha", page("Alpha", p, p))
				r.good()
				s.Set("/alpha", page("Alpha", p))
				r.good()
				all := r.items("alpha")
				if len(all) != 1 {
					t.Fatalf("%d items, want 1", len(all))
				}
				if all[0].Title != p.Title || !strings.Contains(all[0].Content+all[0].Summary, p.Description) {
					t.Errorf("%q %q, want the text shown last", all[0].Title, all[0].Summary)
				}
				r.sound()
			}, "alpha")
		})
	}
}

// TestSharedGuid: an item under the guid of one that is in the document unchanged is news, and each is revised by
// what is its own.
func TestSharedGuid(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		a, b := feedItems("alpha", 1, 1)[0], feedItems("alpha", 2, 1)[0]
		b.GUID = a.GUID
		s.Set("/alpha", page("Alpha", a))
		r.good()
		s.Set("/alpha", page("Alpha", b, a))
		if v := r.good().Visits[0]; v.New != 1 {
			t.Errorf("%d new, want 1", v.New)
		}
		b.Title += ", corrected"
		s.Set("/alpha", page("Alpha", b))
		if v := r.good().Visits[0]; v.New != 0 || v.Updated != 1 {
			t.Errorf("%d new, %d updated; want 0 and 1", v.New, v.Updated)
		}
		var titles []string
		for _, it := range r.items("alpha") {
			titles = append(titles, it.Title)
		}
		if d := cmp.Diff([]string{a.Title, b.Title}, titles); d != "" {
			t.Error(d)
		}
		r.sound()
	}, "alpha")
}

// TestSharedLink: an item under the link of one that is in the document unchanged does not join what other
// sources have under that link.
func TestSharedLink(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		a, b, c := feedItems("alpha", 1, 1)[0], feedItems("alpha", 2, 1)[0], feedItems("bravo", 1, 1)[0]
		b.Link, c.Link = a.Link, a.Link
		s.Set("/alpha", page("Alpha", a))
		s.Set("/bravo", page("Bravo", c))
		r.good()
		s.Set("/alpha", page("Alpha", b, a))
		r.good("alpha")
		if d := cmp.Diff("alpha-1+bravo-1\nalpha-2", r.grouping()); d != "" {
			t.Error(d)
		}
		r.sound()
	}, "alpha", "bravo")
}

// TestJoin: L3. One entry, both sources credited in it; a new carrier is no news.
func TestJoin(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		p := one()
		s.Set("/alpha", page("Alpha", p))
		r.good("alpha")
		head := r.head()
		time.Sleep(time.Minute)
		p.GUID, p.Link = "at-bravo", strings.Replace(p.Link, "https://", "http://www.", 1)+"/?utm_source=bravo"
		s.Set("/bravo", page("Bravo", p))
		if v := r.good("bravo").Visits[0]; v.New != 0 || v.Joined != 1 {
			t.Errorf("%d new, %d joined", v.New, v.Joined)
		}
		it := r.items("bravo")[0]
		first := r.items("alpha")[0]
		r.inEntry(first.Key, first.Key, it.Key)
		same(t, "evidence", grounds(it.Join), news.Join{Level: "L3", Rule: "address", With: first.Key})
		same(t, "when it joined", it.Join.At, morning.Add(time.Minute))
		if r.head() != head {
			t.Error("a new carrier took a position of the log")
		}
		feed := readBack(t, r.atom())
		if len(feed) != 1 {
			t.Fatalf("%d entries", len(feed))
		}
		if d := cmp.Diff([]string{"alpha", "bravo"}, credited(feed)[feed[0].GUID]); d != "" {
			t.Error(d)
		}
		r.sound()
	}, "alpha", "bravo")
}

// TestLogOrder: the first item of a document is its newest and takes the last position, so that a feed which has no
// room for all of them leaves out the oldest.
func TestLogOrder(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		s.Set("/alpha", page("Alpha", feedItems("alpha", 1, 2)...))
		r.good()
		s.Set("/alpha", page("Alpha", feedItems("alpha", 1, 5)...))
		r.good()
		if d := cmp.Diff([]string{"alpha-1", "alpha-2", "alpha-3", "alpha-4", "alpha-5"}, r.published()); d != "" {
			t.Error(d)
		}
	}, "alpha")
}
