package parse

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFeedLinks(t *testing.T) {
	const page = "https://a.example/news/index.html"
	for _, c := range []struct {
		name, html string
		want       []FeedLink
	}{
		{"a feed", `<link rel="alternate" type="application/rss+xml" title="All &amp; more" href="/rss">`,
			[]FeedLink{{URL: "https://a.example/rss", Title: "All & more", Type: "application/rss+xml"}}},
		{"any case, and in the body", `<body><LINK REL="Alternate Home" TYPE="Application/Atom+XML; charset=utf-8" HREF=atom.xml>`,
			[]FeedLink{{URL: "https://a.example/news/atom.xml", Type: "application/atom+xml; charset=utf-8"}}},
		{"a base", `<base href="https://b.example/x/"><link rel=alternate type=application/feed+json href=f.json>`,
			[]FeedLink{{URL: "https://b.example/x/f.json", Type: "application/feed+json"}}},
		{"one feed once", `<link rel=alternate type=text/xml href=/f><link rel=alternate type=application/rss+xml href=/f>`,
			[]FeedLink{{URL: "https://a.example/f", Type: "text/xml"}}},
		{"a list of feeds", `<link rel=outline href=/feeds.opml>`, []FeedLink{{URL: "https://a.example/feeds.opml"}}},
		{"other languages and style sheets are none",
			`<link rel=alternate hreflang=ru href=/ru><link rel=stylesheet href=/c.css><link rel=alternate type=text/html href=/m>`, nil},
		{"no address that we read", `<link rel=alternate type=application/rss+xml href="javascript:alert(1)"><link rel=alternate type=application/rss+xml href="ftp://a/">`, nil},
		{"what stands in a comment or a script", `<!-- <link rel=feed href=/a> --><script>"<link rel=feed href=/b>"</script>`, nil},
		{"no page", "\x00\xff<", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, FeedLinks([]byte(c.html), Options{Document: page, ContentType: "text/html; charset=utf-8"})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// FuzzFeedLinks demands that every link found is an absolute http address, each once.
func FuzzFeedLinks(f *testing.F) {
	f.Add([]byte(`<base href="//x"><link rel="alternate feed" type="text/xml" href="?a">`))
	f.Fuzz(func(t *testing.T, page []byte) {
		seen := map[string]bool{}
		for _, l := range FeedLinks(page, Options{Document: "https://a.example/"}) {
			u, err := url.Parse(l.URL)
			if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || seen[l.URL] {
				t.Errorf("%+v: %v", l, err)
			}
			seen[l.URL] = true
		}
	})
}
