package attribute

import (
	"strings"

	"dateline/aggregator/attribute/lex"
)

// A trailer is at the end of a report and says who reported, wrote and edited it: "(Reporting by Kane Wu in Hong Kong; Editing by
// Jacqueline Wong)". The clauses of editors name no author.

const maxTrailer = 1000 // bytes at the end of a paragraph

// readTrailer finds the trailer of a report in s between start and end: who reported, who wrote, who edited.
func (r *reader) readTrailer(s string, start, end int) (b byline, whole lex.Span, ok bool) {
	b.rule = ruleBylineTrail
	s = s[:end]
	if from := max(start, end-maxTrailer); !strings.Contains(s[from:], "by ") && !strings.Contains(s[from:], "By ") &&
		!strings.Contains(s[from:], "BY ") {
		return b, whole, false
	}
	for _, w := range r.words(lex.Between(max(start, end-maxTrailer), end)) {
		i := w.Start
		if trailerHeads.is(w) && !behindWord(s, start, i) && r.opens(s, start, i) {
			if _, _, is := clause(s, i); is {
				whole = lex.Between(i, end)
				for lex.IsDash(lex.Before(s, whole.Start)) && whole.Start > start {
					_, n := lex.Last(s, whole.Start)
					whole.Start -= n
				}
				if lex.Before(s, i) == '(' || lex.Before(s, i) == '[' {
					whole.Start--
					if k := strings.IndexAny(s[i:], ")]"); k >= 0 {
						whole.End = i + k + 1
					}
				}
				r.clauses(s[:whole.End], i, &b)
				if len(b.persons) > 0 || i == start || whole.Start < i {
					return b, whole, true
				}
			}
		}
	}
	return b, whole, false
}

// clause reads the words that open a clause of a trailer, and whether those behind them wrote.
func clause(s string, i int) (next int, author, ok bool) {
	j := i
	for range 4 {
		e := lex.WordEnd(s, j)
		if e == j {
			return i, false, false
		}
		by := strings.EqualFold(s[j:e], "by")
		if by && j > i {
			w := s[i:e]
			return lex.SkipSpace(s, e), wrote.Has(w), wrote.Has(w) || edited.Has(w)
		}
		j = lex.SkipSpace(s, e)
	}
	return i, false, false
}

// clauses reads the clauses of a trailer, parted by semicolons, full stops or commas.
func (r *reader) clauses(s string, i int, b *byline) {
	for i < len(s) {
		j, author, ok := clause(s, i)
		if ok {
			var list []lex.Span
			e := r.nameList(s, j, &list)
			if author {
				b.persons = append(b.persons, list...)
			}
			i = max(e, j)
		}
		for i < len(s) { // to the next clause
			c, n := lex.At(s, i)
			i += n
			if c == ';' || c == '.' || c == ',' || lex.IsSpace(c) {
				if k := lex.SkipSpace(s, i); k < len(s) {
					if _, _, ok := clause(s, k); ok {
						i = k
						break
					}
					if e := lex.WordEnd(s, k); strings.EqualFold(s[k:e], "and") {
						if _, _, ok := clause(s, lex.SkipSpace(s, e)); ok {
							i = lex.SkipSpace(s, e)
							break
						}
					}
				}
			}
		}
	}
}
