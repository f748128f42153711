package attribute

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute/lex"
)

// readAgency reads the agency of a dateline behind the gap: bracketed, bare, or one that the registry lacks.
func (r *reader) readAgency(s string, i int, sep gap, o order, l *line) (tag, bool) {
	if t, ok := r.readTag(s, i); ok {
		return t, true
	}
	switch o.last() {
	case 'D':
		if t, ok := r.readUnknownTag(s, i); ok && (o.is("PD") || o.is("D")) {
			return t, true
		}
	case 'P':
		t, ok := r.readUnknownTag(s, i)
		paired := l.place.caps && l.place.plain() && isAcronym(t.name.Of(s)) && t.name.End-t.name.Start > 2
		if ok && (l.place.known() || l.place.formed || paired) && !r.places.Region(t.name.Of(s)) && !r.places.City(t.name.Of(s)) {
			return t, true
		}
	}
	if l.clock && sep.dash {
		return r.readClocked(s, i)
	}
	if o.is("") {
		// 11:54 REGNUM Верховный суд
		if e, ok := clockTime(s, lex.SkipSpace(s, lex.Run(s, i, func(r rune) bool { return r == ',' }))); ok &&
			lex.IsSpace(lex.RuneAt(s, e)) {
			return r.readClocked(s, lex.SkipSpace(s, e))
		}
	}
	near := !sep.any() && sep.spaced && (o.is("PD") || o.is("P") && l.place.city) // МОСКВА, 9 июл ПРАЙМ.
	if o.last() == 0 || sep.any() || near {
		weak := func(t tag) bool { // London CNN — The ...
			gap := readGap(s, t.end)
			return t.weak && !(o.is("PD") && t.caps && l.place.caps) && !(t.caps && gap.dash && gap.spaced)
		}
		if t, ok := r.readBare(s, i); ok && !(t.loose && (sep.dash || near)) && !(near && (weak(t) || readGap(s, t.end).comma)) {
			return t, true
		}
	}
	if outlet, ok := r.readOutlet(s, i, o, l); ok && (sep.any() || s[i] == '/') {
		return outlet, true
	}
	return tag{}, false
}

// freePlace reads what is between a date and a bracketed agency, of any words: "8 июня, деревня Ольшаны
// /Корр. БЕЛТА/".
func (r *reader) freePlace(s string, i int, o order) (place, bool) {
	if !o.is("D") {
		return place{}, false
	}
	k := strings.IndexAny(s[i:min(len(s), i+100)], "/(\n,;:")
	if k <= 0 || s[i+k] != '/' && s[i+k] != '(' || !lex.IsSpace(lex.Before(s, i+k)) {
		return place{}, false
	}
	p := place{start: i, end: lex.SkipSpaceBack(s, i+k)}
	words := strings.Count(s[p.start:p.end], " ") + 1
	t, ok := r.readTag(s, i+k)
	if !ok || t.key == "" || t.weak || p.end <= i || words > 5 || strings.ContainsAny(s[p.start:p.end], "0123456789\"«»") ||
		strings.Contains(s[p.start:p.end], ". ") && words > 3 {
		return place{}, false
	}
	p.words, p.city = words, r.places.City(s[p.start:p.end])
	return p, true
}

// readUnknownTag reads an agency that the registry lacks: one to four words in round brackets, behind a place or a date.
func (r *reader) readUnknownTag(s string, i int) (tag, bool) {
	if i >= len(s) || s[i] != '(' {
		return tag{}, false
	}
	n := strings.IndexAny(s[i:min(len(s), i+60)], ")\n")
	if n < 0 || s[i+n] == '\n' || strings.ContainsAny(s[i:i+n], "%$€") {
		return tag{}, false
	}
	in := s[i+1 : i+n]
	w := len(strings.Fields(in))
	gap := readGap(s, i+n+1)
	press := w == 1 && gap.stop && gap.spaced && r.table.Any(pressWords.class) &&
		slices.ContainsFunc(r.words(lex.Between(i+1, i+n)), pressWords.is)
	first := lex.RuneAt(in, 0)
	if w == 0 || w > 4 || !lex.IsLetter(lex.RuneAt(in, lex.Run(in, 0, lex.IsDigit))) || lex.IsDigit(first) && lex.Case(in) != lex.Capital ||
		!lex.IsUpper(first) && !lex.IsDigit(first) && !(w == 1 && (gap.dash || press)) || notPlaces.Has(in) {
		return tag{}, false
	}
	return tag{start: i, end: i + n + 1, bracketed: true, outlet: press, name: lex.Between(i+1, i+n)}, true
}

