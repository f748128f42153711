package publish

import (
	"net/http"
	"strings"
	"testing"

	"dateline/aggregator/internal/feedtest"
)

func TestNegotiated(t *testing.T) {
	for accept, want := range map[string]Format{
		"": Atom, "*/*": Atom, "application/*": Atom, "image/png": Atom,
		"application/atom+xml;q=0, application/*": RSS, "application/json;q=0.1, application/*;q=0.5, text/*": Atom,
		"text/*, application/rss+xml;q=0.5": Atom, "text/*;q=0.4, application/rss+xml;q=0.5": RSS, "image/*, application/json;q=0.1": JSON,
		"application/rss+xml":                                                        RSS,
		"application/feed+json, */*;q=0.1":                                           JSON,
		"application/json":                                                           JSON,
		"application/rss+xml;q=0.5, application/json":                                JSON,
		"application/rss+xml, application/feed+json":                                 RSS,
		"application/rss+xml;q=0, */*":                                               Atom,
		"application/rss+xml;q=x, text/xml;q=0.2":                                    Atom,
		"application/rss+xml;q=0.2,*/*;q=0.9":                                        Atom,
		"APPLICATION/RSS+XML ; q=1.0":                                                RSS,
		"application/atom+xml;q=0, */*":                                              RSS,
		"*/*, application/atom+xml;q=0.2":                                            RSS,
		"application/atom+xml;q=0.2, application/rss+xml;q=0, */*;q=0.1":             Atom,
		"application/rss+xml;q=2, application/json;q=0.1":                            JSON,
		"text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8": Atom, // a browser
	} {
		t.Run(accept, func(t *testing.T) {
			if got := negotiated(http.Header{"Accept": {accept}}); got != want {
				t.Errorf("%s, want %s", got, want)
			}
		})
	}
}

func TestFeedIsNegotiated(t *testing.T) {
	h := served(t, ordinary(t, 3))
	for accept, path := range map[string]string{"*/*": "feed.atom", "application/rss+xml": "feed.rss", "application/feed+json": "feed.json"} {
		t.Run(path, func(t *testing.T) {
			got, want := ask(h, "GET", "/feed", "Accept", accept), ask(h, "GET", "/"+path)
			feedtest.Same(t, "Vary", got.Header.Get("Vary"), "Accept, Accept-Encoding")
			feedtest.Same(t, "Content-Location", got.Header.Get("Content-Location"), path)
			feedtest.Same(t, "Content-Type", got.Header.Get("Content-Type"), want.Header.Get("Content-Type"))
			if body(t, got) != body(t, want) {
				t.Error("another document")
			}
			same := ask(h, "GET", "/feed", "Accept", accept, "If-None-Match", want.Header.Get("Etag"))
			if same.StatusCode != 304 || same.Header.Get("Vary") != "Accept, Accept-Encoding" {
				t.Errorf("validator sent back: status %d, %v", same.StatusCode, same.Header)
			}
		})
	}
}

// TestManyWishes: a client may name as many types as it likes, and only the first ones cost something.
func TestManyWishes(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]Format{maxWishes - 1: JSON, maxWishes: Atom} {
		if got := negotiated(http.Header{"Accept": {strings.Repeat("a/b,", n) + "application/json"}}); got != want {
			t.Errorf("behind %d others: %s, want %s", n, got, want)
		}
	}
}

// FuzzFields reads fields that a client may send: none panics, and an entity tag that is found is in the field.
func FuzzFields(f *testing.F) {
	f.Add(`"a", W/"b"`, "application/rss+xml;q=0.5, */*", "gzip;q=0.5, *")
	f.Add(`*`, ";q=,;q=2", "x-gzip;;q")
	f.Fuzz(func(t *testing.T, tags, accept, encoding string) {
		for tag := range entityTags(tags) {
			if len(tag) < 2 || !strings.Contains(tags, tag) {
				t.Errorf("%q of %q", tag, tags)
			}
		}
		negotiated(http.Header{"Accept": {accept}})
		acceptsGzip(http.Header{"Accept-Encoding": {encoding}})
	})
}
