package parse

import (
	"bytes"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"dateline/aggregator/text"
)

// Sanitize returns HTML that can do nothing but be read: no scripts, styles, frames, forms, no addresses
// but http, https and mailto, all of them absolute on base, no pictures of a pixel or two. Links say
// rel="nofollow noopener" and send no referrer. Every element is closed: it can be inside any other.
// It is a function of its arguments alone, and what it returned passes as it is; so does text without < and &, but
// for invisible characters. With it comes its text, as [Plain] returns it.
func Sanitize(s, base string) (clean, plain string) {
	s = text.Visible(s)
	if !strings.ContainsAny(s, "<&") {
		return s, Plain(s)
	}
	s = asMarkup(s)
	if strings.Count(s, "<") > maxTags {
		return textAlone(s)
	}
	s = policy.Sanitize(absolute(s, base))
	nodes, err := html.ParseFragment(strings.NewReader(s), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		return textAlone(s)
	}
	var out bytes.Buffer
	out.Grow(len(s))
	var l lines
	var c cleaner
	for _, n := range nodes {
		if !c.keeps(n) {
			continue
		}
		if err := html.Render(&out, n); err != nil {
			return textAlone(s)
		}
		l.node(n)
	}
	clean = strings.TrimSpace(text.Visible(out.String())) // references may have brought some
	if !strings.Contains(clean, "<") {
		return clean, Plain(clean)
	}
	return clean, l.String()
}

// maxTags is how many tags a text has at most; of one with more the text alone is left.
const maxTags = 100_000

// textAlone is what is left of HTML that cannot be read.
func textAlone(s string) (clean, text string) {
	clean = html.EscapeString(Plain(s))
	return clean, Plain(clean)
}

// policy says what may stay. It is made once and only read.
var policy = newPolicy()

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "div", "span", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "code", "kbd", "samp", "var",
		"b", "i", "u", "s", "em", "strong", "small", "sub", "sup", "cite", "q", "del", "ins", "mark", "abbr", "dfn", "tt", "wbr",
		"ul", "ol", "li", "dl", "dt", "dd", "figure", "figcaption", "picture", "section", "article", "aside", "header", "footer",
		"table", "caption", "thead", "tbody", "tfoot", "tr", "th", "td", "time", "details", "summary", "ruby", "rt", "rp", "bdi")
	p.AllowAttrs("cite").OnElements("blockquote", "q", "del", "ins")
	p.AllowAttrs("datetime").Matching(regexp.MustCompile(`^[\w:+. -]{1,40}$`)).OnElements("time", "del", "ins")
	p.AllowAttrs("colspan", "rowspan").Matching(bluemonday.Integer).OnElements("td", "th")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowAttrs("lang").Matching(regexp.MustCompile(`^[A-Za-z0-9-]{2,35}$`)).Globally()
	p.AllowAttrs("dir").Matching(bluemonday.Direction).Globally()
	p.AllowAttrs("title").Matching(bluemonday.Paragraph).OnElements("abbr", "dfn", "a", "img")
	p.AllowAttrs("href").OnElements("a")
	p.AllowAttrs("alt").OnElements("img")
	p.AllowAttrs("src").OnElements("img")
	p.AllowAttrs("width", "height").Matching(bluemonday.NumberOrPercent).OnElements("img")
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	p.SkipElementsContent("script", "style", "iframe", "object", "embed", "applet", "template", "form", "select", "textarea",
		"button", "svg", "math", "audio", "video", "canvas", "frameset", "noframes", "head", "title")
	return p
}

// A cleaner finishes what the policy let through.
type cleaner struct {
	picture string // the address of the picture before
}

// keeps gives links and pictures inside n what they must say and takes trackers out, and reports whether n itself stays. A
// picture that repeats the one before it goes: a page has it once for a script and once without.
func (c *cleaner) keeps(n *html.Node) bool {
	switch n.DataAtom {
	case atom.A:
		n.Attr = append(without(n.Attr, "rel", "referrerpolicy"), html.Attribute{Key: "rel", Val: "nofollow noopener"},
			html.Attribute{Key: "referrerpolicy", Val: "no-referrer"})
	case atom.Img:
		n.Attr = append(without(n.Attr, "referrerpolicy"), html.Attribute{Key: "referrerpolicy", Val: "no-referrer"})
		if isTracker(n) || source(n) == c.picture {
			return false
		}
		c.picture = source(n)
	}
	for child := n.FirstChild; child != nil; {
		next := child.NextSibling
		if !c.keeps(child) {
			n.RemoveChild(child)
		}
		child = next
	}
	return true
}

// source returns the address of a picture.
func source(n *html.Node) string {
	for _, a := range n.Attr {
		if a.Key == "src" {
			return a.Val
		}
	}
	return ""
}

func without(attrs []html.Attribute, keys ...string) []html.Attribute {
	kept := attrs[:0]
	for _, a := range attrs {
		drop := false
		for _, k := range keys {
			drop = drop || a.Key == k
		}
		if !drop {
			kept = append(kept, a)
		}
	}
	return kept
}

// isTracker reports whether a picture is one that cannot be seen, or has no address.
func isTracker(n *html.Node) bool {
	for _, a := range n.Attr {
		if (a.Key == "width" || a.Key == "height") && (a.Val == "0" || a.Val == "1" || a.Val == "2") {
			return true
		}
	}
	return source(n) == ""
}
