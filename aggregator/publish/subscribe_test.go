package publish

import (
	"bytes"
	"html"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/opml"
)

// TestSubscribe: every page leads to the page of subscriptions. That and the list for readers name the same feeds, each of which is there
// and calls itself by that address.
func TestSubscribe(t *testing.T) {
	t.Parallel()
	w := ordinary(t, 3)
	h := searched(t, w, func(o *Options) {
		for i := range o.Sources {
			o.Sources[i].Enabled = o.Sources[i].ID != "mid"
		}
	})
	for page, link := range map[string]string{
		"/": "subscribe", "/search": "subscribe", "/subscribe": "subscribe", "/entries/" + w.log()[0].Entry.String(): "../subscribe",
	} {
		if got := checkPage(t, ask(h, "GET", page)); !strings.Contains(got, `<li><a href="`+link+`"`) ||
			strings.Contains(got, `<li><a href="feed.atom"`) {
			t.Errorf("%s does not lead to the page of subscriptions, or leads to XML", page)
		}
	}
	named := []string{}
	for _, m := range regexp.MustCompile(`<code>(.*?)</code>`).FindAllStringSubmatch(body(t, ask(h, "GET", "/subscribe")), -1) {
		named = append(named, strings.TrimPrefix(html.UnescapeString(m[1]), "https://wire.example"))
	}
	feeds := slices.DeleteFunc(slices.Clone(named), func(s string) bool { return strings.HasSuffix(s, ".opml") })
	want := []string{
		"/feed.atom", "/changes.atom", "/sources/belta/feed.atom", "/sources/tass/feed.atom", "/sources/tass-ru/feed.atom",
		"/languages/en/feed.atom",
		"/languages/ru/feed.atom", "/topics/belarus/feed.atom", "/topics/russia/feed.atom",
	}
	if diff := cmp.Diff(append(want, "/feeds.opml", "/sources.opml"), named); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := body(t, ask(h, "GET", "/subscribe")); !strings.Contains(got,
		`<a href="./sources/belta/changes.atom" aria-label="BelTA, corrections">`) {
		t.Error("the page does not name the corrections of a source")
	}
	for _, path := range feeds {
		if got := body(t, ask(h, "GET", path)); !strings.Contains(got, `<link rel="self" type="application/atom+xml" href="https://wire.example`+
			path+`"`) {
			t.Errorf("%s is no feed at that address", path)
		}
	}
	list, err := opml.Read([]byte(body(t, ask(h, "GET", "/feeds.opml"))))
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]string{}
	for _, f := range list.Feeds {
		listed[strings.TrimPrefix(f.URL, "https://wire.example")] = f.Title
	}
	if got := slices.Sorted(maps.Keys(listed)); !slices.Equal(got, slices.Sorted(slices.Values(feeds))) {
		t.Errorf("the list has %q", got)
	}
	if listed["/feed.atom"] != "Agency wire" || listed["/topics/russia/feed.atom"] != "Agency wire: Russia & neighbours" {
		t.Errorf("titles %q", listed)
	}
}

// TestSubscribeInFiles: among files the page has an ending, and pages lead to that.
func TestSubscribeInFiles(t *testing.T) {
	t.Parallel()
	w := ordinary(t, 0)
	seen := 0
	w.snapshot(func(r Reader) {
		for f, err := range New(options()).Site(r) {
			if err != nil {
				t.Fatal(err)
			}
			switch f.Name {
			case "subscribe.html", "feeds.opml", "favicon.svg", "favicon.ico":
				seen++
			case "index.html":
				if !bytes.Contains(f.Bytes, []byte(`<a href="subscribe.html"`)) {
					t.Error("the front page does not lead to it")
				}
			}
		}
	})
	if seen != 4 {
		t.Errorf("%d of 4 files", seen)
	}
}
