package attribute

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute/lex"
)

// trimFillers cuts a quotation mark and words of credit lines in small letters from the end of a part: Navy handout; "Новая хроника".
func trimFillers(s string, at lex.Span) lex.Span {
	for {
		end := lex.SkipSpaceBack(s, at.End)
		if ch, n := lex.Last(s, end); lex.IsQuote(ch) {
			at.End = end - n
			continue
		}
		k := strings.LastIndexByte(s[at.Start:end], ' ')
		if k < 0 || !fillers.Has(s[at.Start+k+1:end]) || lex.Case(s[at.Start+k+1:end]) != lex.Lower {
			at.End = end
			return at
		}
		at.End = at.Start + k
	}
}

// allFiller reports whether a part names no one.
func (r *reader) allFiller(at lex.Span) bool {
	return !slices.ContainsFunc(r.words(at), func(w lex.Token) bool { return !fillers.is(w) && !(w.Digit && w.Case == lex.Lower) })
}

// pastFillers returns where the words of a part that name no one end at its head.
func (r *reader) pastFillers(at lex.Span) int {
	for _, w := range r.words(at) {
		if !fillers.is(w) && !w.Digit {
			return w.Start
		}
	}
	return at.End
}

// anyFiller reports whether a word of a part is one that is in credit lines.
func (r *reader) anyFiller(at lex.Span) bool {
	return slices.ContainsFunc(r.words(at), func(w lex.Token) bool { return fillers.is(w) && w.Case != lex.Lower })
}

// unnamed are words of a credit that name no one, besides fillers.
var unnamed = wordSet("unnamed")

// NamesNoOne reports whether a name consists of words that name no one: "N/A", "Staff photo", "Архив". An empty one does.
func NamesNoOne(name string) bool {
	if placeholders.Has(name) {
		return true
	}
	for i := lex.NextWord(name, 0); i < len(name); {
		e := lex.WordEnd(name, i)
		if w := name[i:e]; !fillers.Has(w) && !unnamed.Has(w) && !placeholders.Has(w) && strings.IndexFunc(w, lex.IsLetter) >= 0 {
			return false
		}
		i = lex.NextWord(name, e)
	}
	return true
}

// unquoted returns a name without the quotation marks round it, and with the one that ends it.
func unquoted(s string, at lex.Span) lex.Span {
	part := at.Of(s)
	switch k := strings.IndexFunc(part, lex.IsQuote); {
	case k == 0:
		_, n := lex.At(s, at.Start)
		at.Start = lex.SkipSpace(s, at.Start+n)
	case k > 0: // Muster «Name»
		end := lex.SkipSpace(s, at.End)
		next, n := lex.At(s, end)
		opened := strings.Count(part, s[end:end+n])
		if same := strings.HasPrefix(part[k:], s[end:end+n]); lex.IsQuote(next) && (same && opened == 1 || !same && opened == 0) {
			at.End = end + n
		}
	}
	return at
}

// givenBy are words before the one who gave a picture.
var givenBy = wordSet("givenBy")

// givenEnd returns where the words end that say at i that another one gave the picture, or i: "Foto: dzięki uprzejmości Muster Gazeta".
func givenEnd(s string, i int) int {
	best := i
	for n, j := 0, i; n < 5; n++ {
		e := lex.WordEnd(s, j)
		if e == j {
			break
		}
		if next := lex.SkipSpace(s, e); next < len(s) && givenBy.Has(s[i:e]) && lex.IsLetter(lex.RuneAt(s, next)) {
			best = next
		}
		j = lex.NextWord(s, e)
	}
	return best
}