// pressWords are parts of the names of press services: "fn-press", "presseportal".
var pressWords = wordClass("pressWords")

// readOutlet reads an agency that the registry lacks and that no bracket holds: a word in capitals or with capitals inside behind a
// place and a date ("ПЕРМЬ, 17 марта, УралПресс."), or one to three words between slashes behind a place or at the head
// ("/КРОСС/").
func (r *reader) readOutlet(s string, i int, o order, l *line) (tag, bool) {
	switch {
	case i >= len(s):
	case o.is("P") && lex.Before(s, lex.SkipSpaceBack(s, i)) == ',': // JAKARTA, EXAMPLE.com -
		e := i + len(s[i:]) - len(strings.TrimLeft(s[i:], "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-"))
		gap := readGap(s, e)
		return tag{start: i, end: e, outlet: true, name: lex.Between(i, e)}, isAddress(s[i:e]) && s[e-1] != '.' && gap.dash && gap.spaced
	case s[i] == '/' && (o.is("P") || o.is("")):
		n := strings.IndexAny(s[i+1:min(len(s), i+40)], "/\n")
		if n <= 0 || s[i+1+n] != '/' {
			return tag{}, false
		}
		in := s[i+1 : i+1+n]
		if w := len(strings.Fields(in)); w > 3 || lex.Case(in) == lex.Lower || o.is("") && lex.Case(in) != lex.Capital ||
			strings.ContainsAny(in, "0123456789.,:") {
			return tag{}, false
		}
		return tag{start: i, end: i + n + 2, bracketed: true, outlet: true, name: lex.Between(i+1, i+1+n)}, true
	case o.is("PD"):
		e := r.wordEnd(s, i)
		w := s[i:e]
		dash := readGap(s, e)
		if isAcronym(w) && len(w) > 2 && dash.dash && dash.spaced && lex.IsSpace(lex.RuneAt(s, e)) && !notPlaces.Has(w) &&
			(l.place.caps || l.place.known()) { // BRIDGETOWN, Barbados, May 5, XMC –
			return tag{start: i, end: e, outlet: true, name: lex.Between(i, e)}, true
		}
		if len([]rune(w)) < 3 || !strings.HasPrefix(s[e:], ".") || !innerCapital(w) || notPlaces.Has(w) {
			return tag{}, false
		}
		return tag{start: i, end: e, outlet: true, name: lex.Between(i, e)}, true
	}
	return tag{}, false
}

// readClocked reads the word in capitals that follows a time of day and a dash: "10:26 — REGNUM Областной суд".
func (r *reader) readClocked(s string, i int) (tag, bool) {
	e := r.wordEnd(s, i)
	if w := r.word(s, i); len([]rune(s[i:e])) < 3 || w.Case != lex.Capital || !lex.IsUpper(lex.RuneAt(s, lex.SkipSpace(s, e))) {
		return tag{}, false
	}
	return tag{start: i, end: e, outlet: true, clocked: true, name: lex.Between(i, e)}, true
}

// innerCapital reports whether a word begins with a capital and has another one.
func innerCapital(w string) bool {
	n := 0
	for i, r := range w {
		if lex.IsUpper(r) {
			n++
		} else if i == 0 {
			return false
		}
	}
	return n > 1
}
