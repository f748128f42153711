package publish

import (
	"errors"
	"testing"
)

func TestTopic(t *testing.T) {
	w := ordinary(t, 3)
	o := options()
	h := New(o).Handler(w.view)
	if _, err := h.Topic("/feed.atom"); !errors.Is(err, ErrNotReady) {
		t.Errorf("before the first refresh: %v", err)
	}
	if err := h.Refresh(); err != nil {
		t.Fatal(err)
	}
	source := "/sources/" + o.Sources[0].ID
	for _, address := range []string{"/feed.atom", "/feed.rss", "/feed.json", source + "/feed.atom", source + "/feed.json"} {
		t.Run(address, func(t *testing.T) {
			doc, err := h.Topic(address)
			if err != nil {
				t.Fatal(err)
			}
			if got := ask(h, "GET", address); body(t, got) != string(doc.Bytes) || got.Header.Get("Content-Type") != doc.ContentType() {
				t.Error("it is not what a GET brings")
			}
		})
	}
	for _, address := range []string{
		"", "/", "/feed", "feed.atom", "/feed.%61tom", "/feed.atom?a=b", "/feed.atom#f", "//feed.atom", "/feed.opml", "/sources", "/sources.opml",
		"/sources/none/feed.atom", source + "/feed.html", "/archive/0.atom", "/robots.txt", "/entries/" + w.log()[0].Entry.String(),
		"/search.atom", "/search.atom?q=", "%",
	} {
		t.Run("no "+address, func(t *testing.T) {
			if _, err := h.Topic(address); !errors.Is(err, ErrNotFound) {
				t.Errorf("error %v", err)
			}
		})
	}
}
