package attribute

import (
	"strings"

	"dateline/aggregator/attribute/lex"
)

// An update mark begins a text or a title, in capitals with a dash or colon behind it
// ("UPDATE 1 -", "CORRECTED:", "МОЛНИЯ."), in brackets ("(LEAD)", "(2nd LD)", "(ATTN: ...)"; in a title also at the
// end), or round the whole line ("++ ... ++").

const (
	ruleMarkWord    = "mark-word"
	ruleMarkBracket = "mark-bracket"
	ruleMarkFrame   = "mark-frame"
)

// marks are the words of update marks; a number may precede or follow them.
var marks = wordSet("marks")

// readMark reads one update mark at i: the mark as printed, and where what follows it begins.
func (r *Registry) readMark(s string, i int) (mark lex.Span, next int, rule string) {
	c, _ := lex.At(s, i)
	if c != '(' && c != '[' && c != '+' && c != '*' && !lex.IsUpper(c) && !lex.IsDigit(c) {
		return lex.Span{}, i, ""
	}
	for _, rule := range r.rules.marks {
		if m, next := rule.mark(s, i); next > i {
			return m, next, rule.Name
		}
	}
	return lex.Span{}, i, ""
}

// markBracket reads a mark in brackets: "(LEAD)", "[2nd LD]".
func markBracket(s string, i int) (lex.Span, int) {
	if s[i] != '(' && s[i] != '[' {
		return lex.Span{}, i
	}
	k := strings.IndexAny(s[i:min(len(s), i+160)], ")]\n")
	if k <= 0 || s[i+k] == '\n' || !isMark(s[i+1:i+k]) {
		return lex.Span{}, i
	}
	return lex.Between(i+1, i+k), lex.SkipSpace(s, i+k+1)
}

// lastMark reads a mark in brackets at the end of s, not before start; from is where the bracket opens.
func (r *Registry) lastMark(s string, start int) (mark lex.Span, from int, rule string) {
	if !strings.HasSuffix(s, ")") && !strings.HasSuffix(s, "]") {
		return lex.Span{}, 0, ""
	}
	i := strings.LastIndexAny(s[start:], "([")
	if i <= 0 {
		return lex.Span{}, 0, ""
	}
	m, _, rule := r.readMark(s, start+i)
	return m, start + i, rule
}

// isFrame reports whether a mark is a frame and no word.
func isFrame(m string) bool { return m != "" && (m[0] == '+' || m[0] == '*') }

// markFrame reads "++ ... ++" round all of s, or a mark in such a frame: "+RPT+", "+++ EILMELDUNG +++". The mark of the
// first is its frame.
func markFrame(s string, i int) (m lex.Span, next int) {
	if s[i] != '+' && s[i] != '*' {
		return lex.Span{}, i
	}
	open := lex.Run(s, i, func(r rune) bool { return r == rune(s[i]) })
	frame := s[i:open]
	k := strings.Index(s[open:min(len(s), open+40)], frame)
	if k > 0 && isMark(s[open:open+k]) {
		in := lex.Between(lex.SkipSpace(s, open), lex.SkipSpaceBack(s, open+k))
		return in, lex.SkipSpace(s, open+k+len(frame))
	}
	if body := strings.TrimRight(s, " \t\r"); len(frame) > 1 && len(body) > open+len(frame) && strings.HasSuffix(body, frame) &&
		lex.SkipSpace(s, open) > open {
		return lex.Between(i, open), lex.SkipSpace(s, open)
	}
	return lex.Span{}, i
}

// isMark reports whether what is in brackets is an update mark: one of the words, with a number or an ordinal
// or a note behind a colon.
func isMark(in string) bool {
	in, _, note := strings.Cut(in, ":")
	if e := lex.WordEnd(in, 0); e > 0 && notes.Has(in[:e]) && e < len(in) { // (Updates with details)
		return true
	}
	f := strings.Fields(lex.Fold(in))
	if len(f) > 0 && lex.IsDigit(rune(f[0][0])) {
		f = f[1:]
	}
	if len(f) > 1 && lex.IsDigit(rune(f[len(f)-1][0])) {
		f = f[:len(f)-1]
	}
	if len(f) == 0 || len(f) > 3 || lex.Case(strings.TrimLeft(in, "0123456789stndrh ")) == lex.Lower && note {
		return false
	}
	return marks.Has(strings.Join(f, " "))
}

// notes are verbs that open a note in brackets on what an update changes.
var notes = wordSet("notes")

// markWord reads a mark without brackets: in capitals before a dash, colon, full stop, bar or exclamation mark; in
// title case before a colon only.
func markWord(s string, i int) (m lex.Span, next int) {
	if c, _ := lex.At(s, i); !lex.IsUpper(c) && !lex.IsDigit(c) {
		return lex.Span{}, i
	}
	end, caps := i, true
	for n, j := 0, i; n < 4; n++ {
		e := lex.WordEnd(s, j)
		if e == j {
			break
		}
		w := s[j:e]
		caps = caps && (lex.Case(w) == lex.Capital || lex.IsDigit(rune(w[0])))
		end = e
		if d := lex.Run(s, e+1, lex.IsDigit); e < len(s) && s[e] == '-' && d > e+1 && !lex.IsWord(lex.RuneAt(s, d)) { // ОБНОВЛЕНО-2
			end = d
			break
		}
		j = lex.SkipSpace(s, e)
		if j == e {
			break
		}
		if c, _ := lex.At(s, j); !lex.IsWord(c) {
			break
		}
	}
	g := readGap(s, end)
	c, n := lex.At(s, g.end)
	called := c == '!' && lex.Case(s[i:end]) == lex.Title && end-i > 4 && lex.WordEnd(s, i) == end // Молния! Порт открыт
	if (c == '|' || c == '!') && !g.any() {
		g.end, g.stop = lex.SkipSpace(s, g.end+n), true
	}
	alone := g.end >= len(s) && !g.dash && !g.colon
	numbered := end > i && lex.IsDigit(lex.Before(s, end)) && lex.IsSpace(lex.RuneAt(s, end)) && strings.Contains(s[i:end], "-")
	if end == i || !(caps && (g.dash || g.colon || g.stop || alone || numbered) || called && !alone || g.colon && !alone) ||
		!isMark(s[i:end]) {
		return lex.Span{}, i
	}
	if weakMarks.Has(s[i:end]) && !(caps && (g.dash || g.colon)) {
		return lex.Span{}, i
	}
	return lex.Between(i, end), g.end
}

// weakMarks are marks that a number, a bracket or a dash behind capitals must confirm: alone they are ordinary words.
var weakMarks = wordSet("weakMarks")
