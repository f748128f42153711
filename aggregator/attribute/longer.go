package attribute

import (
	"strings"

	"dateline/aggregator/attribute/agency"
	"dateline/aggregator/attribute/lex"
)

// Names that begin with that of an agency and are others: "Petra Lang" is a person, "Fox Valley Press" a house of its own. The registry
// reads the longest spelling that it has; what follows it in the same part of a line says whether the name ends there.

// isGivenToo reports whether a spelling is one word, not in capitals, that is a given name as well: Petra, Rex.
func isGivenToo(printed string) bool {
	return lex.WordEnd(printed, 0) == len(printed) && lex.Case(printed) == lex.Title && isGivenName(printed)
}

// continues reports whether the name that begins with the spelling m goes on behind it, in a part of a line that ends at stop: capitals
// that are no person, no place and no word of credit lines.
func (r *reader) continues(s string, m agency.Name, stop int) bool {
	next := lex.SkipSpace(s, m.End)
	if next == m.End || next >= stop || !lex.IsUpper(lex.RuneAt(s, next)) || r.readPerson(s[:stop], next, 2) == stop {
		return false
	}
	rest := strings.TrimSpace(s[next:stop])
	if sellerRegions.Has(rest) || r.placeOnly(rest) || r.anyFiller(lex.Between(next, stop)) || r.jobOnly(lex.Between(next, stop)) {
		return false
	}
	if _, ok := r.Match(s[:stop], next); ok {
		return false
	}
	return r.titled(s, lex.Between(next, stop))
}

// holder returns the agency that a notice of rights names as their holder, alone or behind a word such as "Copyright", a year or an
// article: "© 2026 The Associated Press. All rights reserved." An agency that is only mentioned, or a part of another name, holds none.
func (r *reader) holder(s string, start, end int) (agency.Name, bool) {
	s = s[:end]
	for from := start; from < end; {
		m, ok := r.FirstName(s, from, end)
		if !ok {
			return m, false
		}
		if r.opensNotice(s, start, m.Start) && r.endsName(s, m.End) && !isGivenToo(s[m.Start:m.End]) {
			return m, true
		}
		from = m.End
	}
	return agency.Name{}, false
}

// noticeOpeners are words before the holder in a notice of rights.
var noticeOpeners = wordSet("noticeOpeners")

// opensNotice reports whether all words between start and i, or behind the last full stop there, are those with which a notice of rights
// begins: of some kind, a year, an article.
func (r *reader) opensNotice(s string, start, i int) bool {
	if k := strings.LastIndexAny(s[start:i], ".;|/"); k >= 0 {
		start += k + 1
	}
	for _, w := range r.words(lex.Between(start, i)) {
		if !isYear(w.Of(s)) && !noticeOpeners.Has(w.Of(s)) {
			return false
		}
	}
	return true
}

// endsName reports whether the name that ends at i goes on in no capitals and no small letters: the line ends there, or a mark, a year or
// the words follow that reserve rights.
func (r *reader) endsName(s string, i int) bool {
	next := lex.SkipSpace(s, i)
	w := r.word(s, next)
	return next >= len(s) || !lex.IsWord(lex.RuneAt(s, next)) && s[next] != '-' && s[next] != '&' || isYear(w.Of(s)) || rightsWords.is(w) ||
		noticeOpeners.Has(w.Of(s))
}
