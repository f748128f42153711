package view

import (
	"cmp"
	"html"
	"strings"

	nethtml "golang.org/x/net/html"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// headlineWords and headlineChars bound the headline that is cut out of a text without a title.
const (
	headlineWords = 12
	headlineChars = 120
)

// headline returns the title, never empty: where the item has none, the first words of its lead, else of
// its text, else the name of who published it.
func (c *Entry) headline() string {
	if t := OneLine(c.Item.Title); t != "" {
		return c.grant.title(t)
	}
	content, summary := c.grant.bodies(c.Item)
	for _, s := range []string{c.Item.Lead, PlainText(summary), PlainText(content)} {
		t, cut := text.First(legal(s), headlineWords)
		if t == "" {
			continue
		}
		if cut {
			t += " …"
		}
		return shorten(t, headlineChars)
	}
	return c.Publisher.Name
}

// Texts returns the content as HTML, with the notices of what was done to it and the visible credit line, and the summary where
// that is another text. Where the grant and the options leave no content it is the title: an Atom entry without content must
// have a link (RFC 4287 section 4.1.2), and not every item has one.
func (c *Entry) Texts() (content, summary string) {
	content, summary = c.grant.texts(c.Item)
	content = c.notices() + content
	if c.maker.CreditLine {
		content += `<p class="credit">` + c.CreditLineHTML() + `</p>`
	}
	if content == "" {
		content = html.EscapeString(c.Title)
	}
	return content, summary
}

// PlainText returns the text of HTML in one line.
func PlainText(s string) string { return strings.Join(paragraphs(s), " ") }

// paragraphs returns the text of HTML, cut where a block begins or ends.
func paragraphs(s string) []string {
	var all []string
	var b strings.Builder
	flush := func() {
		if t := OneLine(b.String()); t != "" {
			all = append(all, t)
		}
		b.Reset()
	}
	if !strings.ContainsAny(s, "<&") {
		b.WriteString(s)
		flush()
		return all
	}
	z := nethtml.NewTokenizer(strings.NewReader(s))
	for {
		switch z.Next() {
		case nethtml.ErrorToken: // the end: a reader of a string fails in no other way
			flush()
			return all
		case nethtml.TextToken:
			b.Write(z.Text())
		case nethtml.StartTagToken, nethtml.EndTagToken, nethtml.SelfClosingTagToken:
			if tag, _ := z.TagName(); !inline[string(tag)] {
				flush()
			}
		}
	}
}

// inline are the elements that do not end a paragraph.
var inline = map[string]bool{
	"a": true, "abbr": true, "b": true, "bdi": true, "cite": true, "code": true, "del": true, "em": true,
	"font": true, "i": true, "img": true, "ins": true, "kbd": true, "mark": true, "q": true, "s": true,
	"small": true, "span": true, "strong": true, "sub": true, "sup": true, "time": true, "u": true, "wbr": true,
}

// Granted returns the text as far as it is granted, as HTML, and the summary where that is another text.
func (c *Entry) Granted() (content, summary string) { return c.grant.texts(c.Item) }

// GrantedText returns the granted text as plain text in one line, the summary first.
func (c *Entry) GrantedText() string {
	content, summary := c.Granted()
	if summary != "" {
		content = summary + " " + content
	}
	return PlainText(content)
}

// Excerpt returns the first words of the granted text, at most n, from where the lead begins: what is before it is in
// the credit line.
func (c *Entry) Excerpt(n int) string {
	content, summary := c.Granted()
	granted := PlainText(cmp.Or(summary, content))
	if lead, _ := text.First(c.Item.Lead, 4); lead != "" {
		granted = granted[max(0, strings.Index(granted, lead)):]
	}
	words, cut := text.First(granted, n)
	if cut {
		words += " …"
	}
	return words
}

// TextOf returns title and text as a revision of the representative has them, the text as far as it is granted, in one line.
func (c *Entry) TextOf(revision news.Item) (title, body string) {
	v := *c
	v.Item = revision
	return v.headline(), v.GrantedText()
}

// AnnotatedText returns the paragraphs of the granted text, behind the notices of what was done to it.
func (c *Entry) AnnotatedText() []string {
	content, _ := c.Granted()
	return paragraphs(c.notices() + content)
}
