package parse

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"dateline/aggregator/news"
)

// Spans of a text are found in its HTML by their place among its characters that are no white space: text and HTML have the same
// ones, in the same order.

// Span is a piece of a text, and the rule that found it. In the text and in HTML it is counted in bytes; of letters, in characters
// that are no white space.
type Span struct {
	Start, End int
	Rule       string // empty: none
}

// Cuts returns the pieces of html, as [Sanitize] returned it with its text, that hold spans of the text that was credited: content says
// whose HTML it is ([news.Cut]). The spans ascend and do not overlap. Where text is not the credited text, only spans in the beginning
// and the end that the two have in common are found. Where nothing of the text would be left it returns none.
func Cuts(html, text, credited string, spans []Span, content bool) (all []news.Cut) {
	if text == "" || len(spans) == 0 {
		return nil
	}
	counted, total := letters(credited, spans)
	head, foot := sameEnds(credited, text)
	_, own := letters(text, nil)
	left, done := own, 0
	var at []Span
	for _, p := range counted {
		switch {
		case p.End <= head:
		case p.Start >= total-foot:
			p.Start, p.End = p.Start+own-total, p.End+own-total
		default:
			continue
		}
		if p.Start >= done && p.End > p.Start {
			at, done, left = append(at, p), p.End, left-(p.End-p.Start)
		}
	}
	if left == 0 {
		return nil
	}
	for _, p := range locate(html, at) {
		all = append(all, news.Cut{Content: content, Start: p.Start, End: p.End, Rule: p.Rule})
	}
	return all
}

// letters counts spans of s in letters. They ascend and do not overlap. all is how many letters s has.
func letters(s string, spans []Span) (counted []Span, all int) {
	counted = slices.Clone(spans)
	i := 0
	for at, r := range s {
		for i < len(counted) && at >= spans[i].End {
			counted[i].End = all
			i++
		}
		if i < len(counted) && at <= spans[i].Start {
			counted[i].Start = all
		}
		if !unicode.IsSpace(r) {
			all++
		}
	}
	for ; i < len(counted); i++ {
		if spans[i].Start >= len(s) {
			counted[i].Start = all
		}
		counted[i].End = all
	}
	return counted, all
}

// sameEnds returns how many letters a and b have in common at their head, and at their foot.
func sameEnds(a, b string) (head, foot int) {
	if a == b {
		_, n := letters(a, nil)
		return n, n
	}
	x, y := onlyLetters(a), onlyLetters(b)
	n := min(len(x), len(y))
	for head < n && x[head] == y[head] {
		head++
	}
	for foot < n && x[len(x)-1-foot] == y[len(y)-1-foot] {
		foot++
	}
	return head, foot
}

func onlyLetters(s string) (all []rune) {
	for _, r := range s {
		if !unicode.IsSpace(r) {
			all = append(all, r)
		}
	}
	return all
}

// locate returns the spans of clean, as [Sanitize] returned it, that hold spans of its text, which are counted in letters, ascend
// and do not overlap. Elements of which no text and no picture is left are taken whole, and so are the line breaks that would be left
// over: what is between the spans is HTML in which every element is closed.
func locate(clean string, spans []Span) []Span {
	l := locator{s: clean, spans: spans}
	z := html.NewTokenizer(strings.NewReader(clean))
	for pos := 0; ; {
		kind := z.Next()
		end := pos + len(z.Raw())
		if kind == html.ErrorToken {
			return l.tidy()
		}
		switch kind {
		case html.TextToken:
			l.text(pos, end)
		case html.StartTagToken, html.SelfClosingTagToken:
			name, _ := z.TagName()
			l.start(atom.Lookup(name), pos, kind == html.SelfClosingTagToken)
		case html.EndTagToken:
			l.end(end)
		}
		pos = end
	}
}

type locator struct {
	s      string
	spans  []Span
	letter int              // how many were read
	open   []locatedElement // those that have begun and not ended
	found  []Span
}

// locatedElement is one whose end was not read yet.
type locatedElement struct {
	start      int
	cut, keeps bool   // text in it is in a piece; there is text that is not, or a picture
	rule       string // of the first piece in it
}

func (l *locator) start(tag atom.Atom, at int, closed bool) {
	if closed || voidTags[tag] {
		if tag == atom.Img {
			l.note(false, "")
		}
		return
	}
	l.open = append(l.open, locatedElement{start: at})
}

// voidTags are elements without an end tag.
var voidTags = map[atom.Atom]bool{atom.Br: true, atom.Hr: true, atom.Img: true, atom.Wbr: true}

