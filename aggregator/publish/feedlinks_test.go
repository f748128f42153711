package publish

import (
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/page"
)

// TestFormatsOfPages: pages link a feed in the formats that it is served in.
func TestFormatsOfPages(t *testing.T) {
	t.Parallel()
	var linked []Format
	for _, f := range (page.FeedLink{}).Formats() {
		linked = append(linked, Format(strings.TrimPrefix(f.Ending, ".")))
	}
	if diff := cmp.Diff(FeedFormats(), linked); diff != "" {
		t.Errorf("-served +linked\n%s", diff)
	}
}

// TestFeedsOfPages: every feed that a page names is there.
func TestFeedsOfPages(t *testing.T) {
	w := ordinary(t, 120)
	var fails error
	states := []page.SourceState{{ID: "belta", State: "ok"}}
	h := searched(t, w, func(o *Options) {
		o.Topics = map[string]string{"russia": "Russia & neighbours", "empty": ""}
		o.States = func() ([]page.SourceState, error) { return states, fails }
		o.Sources = append(o.Sources, news.Source{ID: "off", Name: "Switched off", URL: "https://off.example/rss"})
		for i := range o.Sources[:4] {
			o.Sources[i].Enabled = true
		}
	})
	link := regexp.MustCompile(`<(?:a|link)\b[^>]* href="([^"#:]+)"`)
	for page, want := range map[string][]string{
		"/": {
			`type="application/rss+xml" title="Agency wire (RSS)" href="feed.rss"`,
			`type="application/feed+json" title="Agency wire (JSON Feed)" href="feed.json"`,
			`<li class="source"><a href="sources/belta"><bdi lang="en">BelTA</bdi></a> <time datetime="2023-05-17T12:45:00Z">12:45</time></li>`,
			`<li class="source quiet"><a href="sources/mid"><bdi lang="en">Russian MFA</bdi></a></li>`,
			`<a href="languages/ru"><bdi lang="ru">русский</bdi></a>`,
			`<a href="topics/russia"><bdi>Russia &amp; neighbours</bdi></a>`,
			`<a href="topics/belarus"><bdi>belarus</bdi></a>`, `<a href="?before=72" rel="next">Older news</a>`,
			`<link rel="next" href="?before=72">`,
		},
		"/archive/0.html": {`<h1><bdi>Archive, page 0</bdi></h1>`, `<link rel="canonical" href="https://wire.example/archive/0.html">`,
			`href="../feed.atom"`, `<a href="../entries/` + w.log()[0].Entry.String()},
		"/sources":                              {`<a href="sources/belta/feed.json" aria-label="BelTA, JSON Feed">JSON</a>`},
		"/search?q=x":                           {`Subscribe to this search: <a href="search.atom?q=x"`},
		"/entries/" + w.log()[0].Entry.String(): {`href="../feed.json"`},
	} {
		t.Run(page, func(t *testing.T) {
			text := checkPage(t, ask(h, "GET", page))
			for _, want := range want {
				if !strings.Contains(text, want) {
					t.Errorf("no %s in the page", want)
				}
			}
			if strings.Contains(text, "Switched off") {
				t.Error("a source that is not asked has a feed")
			}
			at, err := url.Parse("https://wire.example" + page)
			if err != nil {
				t.Fatal(err)
			}
			links := link.FindAllStringSubmatch(text, -1)
			if len(links) < 5 {
				t.Fatalf("%d links", len(links))
			}
			for _, m := range links {
				to, err := at.Parse(html.UnescapeString(m[1]))
				if err != nil {
					t.Fatal(err)
				}
				if got := ask(h, "GET", to.RequestURI()); got.StatusCode != 200 {
					t.Errorf("status %d of %s", got.StatusCode, to)
				}
			}
		})
	}
	for _, page := range []string{"/archive/1.html", "/archive/x.html", "/archive/00.html"} {
		if got := ask(h, "GET", page); got.StatusCode != 404 {
			t.Errorf("%s: status %d, want 404", page, got.StatusCode)
		}
	}
}

// TestManySources: the page of the wire does not become a list of thousands.
func TestManySources(t *testing.T) {
	o := options()
	o.Sources = nil
	for i := range 51 {
		o.Sources = append(o.Sources, news.Source{ID: fmt.Sprint("s", i), Name: "Source", URL: "https://s.example/rss", Language: "en",
			Enabled: true})
	}
	w := newWorld(t)
	p := New(o)
	doc, err := frontDocument(call{p: p, r: w, g: &generation{p: p}})
	if err != nil {
		t.Fatal(err)
	}
	text := string(doc.Bytes)
	if n := strings.Count(text, `<li class="source`); n != 30 || !strings.Contains(text, `<a href="subscribe">All of them</a>`) ||
		!strings.Contains(text, `href="languages/en"`) {
		t.Errorf("the rail has %d sources, or not all of it is there:\n%s", n, text)
	}
}
