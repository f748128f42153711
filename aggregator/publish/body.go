package publish

import (
	"html"
	"strings"

	nethtml "golang.org/x/net/html"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// headlineWords and summaryWords bound what is cut out of a text that has no title or no summary.
const (
	headlineWords = 12
	summaryWords  = 50
)

// headline returns the title, never empty: where the item has none, the first words of its lead, else of
// its text, else the name of who published it.
func (c *entryView) headline() string {
	if t := oneLine(c.it.Title); t != "" {
		return t
	}
	for _, s := range []string{c.it.Lead, plainText(c.it.Summary), plainText(c.it.Content)} {
		t, cut := text.First(legal(s), headlineWords)
		if t == "" {
			continue
		}
		if cut {
			t += " …"
		}
		return t
	}
	return c.publisher.name
}

// body returns what the grant of the source lets out of the item's text, as HTML, and the summary where it
// is another text.
func (c *entryView) body() (content, summary string) {
	content, summary = strings.TrimSpace(legal(c.it.Content)), strings.TrimSpace(legal(c.it.Summary))
	switch c.src.Content {
	case news.Full:
		if content == "" || content == summary {
			return summary, ""
		}
		return content, summary
	case news.Summary:
		if summary != "" {
			return summary, ""
		}
		return opening(content), ""
	}
	return "", ""
}

// texts returns the HTML of an entry view with notices of what was done to it and its visible credit line, and the summary where it is another text. Where the
// grant and the options leave no content the title stands in: an Atom entry without any must have a link (RFC 4287
// section 4.1.2), and not every item has one.
func (p *Publisher) texts(c *entryView) (content, summary string) {
	content, summary = c.body()
	content = c.notices() + content
	if p.o.CreditLine {
		content += `<p class="credit">` + c.creditLineHTML() + `</p>`
	}
	if content == "" {
		content = html.EscapeString(c.title)
	}
	return content, summary
}

// opening returns the first words of an HTML text as one paragraph.
func opening(content string) string {
	words, cut := text.First(plainText(content), summaryWords)
	if words == "" {
		return ""
	}
	if cut {
		words += " …"
	}
	return "<p>" + html.EscapeString(words) + "</p>"
}

// plainText returns the text of HTML in one line.
func plainText(s string) string { return strings.Join(paragraphs(s), " ") }

// paragraphs returns the text of HTML, cut where a block begins or ends.
func paragraphs(s string) []string {
	var all []string
	var b strings.Builder
	flush := func() {
		if t := oneLine(b.String()); t != "" {
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
