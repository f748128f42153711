package parse

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"dateline/aggregator/text"
)

var blankLine = regexp.MustCompile(`\n[ \t\r]*\n\s*`)

// Plain returns the text of HTML, for leads and titles: references become their characters, blocks and
// line breaks become "\n", other white space is squeezed; scripts, styles and comments are no text. In
// text without tags a blank line parts paragraphs, and where it was not wrapped at a width every line is one.
func Plain(s string) string {
	if strings.IndexByte(s, '<') < 0 {
		s = html.UnescapeString(s)
		if !strings.Contains(s, "\n") {
			return text.Line(s)
		}
		if longestLine(s) > maxWrapped {
			return joinLines(strings.Split(s, "\n"))
		}
		return joinLines(blankLine.Split(s, -1))
	}
	z := html.NewTokenizer(strings.NewReader(asMarkup(s)))
	var l lines
	skip := 0
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return l.String()
		case html.TextToken:
			if skip == 0 {
				l.open.Write(z.Text())
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			tag := atom.Lookup(name)
			if tag == atom.Script || tag == atom.Style || tag == atom.Template {
				skip = nesting(skip, kind)
				continue
			}
			l.tag(tag)
		}
	}
}

// maxWrapped is the longest line, in bytes, of a text that was wrapped at a width.
const maxWrapped = 200

func longestLine(s string) (longest int) {
	for line := range strings.SplitSeq(s, "\n") {
		longest = max(longest, len(line))
	}
	return longest
}

// lines is the text of HTML, line by line.
type lines struct {
	closed []string
	open   strings.Builder
}

// tag is what a start or an end tag does to the text.
func (l *lines) tag(tag atom.Atom) {
	switch {
	case tag == atom.Td || tag == atom.Th:
		l.open.WriteByte(' ')
	case blocks[tag]:
		l.closed = append(l.closed, l.open.String())
		l.open.Reset()
	}
}

// node adds the text of n, which has no scripts and the like.
func (l *lines) node(n *html.Node) {
	switch n.Type {
	case html.TextNode:
		l.open.WriteString(n.Data)
		return
	case html.ElementNode:
		l.tag(n.DataAtom)
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			l.node(c)
		}
		l.tag(n.DataAtom)
	}
}

func (l *lines) String() string { return joinLines(append(l.closed, l.open.String())) }

// flat returns the text of HTML as one line.
func flat(s string) string { return text.Line(strings.ReplaceAll(Plain(s), "\n", " ")) }

func nesting(depth int, kind html.TokenType) int {
	switch kind {
	case html.StartTagToken:
		return depth + 1
	case html.EndTagToken:
		return max(depth-1, 0)
	}
	return depth
}

// joinLines joins what is left of the lines when each is squeezed.
func joinLines(all []string) string {
	kept := all[:0]
	for _, l := range all {
		if l = text.Line(l); l != "" {
			kept = append(kept, l)
		}
	}
	return strings.Join(kept, "\n")
}

var blocks = map[atom.Atom]bool{
	atom.Address: true, atom.Article: true, atom.Aside: true, atom.Blockquote: true, atom.Body: true, atom.Br: true,
	atom.Caption: true, atom.Center: true, atom.Dd: true, atom.Details: true, atom.Div: true, atom.Dl: true, atom.Dt: true,
	atom.Fieldset: true, atom.Figcaption: true, atom.Figure: true, atom.Footer: true, atom.Form: true, atom.H1: true,
	atom.H2: true, atom.H3: true, atom.H4: true, atom.H5: true, atom.H6: true, atom.Header: true, atom.Hr: true,
	atom.Li: true, atom.Main: true, atom.Nav: true, atom.Ol: true, atom.P: true, atom.Pre: true, atom.Section: true,
	atom.Summary: true, atom.Table: true, atom.Title: true, atom.Tr: true, atom.Ul: true,
}
