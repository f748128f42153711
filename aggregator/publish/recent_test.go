package publish

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/aggregator/publish/page"
)

// A handler that has read before serves what a new one does, whatever was published, joined, withdrawn or forgotten meanwhile.
func TestKeptIsWhatTheStoreHas(t *testing.T) {
	t.Parallel()
	r := feedtest.Rand(t)
	o := manySources(250)
	o.Entries, o.AtLeast = 5, 2
	w := newWorld(t)
	h := New(o).Handler(w.view)
	paths := []string{"/feed.atom", "/", "/sources/s00/feed.json", "/sources/s01", "/feed.rss"}
	same := func(step string) {
		t.Helper()
		if err := h.Refresh(); err != nil {
			t.Fatal(err)
		}
		fresh := New(o).Handler(w.view)
		if err := fresh.Refresh(); err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			got, err := h.Document(path)
			if err != nil {
				t.Fatal(err)
			}
			want, err := fresh.Document(path)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want.Bytes), string(got.Bytes)); d != "" {
				t.Fatalf("%s: %s is not what a new handler has: %s", step, path, d)
			}
		}
	}
	var log []news.Key
	for step := range feedtest.Pick(60, 600) {
		log = w.change60(r, step, log)
		if r.IntN(3) > 0 {
			continue
		}
		same("a change")
	}
	w.purge("s07")
	same("a purge")
	w.expire(w.log()[:1])
	same("retention")
}

// What searches is given the store's own reader: a query needs more of it than documents do.
func TestQueriesReadTheStore(t *testing.T) {
	t.Parallel()
	o, w := options(), newWorld(t)
	asked := 0
	read := func(r Reader) {
		if _, is := r.(reading); !is {
			t.Errorf("the reader is a %T", r)
		}
		asked++
	}
	o.Find = func(r Reader, _ string) ([]news.Key, error) { read(r); return nil, nil }
	o.Explain = func(r Reader, _ string) ([]page.QueryPart, error) { read(r); return nil, nil }
	h := New(o).Handler(w.view)
	if err := h.Refresh(); err != nil {
		t.Fatal(err)
	}
	ask(h, "GET", "/search?q=rain")
	if asked != 2 {
		t.Fatalf("a search that finds nothing asks %d times", asked)
	}
}
