package parse

import (
	"bytes"
	"mime"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// FeedLink is a link by which a page names a feed.
type FeedLink struct {
	URL   string // absolute, http or https
	Title string // plain text; may be empty
	Type  string // media type, in lower case
}

// feedTypes are the media types of feeds, as pages name them.
var feedTypes = []string{"application/atom+xml", "application/rss+xml", "application/feed+json", "application/rdf+xml", "application/json",
	"application/xml", "text/xml", "text/x-opml", "text/x-opml+xml", "application/opml+xml"}

// IsFeedType reports whether mediaType is one that pages name feeds, or lists of them, by.
func IsFeedType(mediaType string) bool {
	t, _, err := mime.ParseMediaType(mediaType)
	return err == nil && slices.Contains(feedTypes, t)
}

// FeedLinks returns the feeds that an HTML page names (HTML section 4.6.8.1, link type alternate), each once, at most
// [MaxList] in the order of the page.
func FeedLinks(page []byte, o Options) []FeedLink {
	text, _ := decode(page, o)
	base := o.Document
	var found []FeedLink
	z := html.NewTokenizer(bytes.NewReader(text))
	z.SetMaxBuf(MaxToken)
	for len(found) < MaxList {
		switch z.Next() {
		case html.ErrorToken:
			return found
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			switch t.Data {
			case "base":
				if href := htmlAttr(t, "href"); href != "" {
					base = resolve(o.Document, href)
				}
			case "link":
				l, ok := feedLink(t, base)
				if ok && !slices.ContainsFunc(found, func(f FeedLink) bool { return f.URL == l.URL }) {
					found = append(found, l)
				}
			}
		}
	}
	return found
}

// feedLink reads a link element; ok is false for what names no feed.
func feedLink(t html.Token, base string) (l FeedLink, ok bool) {
	rels := strings.Fields(strings.ToLower(htmlAttr(t, "rel")))
	l = FeedLink{URL: resolve(base, htmlAttr(t, "href")), Title: Plain(htmlAttr(t, "title")), Type: strings.ToLower(htmlAttr(t, "type"))}
	named := slices.Contains(rels, "feed") || slices.Contains(rels, "alternate") && IsFeedType(l.Type) || slices.Contains(rels, "outline")
	u, err := url.Parse(l.URL)
	return l, named && err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

func htmlAttr(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return strings.TrimSpace(a.Val)
		}
	}
	return ""
}
