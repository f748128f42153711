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
// for invisible characters and bytes that are no UTF-8, each run of which becomes U+FFFD. With it comes its text, as [Plain] returns it.
func Sanitize(s, base string) (clean, plain string) {
	s = text.Visible(strings.ToValidUTF8(s, "\ufffd"))
	if !strings.ContainsAny(s, "<&") {
		return s, Plain(s)
	}
	s = asMarkup(s)
	if strings.Count(s, "<") > maxTags {
		return textAlone(s)
	}
	s = absolute(s, base)
	if clean, plain, ok := copyNested(s); ok {
		return clean, plain
	}
	return throughTree(s)
}

// throughTree returns what [Sanitize] does of HTML whose addresses are absolute: what the policy lets through is read as browsers read
// it, element by element, and written anew.
func throughTree(s string) (clean, plain string) {
	s = policy.Sanitize(s)
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
	return finish(out.String(), &l)
}

// finish returns clean HTML and its text, from what was written and its lines.
func finish(out string, l *lines) (clean, plain string) {
	clean = strings.TrimSpace(text.Visible(out)) // references may have brought some
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

// allowed are the elements that may stay; a and img are allowed by their attributes.
const allowed = `p br hr div span h1 h2 h3 h4 h5 h6 blockquote pre code kbd samp var b i u s em strong small sub sup cite q del ins
	mark abbr dfn tt wbr ul ol li dl dt dd figure figcaption picture section article aside header footer table caption thead tbody
	tfoot tr th td time details summary ruby rt rp bdi`

// An allowedAttr is an attribute that may stay where its value matches.
type allowedAttr struct {
	names    string
	elements string         // empty: all
	matching *regexp.Regexp // nil: any value
}

var allowedAttrs = []allowedAttr{
	{"cite", "blockquote q del ins", nil},
	{"datetime", "time del ins", regexp.MustCompile(`^[\w:+. -]{1,40}$`)},
	{"colspan rowspan", "td th", bluemonday.Integer},
	{"start", "ol", bluemonday.Integer},
	{"lang", "", regexp.MustCompile(`^[A-Za-z0-9-]{2,35}$`)},
	{"dir", "", bluemonday.Direction},
	{"title", "abbr dfn a img", bluemonday.Paragraph},
	{"href", "a", nil},
	{"alt", "img", nil},
	{"src", "img", nil},
	{"width height", "img", bluemonday.NumberOrPercent},
}

// skipped are the elements whose content goes too.
const skipped = `script style iframe object embed applet template form select textarea button svg math audio video canvas frameset noframes
	head title`

func newPolicy() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements(strings.Fields(allowed)...)
	for _, a := range allowedAttrs {
		attrs := p.AllowAttrs(strings.Fields(a.names)...)
		if a.matching != nil {
			attrs = attrs.Matching(a.matching)
		}
		if a.elements == "" {
			attrs.Globally()
		} else {
			attrs.OnElements(strings.Fields(a.elements)...)
		}
	}
	p.AllowURLSchemes("http", "https", "mailto")
	p.RequireParseableURLs(true)
	p.AllowRelativeURLs(false)
	p.SkipElementsContent(strings.Fields(skipped)...)
	return p
}

// A cleaner finishes what the policy let through.
type cleaner struct {
	picture string // the address of the picture before
}

// keeps gives links and pictures inside n what they must say and takes trackers out, and reports whether n itself stays. A
// picture that repeats the one before it goes: a page has it once for a script and once without.
func (c *cleaner) keeps(n *html.Node) bool {
	var keeps bool
	if n.Attr, keeps = c.completed(n.DataAtom, n.Attr); !keeps {
		return false
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

// completed returns the attributes of an element with what it must say, and reports whether it stays.
func (c *cleaner) completed(tag atom.Atom, attrs []html.Attribute) (_ []html.Attribute, keeps bool) {
	switch tag {
	case atom.A:
		attrs = append(without(attrs, "rel", "referrerpolicy"), html.Attribute{Key: "rel", Val: "nofollow noopener"},
			html.Attribute{Key: "referrerpolicy", Val: "no-referrer"})
	case atom.Img:
		attrs = append(without(attrs, "referrerpolicy"), html.Attribute{Key: "referrerpolicy", Val: "no-referrer"})
		if isTracker(attrs) || source(attrs) == c.picture {
			return attrs, false
		}
		c.picture = source(attrs)
	}
	return attrs, true
}

// source returns the address of a picture.
func source(attrs []html.Attribute) string {
	for _, a := range attrs {
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
func isTracker(attrs []html.Attribute) bool {
	for _, a := range attrs {
		if (a.Key == "width" || a.Key == "height") && (a.Val == "0" || a.Val == "1" || a.Val == "2") {
			return true
		}
	}
	return source(attrs) == ""
}
