package attribute

import (
	"strings"

	"dateline/aggregator/attribute/lex"
)

// particles are in small letters between the words of a person's name.
var particles = wordClass("particles")

// notNames are words with a capital that are no part of a person's name: outlets, offices, days.
var notNames = wordClass("notNames")

// suffixes are abbreviations in a person's name that are no initials.
var suffixes = wordSet("suffixes")

// givenMonths are months that are given names too.
var givenMonths = wordSet("givenMonths")

// readPerson reads the name of a person at i, of least words or more, and returns its end, or i where there is
// none: two to four words with capitals, with initials and particles ("J. Scott Applewhite", "TED D'AFFLISIO",
// "Jean-Paul de la Cruz"). A name that begins with a place or has a word of an outlet's name in it is none.
func (r *reader) readPerson(s string, i int, least int) int {
	start, end, n, full := i, i, 0, 0
	for n < 5 {
		e := nameWord(s, i)
		if e == i {
			break
		}
		w := s[i:e]
		c := lex.Case(w)
		if c == lex.Lower {
			if n == 0 || !particles.Has(w) {
				break
			}
		} else {
			initial := len([]rune(w)) < 3 && e < len(s) && s[e] == '.' && (len([]rune(w)) == 1 || !suffixes.Has(w) && c != lex.Lower)
			if !initial && notNames.Has(w) && !(n == 0 && isGiven(s, i, e)) {
				break
			}
			if m, ok := r.Match(s, i); ok && !m.Weak && n > 0 {
				break
			}
			if glued := i > 0 && s[i-1] == '.' && len([]rune(w)) < 3; !initial && !glued && len([]rune(w)) > 1 {
				full++
			}
			if e < len(s) && s[e] == '.' && (initial || suffixes.Has(w) || strings.Contains(w, ".")) {
				e++
			}
			n++
			end = e
		}
		i = lex.SkipSpace(s, e)
		if i == e && lex.Before(s, e) != '.' {
			break
		}
	}
	if n < least || full == 0 || n > 4 {
		return start
	}
	if _, ok := r.Whole(s[start:end]); ok || r.places.City(s[start:end]) || r.places.Region(s[start:end]) {
		return start
	}
	return end
}

// isGiven reports whether the word between i and e is a given name though it is a month too: a name follows it.
func isGiven(s string, i, e int) bool {
	next := min(len(s), e+1)
	return givenMonths.Has(s[i:e]) && lex.Case(s[next:nameWord(s, next)]) == lex.Title
}

// nameWord returns the end of a word of a name at i: letters, with hyphens and apostrophes inside.
func nameWord(s string, i int) int {
	for {
		e := lex.Run(s, i, lex.IsLetter)
		r, n := lex.At(s, e)
		next, _ := lex.At(s, e+n)
		if e == i || n == 0 || r != '-' && !lex.IsApostrophe(r) || !lex.IsLetter(next) {
			return e
		}
		i = e + n
	}
}