func (l *locator) end(at int) {
	if len(l.open) == 0 {
		return
	}
	e := l.open[len(l.open)-1]
	l.open = l.open[:len(l.open)-1]
	if e.cut && !e.keeps {
		l.found = append(l.found, Span{e.start, at, e.rule})
	}
	if len(l.open) > 0 {
		outer := &l.open[len(l.open)-1]
		outer.cut, outer.keeps, outer.rule = outer.cut || e.cut, outer.keeps || e.keeps, cmp.Or(outer.rule, e.rule)
	}
}

// note says of the innermost element that text in it is in a piece, or that something in it is not.
func (l *locator) note(cut bool, rule string) {
	if len(l.open) == 0 {
		return
	}
	e := &l.open[len(l.open)-1]
	e.cut, e.keeps, e.rule = e.cut || cut, e.keeps || !cut, cmp.Or(e.rule, rule)
}

// text reads the text from i to end.
func (l *locator) text(i, end int) {
	last := -1 // of found, the piece that goes on
	for i < end {
		r, n := utf8.DecodeRuneInString(l.s[i:end])
		if r == '&' {
			r, n = charRef(l.s[i:end])
		}
		if unicode.IsSpace(r) {
			i += n
			continue
		}
		for len(l.spans) > 0 && l.letter >= l.spans[0].End {
			l.spans, last = l.spans[1:], -1
		}
		switch {
		case len(l.spans) == 0 || l.letter < l.spans[0].Start:
			last = -1
			l.note(false, "")
		case last < 0:
			last = len(l.found)
			l.found = append(l.found, Span{i, i + n, l.spans[0].Rule})
			l.note(true, l.spans[0].Rule)
		default:
			l.found[last].End = i + n
		}
		i += n
		l.letter++
	}
}

// charRef reads a character reference as [html.Render] writes it: one character.
func charRef(s string) (r rune, n int) {
	end := strings.IndexByte(s[:min(len(s), 40)], ';')
	if end < 0 {
		return '&', 1
	}
	if u := html.UnescapeString(s[:end+1]); !strings.HasPrefix(u, "&") || u == "&" {
		r, _ = utf8.DecodeRuneInString(u)
		return r, end + 1
	}
	return '&', 1
}

// tidy leaves out what is inside others and takes the line breaks that would be left over.
func (l *locator) tidy() []Span {
	slices.SortFunc(l.found, func(a, b Span) int { return cmp.Or(a.Start-b.Start, b.End-a.End) })
	var out []Span
	done := 0
	for _, f := range l.found {
		if f.Start < done {
			continue // inside an element that is taken whole
		}
		if l.beginsLine(f.Start, out) {
			f.End += breaks(l.s[f.End:])
		} else {
			f.End += len(l.s[f.End:]) - len(strings.TrimLeft(l.s[f.End:], " \t\r\n"))
		}
		if rest := l.s[f.End:]; rest == "" || strings.HasPrefix(rest, "</") {
			f.Start = max(done, f.Start-breaksBack(l.s[:f.Start]))
		}
		out, done = append(out, f), f.End
	}
	return out
}

// beginsLine reports whether what precedes i, and is not taken, ends a line.
func (l *locator) beginsLine(i int, taken []Span) bool {
	before := strings.TrimRight(l.s[:i], " \t\r\n")
	for n := len(taken); n > 0 && taken[n-1].End >= len(before); n-- {
		before = strings.TrimRight(l.s[:taken[n-1].Start], " \t\r\n")
	}
	if before == "" {
		return true
	}
	if !strings.HasSuffix(before, ">") {
		return false
	}
	open := strings.LastIndexByte(before, '<')
	name := strings.TrimPrefix(before[open+1:], "/")
	return blocks[atom.Lookup([]byte(name[:nameLength(name)]))]
}

// breakTags are how line breaks are written.
var breakTags = []string{"<br/>", "<hr/>"}

// breaks returns the length of the white space and the line breaks with which s begins.
func breaks(s string) int {
	rest := s
	for {
		was := len(rest)
		rest = strings.TrimLeft(rest, " \t\r\n")
		for _, tag := range breakTags {
			rest = strings.TrimPrefix(rest, tag)
		}
		if len(rest) == was {
			return len(s) - was
		}
	}
}

// breaksBack returns the length of the white space and the line breaks with which s ends.
func breaksBack(s string) int {
	rest := s
	for {
		was := len(rest)
		rest = strings.TrimRight(rest, " \t\r\n")
		for _, tag := range breakTags {
			rest = strings.TrimSuffix(rest, tag)
		}
		if len(rest) == was {
			return len(s) - was
		}
	}
}
