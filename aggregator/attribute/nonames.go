package attribute

import (
	"slices"
	"strings"
	"unicode"

	"dateline/aggregator/attribute/lex"
)

// What an author element has beside names, or in their place: firms, outlets by their form, the time of a change, what the author does.

// endsAsCompany reports whether a list ends with the form of a firm, of up to four words: "Muster sp. z o.o."
func (r *reader) endsAsCompany(s string, at lex.Span) bool {
	list := r.words(at)
	for n := 1; n <= 4 && n < len(list); n++ {
		form := s[list[len(list)-n].Start:at.End]
		if n == 1 && len(list) > 2 && companies.Has(form) || n > 1 && (bodyForms.Has(form) || companies.Has(form)) {
			return true
		}
	}
	return false
}

// outletForm reports whether a part has a form that names of outlets have and those of persons have not: an English article with a
// capital, a name in quotation marks, small and capital letters in one word, a collective noun at its end, a sentence in letters without
// case.
func (r *reader) outletForm(s string, at lex.Span) bool {
	list := r.words(at)
	if len(list) == 0 {
		return false
	}
	first, last := list[0].Of(s), list[len(list)-1]
	switch {
	case len(list) > 1 && first == "The":
		return true
	case strings.ContainsAny(at.Of(s), "«»„“”"):
		return len(list) == 1 || !isGivenName(first)
	case len(list) == 1 && list[0].End-list[0].Start == at.End-at.Start:
		return camelCase(first) || len([]rune(first)) > 5 && unicode.Is(unicode.Han, lex.RuneAt(first, 0))
	}
	return len(list) > 1 && collectives.Has(last.Of(s)) && !isGivenName(first)
}

// camelCase reports whether a capital follows two small letters or more in a word: "NutriCon".
func camelCase(w string) bool {
	small := 0
	for _, c := range w {
		if lex.IsUpper(c) && small > 1 {
			return true
		}
		if small++; !isLower(c) {
			small = 0
		}
	}
	return false
}

// collectives are words with which names of groups, desks and shops end.
var collectives = wordSet("collectives")

// whoIs reads the person of whom an author element says more: "Ann Lee is a reporter who covers ...".
func (r *reader) whoIs(s string, at lex.Span) (lex.Span, bool) {
	list := r.words(at)
	e := r.readPerson(s[:at.End], at.Start, 2)
	if len(list) < 8 || e == at.Start {
		return at, false
	}
	name := lex.Between(at.Start, e)
	next := r.word(s[:at.End], lex.SkipSpace(s, e))
	return name, next.Small && aboutVerbs.Has(next.Of(s)) && r.namesPerson(s, name)
}

// beforeJob reads the person before a title that ends with a job and has small letters: "Ann Lee Defence and security editor".
func (r *reader) beforeJob(s string, at lex.Span) (lex.Span, bool) {
	list := r.words(at)
	if len(list) < 4 || len(list) > 9 || !jobs.is(list[len(list)-1]) || strings.ContainsAny(at.Of(s), ",;|/&(") {
		return at, false
	}
	name := lex.Between(at.Start, list[1].End)
	small := slices.ContainsFunc(list[2:], func(w lex.Token) bool { return w.Small && joiners.is(w) })
	return name, small && !jobs.is(list[1]) && r.namesPerson(s, name) && list[2].Case == lex.Title
}

// aboutVerbs are behind the name of an author of whom more is said.
var aboutVerbs = wordSet("aboutVerbs")

// pastStamp returns where the names begin behind the time at which a text was published or changed: "Posted at 10:00 am on June 19, 2019
// by Ann Lee". Without one it is start.
func (r *reader) pastStamp(s string, start, end int) int {
	dated := slices.ContainsFunc(r.words(lex.Between(start, end)), func(w lex.Token) bool { return w.Digit })
	if !dated && !jobs.is(r.word(s[:end], start)) {
		return start
	}
	for _, by := range []string{" by ", " By "} {
		k := strings.LastIndex(s[start:end], by)
		if k <= 0 {
			continue
		}
		name := start + k + len(by)
		if m, ok := r.Match(s[:end], lex.SkipWord(s[:end], name, "the")); ok && m.End == end || r.readPerson(s[:end], name, 2) == end {
			return start + k + 1
		}
	}
	return start
}
