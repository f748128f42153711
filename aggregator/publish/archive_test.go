package publish

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// numberedEntries is a wire of n pieces called 1, 2, 3 …
func numberedEntries(tb testing.TB, n int) *world {
	tb.Helper()
	w := newWorld(tb)
	var all []news.Item
	for i := range n {
		all = append(all, dated(strconv.Itoa(i+1), day.Add(time.Duration(i)*time.Second)))
	}
	w.publishEach(all...)
	return w
}

// revise makes the next revision of an entry's representative, and records it if the change is significant.
func (w *world) revise(k news.Key, title string, at time.Time, significant bool) {
	w.tb.Helper()
	it := w.item(k)
	it.Revision++
	it.Title, it.Revised = title, at
	w.put(it)
	if significant {
		w.change(w.entry(k), news.RecordUpdated, at)
	}
}

func links(f readFeed) map[string]string {
	all := make(map[string]string)
	for _, l := range f.Links {
		all[l.Rel] = l.Href
	}
	return all
}

func TestArchive(t *testing.T) {
	w := numberedEntries(t, 250)
	k := w.log()[120].Entry // on page 1
	w.revise(k, "revised", day.Add(time.Hour), true)
	o := options()
	o.Hub = "https://wire.example/hub"
	h := New(o).Handler(w.view)
	if err := h.Refresh(); err != nil {
		t.Fatal(err)
	}
	get := func(path string) readFeed {
		t.Helper()
		got := ask(h, "GET", path)
		if got.StatusCode != 200 {
			t.Fatalf("%s: status %d", path, got.StatusCode)
		}
		return parse(t, body(t, got))
	}
	t.Run("links", func(t *testing.T) {
		const base = "https://wire.example/"
		for path, want := range map[string]map[string]string{
			"/feed.atom": {"self": base + "feed.atom", "alternate": base, "hub": o.Hub, "prev-archive": base + "archive/1.atom"},
			"/archive/1.atom": {"self": base + "archive/1.atom", "alternate": base, "current": base + "feed.atom",
				"prev-archive": base + "archive/0.atom"},
			"/archive/0.atom": {"self": base + "archive/0.atom", "alternate": base, "current": base + "feed.atom"},
		} {
			if diff := cmp.Diff(want, links(get(path))); diff != "" {
				t.Errorf("%s (-want +got):\n%s", path, diff)
			}
		}
		if got := links(get("/sources/mid/feed.atom")); got["prev-archive"] != "" {
			t.Errorf("the feed of a source leads to %s, which is not its own", got["prev-archive"])
		}
		if got := body(t, ask(h, "GET", "/archive/1.json")); !strings.Contains(got, `"next_url":"https://wire.example/archive/0.json"`) ||
			strings.Contains(got, `"hubs"`) {
			t.Error("no next_url, or a hub that delivers no archives")
		}
	})
	t.Run("fields", func(t *testing.T) {
		got := ask(h, "GET", "/archive/1.atom")
		if got.Header.Get("Cache-Control") != "public, max-age=3600" || !strings.HasPrefix(got.Header.Get("Etag"), `"200.`) {
			t.Errorf("%v", got.Header)
		}
	})
	t.Run("a page is its records, whatever comes later", func(t *testing.T) {
		before := body(t, ask(h, "GET", "/archive/0.atom"))
		f := parse(t, before)
		if len(f.Entries) != 100 || f.Entries[0].Title[0].Text != "100" || f.Entries[99].Title[0].Text != "1" {
			t.Errorf("%d entries, first %v, last %v", len(f.Entries), f.Entries[0].Title, f.Entries[99].Title)
		}
		if f.ID[0] != w.FeedID() {
			t.Errorf("id %s", f.ID[0])
		}
		check(t, before, 100)
		var more []news.Item
		for i := range 60 {
			more = append(more, dated(fmt.Sprint("more ", i), day))
		}
		w.publishEach(more...)
		if err := h.Refresh(); err != nil {
			t.Fatal(err)
		}
		if body(t, ask(h, "GET", "/archive/0.atom")) != before {
			t.Error("the page changed")
		}
	})
	t.Run("each record in the revision that it names", func(t *testing.T) {
		old, now := get("/archive/1.atom"), get("/archive/2.atom")
		find := func(f readFeed) readEntry {
			for _, e := range f.Entries {
				if e.ID[0] == w.entry(k).AtomID() {
					return e
				}
			}
			t.Fatal("the entry is not there")
			return readEntry{}
		}
		was, is := find(old), find(now)
		feedtest.Same(t, "title before", was.Title[0].Text, "121")
		feedtest.Same(t, "title after", is.Title[0].Text, "revised")
		if was.Updated[0] >= is.Updated[0] {
			t.Errorf("%s of %s, then %s of %s", was.Title[0].Text, was.Updated[0], is.Title[0].Text, is.Updated[0])
		}
	})
	t.Run("a withdrawn entry is its notice on every page", func(t *testing.T) {
		e := w.entry(k)
		e.State = news.Withdrawn
		w.change(e, news.RecordWithdrawn, day.Add(2*time.Hour))
		if err := h.Refresh(); err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/archive/1.atom", "/archive/2.atom", "/archive/1.json", "/feed.atom"} {
			text := body(t, ask(h, "GET", path))
			if strings.Contains(text, "revised") || strings.Contains(text, ">121<") || !strings.Contains(text, "Withdrawn") {
				t.Errorf("%s still tells it", path)
			}
		}
	})
	t.Run("what is not closed is not there", func(t *testing.T) {
		for _, path := range []string{"/archive/3.atom", "/archive/1.rss", "/archive/1.opml", "/archive/01.atom",
			"/archive/99999999999999999999.atom"} {
			if got := ask(h, "GET", path); got.StatusCode != 404 {
				t.Errorf("%s: status %d, want 404", path, got.StatusCode)
			}
		}
	})
	t.Run("what was dropped is not linked", func(t *testing.T) {
		w := numberedEntries(t, 250)
		w.expire(w.log()[:100])
		if _, err := New(options()).Archive(w, 0, Atom); !errors.Is(err, ErrListing) {
			t.Errorf("error %v, want %v", err, ErrListing)
		}
		doc, err := New(options()).Archive(w, 1, Atom)
		if err != nil || strings.Contains(string(doc.Bytes), "prev-archive") {
			t.Errorf("the oldest page leads further, %v", err)
		}
	})
}

