package parse

import (
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

var blankLine = regexp.MustCompile(`\n[ \t\r]*\n\s*`)

// Plain returns the text of HTML, for leads and titles: references become their characters, blocks and
// line breaks become "\n", other white space is squeezed; scripts, styles and comments are no text. In
// text without tags a blank line parts paragraphs.
func Plain(s string) string {
	if strings.IndexByte(s, '<') < 0 {
		parts := blankLine.Split(html.UnescapeString(s), -1)
		return joinLines(parts)
	}
	z := html.NewTokenizer(strings.NewReader(s))
	var lines []string
	var b strings.Builder
	skip := 0
	for {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return joinLines(append(lines, b.String()))
		case html.TextToken:
			if skip == 0 {
				b.Write(z.Text())
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			tag := atom.Lookup(name)
			switch {
			case tag == atom.Script || tag == atom.Style || tag == atom.Template:
				skip = nesting(skip, kind)
			case tag == atom.Td || tag == atom.Th:
				b.WriteByte(' ')
			case blocks[tag]:
				lines = append(lines, b.String())
				b.Reset()
			}
		}
	}
}

// flat returns the text of HTML as one line.
func flat(s string) string { return line(strings.ReplaceAll(Plain(s), "\n", " ")) }

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
func joinLines(lines []string) string {
	kept := lines[:0]
	for _, l := range lines {
		if l = line(l); l != "" {
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
