package publish

import (
	"errors"
	"fmt"
	"testing"
)

// TestRoute: a path leads to the one route that it fits, whole; one that ServeMux would redirect leads nowhere.
func TestRoute(t *testing.T) {
	t.Parallel()
	h := New(options()).Handler(nil)
	for path, want := range map[string]string{
		"/": "/", "/feed": "/feed", "/feed.atom": "/feed.atom", "/entries/a": "/entries/{}", "/sources/a/feed.atom": "/sources/{}/feed.atom",
		"/sources": "/sources", "/sources.opml": "/sources.opml", "/archive/1.json": "/archive/{}", "/entries/ a": "/entries/{}",
		"/entries/a%2Fb": "/entries/{}",
		"":               "", "feed.atom": "", "*": "", "//": "", "//feed.atom": "", "/./feed.atom": "", "/entries/../feed.atom": "",
		"/feed.atom/": "",
		"/entries/":   "", "/entries": "", "/entries/a/": "", "/entries/a/b": "", "/sources//feed.atom": "", "/sources/a/feed.none": "",
		"/sources/../feed.atom": "", "/nothing": "",
	} {
		if got := h.Route(path); got != want {
			t.Errorf("Route(%q) = %q, want %q", path, got, want)
		}
	}
}

// TestNowhere: an address that leads nowhere is refused as not there, by every method.
func TestNowhere(t *testing.T) {
	t.Parallel()
	h := served(t, newWorld(t))
	for _, path := range []string{"//feed.atom", "/feed.atom/", "/a/../feed.atom", "/entries/a%2Fb", "/topics/a%2Fb/feed.atom"} {
		for _, method := range []string{"GET", "POST", "OPTIONS", "CONNECT"} {
			if got := ask(h, method, path); got.StatusCode != 404 {
				t.Errorf("%s %s: status %d, want 404", method, path, got.StatusCode)
			}
		}
	}
}

func TestDocument(t *testing.T) {
	w := ordinary(t, 3)
	h := New(options()).Handler(w.view)
	if _, err := h.Document("/feed.atom"); !errors.Is(err, ErrNotReady) {
		t.Errorf("before the first refresh: %v, want %v", err, ErrNotReady)
	}
	if err := h.Refresh(); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/feed.atom", "/", "/entries/" + w.log()[0].Entry.String()} {
		t.Run(path, func(t *testing.T) {
			doc, err := h.Document(path)
			if err != nil {
				t.Fatal(err)
			}
			got := ask(h, "GET", path)
			if body(t, got) != string(doc.Bytes) || got.Header.Get("Content-Type") != doc.MediaType+"; charset=utf-8" {
				t.Errorf("a GET brings another document, of type %s", got.Header.Get("Content-Type"))
			}
		})
	}
	for _, path := range []string{"/nothing", "/healthz", "/entries/x", "feed.atom", ""} {
		t.Run("no "+path, func(t *testing.T) {
			if _, err := h.Document(path); !errors.Is(err, ErrNotFound) {
				t.Errorf("error %v, want %v", err, ErrNotFound)
			}
		})
	}
}

func TestLRU(t *testing.T) {
	c := newLRU[string, int](10)
	c.put("a", 1, 4)
	c.put("b", 2, 4)
	c.get("a")
	c.put("c", 3, 4) // one too many: b was used longest ago
	if got := fmt.Sprint(c.get("a"), c.get("b"), c.get("c"), c.total); got != "1 0 3 8" {
		t.Errorf("kept %s, want 1 0 3 8", got)
	}
	c.put("a", 4, 2)
	if got := fmt.Sprint(c.get("a"), c.get("c"), c.total); got != "4 3 6" {
		t.Errorf("kept %s, want 4 3 6", got)
	}
	c.put("big", 5, 100)
	if got := fmt.Sprint(c.get("a"), c.get("c"), c.get("big"), c.total); got != "0 0 5 100" {
		t.Errorf("kept %s, want 0 0 5 100: what was put last stays", got)
	}
}

// TestKeptDocuments asks for more documents than are kept.
func TestKeptDocuments(t *testing.T) {
	w := ordinary(t, 30)
	h := served(t, w)
	h.documents.entries.bound = 40 << 10 // a few pages of entries
	path := func(i int) string { return "/entries/" + w.log()[i].Entry.String() }
	for i := range w.log() {
		if got := ask(h, "GET", path(i)); got.StatusCode != 200 {
			t.Fatalf("%s: status %d", path(i), got.StatusCode)
		}
	}
	if n := h.documents.entries.order.Len(); n == 0 || n >= len(w.log()) {
		t.Errorf("%d documents are kept of %d", n, len(w.log()))
	}
	w.read.Store(0)
	last := path(len(w.log()) - 1)
	ask(h, "GET", last)
	if w.read.Load() != 0 {
		t.Error("a document that is kept was rendered again")
	}
	if ask(h, "GET", path(1)); w.read.Load() == 0 {
		t.Error("a document that is not kept was not rendered")
	}
	w.read.Store(0)
	if err := h.Refresh(); err != nil {
		t.Fatal(err)
	}
	if ask(h, "GET", last); w.read.Load() == 0 {
		t.Error("a document was not rendered again after a refresh")
	}
}
