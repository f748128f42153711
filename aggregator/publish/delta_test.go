package publish

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
)

func TestNegotiated(t *testing.T) {
	for accept, want := range map[string]Format{
		"": Atom, "*/*": Atom, "application/*": Atom, "image/png": Atom,
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
	h := served(t, ordinary(3))
	for accept, path := range map[string]string{"*/*": "feed.atom", "application/rss+xml": "feed.rss", "application/feed+json": "feed.json"} {
		t.Run(path, func(t *testing.T) {
			got, want := ask(h, "GET", "/feed", "Accept", accept), ask(h, "GET", "/"+path)
			if got.Header.Get("Vary") != "Accept, Accept-Encoding" || got.Header.Get("Content-Location") != path || got.Header.Get("Content-Type") != want.Header.Get("Content-Type") {
				t.Errorf("%v", got.Header)
			}
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

func TestDelta(t *testing.T) {
	w := ordinary(9)
	h := served(t, w)
	etag := ask(h, "GET", "/feed.atom").Header.Get("Etag")
	etags := map[string]string{}
	paths := []string{"/feed.atom", "/feed.rss", "/feed.json", "/sources/mid/feed.atom"}
	w.publish(dated("before", day.Add(time.Hour)))
	if err := h.Refresh(); err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		etags[path] = ask(h, "GET", path).Header.Get("Etag")
	}
	w.publish(dated("first", day.Add(time.Hour)))
	w.publish(dated("second", day.Add(time.Hour)))
	if err := h.Refresh(); err != nil {
		t.Fatal(err)
	}
	for _, path := range paths {
		t.Run(path, func(t *testing.T) {
			full := ask(h, "GET", path)
			got := ask(h, "GET", path, "A-IM", "feed", "If-None-Match", etags[path])
			fields := map[string]string{}
			for _, name := range []string{"Im", "Cache-Control", "Vary", "Etag", "Content-Type"} {
				fields[name] = got.Header.Get(name)
			}
			if diff := cmp.Diff(map[string]string{
				"Im": "feed", "Cache-Control": "private", "Vary": "A-IM, If-None-Match, Accept-Encoding",
				"Etag": full.Header.Get("Etag"), "Content-Type": full.Header.Get("Content-Type"),
			}, fields); diff != "" || got.StatusCode != 226 {
				t.Errorf("status %d, fields (-want +got):\n%s", got.StatusCode, diff)
			}
			doc, err := h.Document(path)
			if err != nil {
				t.Fatal(err)
			}
			var titles []string
			for _, e := range readBack(t, &Document{Bytes: []byte(body(t, got)), MediaType: doc.MediaType}) {
				titles = append(titles, e.Title)
			}
			if len(titles) != 2 || !strings.Contains(strings.Join(titles, " "), "first") || !strings.Contains(strings.Join(titles, " "), "second") {
				t.Errorf("entries %v, want the two new ones", titles)
			}
		})
	}
	t.Run("in gzip", func(t *testing.T) {
		got := ask(h, "GET", "/feed.atom", "A-IM", "feed", "If-None-Match", etag, "Accept-Encoding", "gzip")
		text := body(t, got)
		if got.StatusCode != 226 || !strings.HasSuffix(got.Header.Get("Etag"), `-gz"`) || !strings.Contains(text, "first") || strings.Contains(text, "tonnes") {
			t.Errorf("status %d, %v", got.StatusCode, got.Header)
		}
		check(t, text, 3)
	})
	t.Run("negotiated", func(t *testing.T) {
		got := ask(h, "GET", "/feed", "A-IM", "feed", "If-None-Match", etag)
		if got.StatusCode != 226 || got.Header.Get("Vary") != "A-IM, If-None-Match, Accept, Accept-Encoding" || got.Header.Get("Content-Location") != "feed.atom" {
			t.Errorf("status %d, %v", got.StatusCode, got.Header)
		}
	})
	t.Run("the newest of several states counts", func(t *testing.T) {
		got := ask(h, "GET", "/feed.atom", "A-IM", "feed", "If-None-Match", etag+", W/"+etags["/feed.atom"])
		if text := body(t, got); got.StatusCode != 226 || strings.Contains(text, "before") {
			t.Errorf("status %d", got.StatusCode)
		}
	})
	now := ask(h, "GET", "/feed.atom").Header.Get("Etag")
	foreign := etag[:len(etag)-5] + `0000"`
	for name, tt := range map[string]struct {
		fields []string
		want   int
	}{
		"not asked for":          {[]string{"If-None-Match", etag}, 200},
		"another manipulation":   {[]string{"A-IM", "vcdiff, gzip", "If-None-Match", etag}, 200},
		"not wanted":             {[]string{"A-IM", "feed;q=0", "If-None-Match", etag}, 200},
		"among others":           {[]string{"A-IM", "vcdiff, feed", "If-None-Match", etag}, 226},
		"no state":               {[]string{"A-IM", "feed"}, 200},
		"the newest state":       {[]string{"A-IM", "feed", "If-None-Match", now}, 304},
		"of another store":       {[]string{"A-IM", "feed", "If-None-Match", foreign}, 200},
		"in the future":          {[]string{"A-IM", "feed", "If-None-Match", `"99` + etag[3:]}, 200},
		"no position":            {[]string{"A-IM", "feed", "If-None-Match", `"abc"`}, 200},
		"a date decides nothing": {[]string{"A-IM", "feed", "If-Modified-Since", "Wed, 17 May 2023 12:00:00 GMT"}, 200},
	} {
		t.Run(name, func(t *testing.T) {
			if got := ask(h, "GET", "/feed.atom", tt.fields...); got.StatusCode != tt.want {
				t.Errorf("status %d, want %d", got.StatusCode, tt.want)
			}
		})
	}
	t.Run("a page is no feed", func(t *testing.T) {
		if got := ask(h, "GET", "/", "A-IM", "feed", "If-None-Match", etag); got.StatusCode != 200 {
			t.Errorf("status %d, want 200", got.StatusCode)
		}
	})
	t.Run("a change that takes no position is told whole", func(t *testing.T) {
		k := w.log[0].Entry
		e := w.entries[k]
		e.Items = e.Items[:1]
		w.entries[k] = e
		w.touch(k)
		if err := h.Refresh(); err != nil {
			t.Fatal(err)
		}
		if got := ask(h, "GET", "/feed.atom", "A-IM", "feed", "If-None-Match", now); got.StatusCode != 200 {
			t.Errorf("status %d, want 200", got.StatusCode)
		}
	})
	t.Run("what is held back comes with every delta: it has no position", func(t *testing.T) {
		w := ordinary(9)
		w.publish(dated("before", day))
		h := served(t, w)
		path := "/sources/mid/feed.atom"
		old := ask(h, "GET", path).Header.Get("Etag")
		w.publish(dated("held", day))
		e := w.entries[w.log[len(w.log)-1].Entry]
		e.State, e.First, e.Last = news.Held, 0, 0
		w.entries[e.Key] = e
		w.log = w.log[:len(w.log)-1]
		w.publish(dated("after", day))
		if err := h.Refresh(); err != nil {
			t.Fatal(err)
		}
		got := ask(h, "GET", path, "A-IM", "feed", "If-None-Match", old)
		if text := body(t, got); got.StatusCode != 226 || !strings.Contains(text, "held") || !strings.Contains(text, "after") || strings.Contains(text, "before") {
			t.Errorf("status %d:\n%s", got.StatusCode, text)
		}
	})
	t.Run("a state from before what the feed still shows", func(t *testing.T) {
		w := numbered(100)
		h := served(t, w)
		old := ask(h, "GET", "/feed.atom").Header.Get("Etag")
		for range 201 {
			w.publish(dated("x"+time.Duration(len(w.log)).String(), day))
		}
		if err := h.Refresh(); err != nil {
			t.Fatal(err)
		}
		if got := ask(h, "GET", "/feed.atom", "A-IM", "feed", "If-None-Match", old); got.StatusCode != 200 {
			t.Errorf("status %d, want 200: records are missing in between", got.StatusCode)
		}
	})
}
