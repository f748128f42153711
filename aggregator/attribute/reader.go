package attribute

import (
	"dateline/aggregator/attribute/agency"
	"dateline/aggregator/attribute/lex"
)

// reader is a registry with the table of the text that it reads. Its methods take the text, or the beginning of it that they may
// read, and places in it; words are asked of the table.
type reader struct {
	*Registry
	table   *lex.Table
	caption bool // the text is a picture's own description
}

// on returns a reader of a text.
func (r *Registry) on(s string) *reader {
	t := new(lex.Table)
	r.vocabulary.Cut(s, t)
	return &reader{Registry: r, table: t}
}

// Match reads the longest spelling of an agency that begins with the word at i.
func (r *reader) Match(s string, i int) (agency.Name, bool) {
	k := r.table.Index(i)
	if k == len(r.table.Tokens) || r.table.Tokens[k].Start != i || !r.table.Tokens[k].Is(headName) {
		return agency.Name{}, false
	}
	return r.Read(s, r.table.Tokens, k)
}

// wholeFrom reads a spelling that is all of s from start on, but for quotation marks around it.
func (r *reader) wholeFrom(s string, start int) (agency.Name, bool) {
	m, ok := r.Match(s, r.nextWord(s, start))
	if !ok || r.nextWord(s, m.End) < len(s) {
		return agency.Name{}, false
	}
	return m, true
}

// word returns the word that begins at i in s; the zero token where none does.
func (r *reader) word(s string, i int) lex.Token {
	if t := r.table.At(i, len(s)); t != nil {
		return *t
	}
	return lex.Token{Span: lex.Between(i, i)}
}

// wordEnd returns the end of the word of s that begins at i, or i.
func (r *reader) wordEnd(s string, i int) int { return r.table.WordEnd(i, len(s)) }

// nextWord returns the start of the next word of s at or after i, or the end of s.
func (r *reader) nextWord(s string, i int) int { return r.table.NextWord(i, len(s)) }

// words returns the words of a piece of the text.
func (r *reader) words(p lex.Span) []lex.Token { return r.table.Within(p) }

// count counts the first twelve words of s from i on, and those in small letters among them.
func (r *reader) count(s string, i int) (words, small int) {
	for k := r.table.Index(i); k < len(r.table.Tokens) && words < 12 && r.table.Tokens[k].End <= len(s); k++ {
		words++
		if r.table.Tokens[k].Small {
			small++
		}
	}
	return words, small
}