// subscriber keeps what a feed reader keeps: of each id the newest that it has read.
type subscriber struct {
	entries map[string]readEntry
	seen    string // the last archive page that it has read all of
}

// poll reads the current document, and follows the archives back to where it was last.
func (s *subscriber) poll(t *testing.T, h *Handler) {
	t.Helper()
	newest := ""
	for path := "/feed.atom"; path != ""; {
		doc, err := h.Document(path)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		f := parse(t, string(doc.Bytes))
		for _, e := range f.Entries {
			if old, ok := s.entries[e.ID[0]]; !ok || instant(t, old).Before(instant(t, e)) {
				s.entries[e.ID[0]] = e
			}
		}
		path = strings.TrimPrefix(links(f)["prev-archive"], "https://wire.example")
		if newest == "" {
			newest = path
		}
		if path == s.seen {
			break
		}
	}
	s.seen = newest
}

func instant(t *testing.T, e readEntry) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339Nano, e.Updated[0])
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// TestSubscriberLosesNothing lets subscribers poll now and then, or be away for long, while pieces are published, edited,
// withdrawn, restored and held: two wires of sixty steps, in the long form 40 of a hundred. In the end each has every entry as it is.
func TestSubscriberLosesNothing(t *testing.T) {
	first := feedtest.Seed(t, 1)
	for seed := first; seed < first+feedtest.Pick[uint64](2, 40); seed++ {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(seed, 0))
			w := newWorld(t)
			o := options()
			o.Entries = 1 + random.IntN(40)
			h := New(o).Handler(w.view)
			subscribers := []*subscriber{}
			for range 4 {
				subscribers = append(subscribers, &subscriber{entries: map[string]readEntry{}})
			}
			at := day
			for step := range feedtest.Pick(60, 100) {
				for range 1 + random.IntN(4) {
					at = at.Add(time.Duration(1+random.IntN(600)) * time.Second)
					w.changeAtRandom(random, at, step)
				}
				if err := h.Refresh(); err != nil {
					t.Fatal(err)
				}
				for i, s := range subscribers {
					if random.IntN(1+i*i*30) == 0 { // the first at every version, the last at the end, and seldom before
						s.poll(t, h)
					}
				}
			}
			for i, s := range subscribers {
				s.poll(t, h)
				for k, e := range w.entries() {
					if e.State == news.Held {
						if _, there := s.entries[e.AtomID()]; there {
							t.Errorf("subscriber %d has what was held", i)
						}
						continue
					}
					want := w.item(k).Title
					if e.State == news.Withdrawn {
						want = "Withdrawn"
					}
					if got, there := s.entries[e.AtomID()]; !there || got.Title[0].Text != want {
						t.Fatalf("subscriber %d: %v of %d records: %v, want %q", i, e.AtomID(), w.Head(), got.Title, want)
					}
				}
			}
		})
	}
}

// changeAtRandom does one thing to the wire.
func (w *world) changeAtRandom(random *rand.Rand, at time.Time, step int) {
	if head := w.Head(); head > 0 && random.IntN(3) == 0 {
		e := w.entry(w.appendLog(1 + random.Uint64N(head)).Entry)
		switch {
		case e.State == news.Withdrawn:
			e.State = news.Public
			w.change(e, news.RecordRestored, at)
		case random.IntN(4) == 0:
			e.State = news.Withdrawn
			w.change(e, news.RecordWithdrawn, at)
		default:
			w.revise(e.Key, fmt.Sprint("edited in step ", step), at, true)
		}
		return
	}
	it := dated(fmt.Sprint("piece ", step, at), at.Add(-time.Duration(random.IntN(1000))*time.Hour))
	it.FirstSeen = at
	if random.IntN(5) == 0 {
		w.putHeld(it)
	} else {
		w.publish(it)
	}
}
