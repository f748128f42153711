package attribute

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute/agency"
	"dateline/aggregator/attribute/lex"
)

// part types one part: at is the name in it. Only the first part may begin with a capital "By" or "Von".
func (r *reader) part(s string, at lex.Span, first bool) (partKind, lex.Span, agency.Name) {
	if r.outletForm(s, at) {
		if m, ok := r.partAgency(s, at); ok {
			return partAgency, at, m
		}
		return partOutlet, at, agency.Name{}
	}
	for { // By, Por, Do, the
		w := r.word(s[:at.End], at.Start)
		e := w.End
		if e >= at.End || !partStarts.is(w) || s[e] == '.' || !first && w.Case != lex.Lower {
			break
		}
		at = trimPart(s, e, at.End)
		if at.Empty() {
			return partNothing, at, agency.Name{}
		}
	}
	text := at.Of(s)
	if placeholders.Has(text) || strings.ContainsAny(text, "@{}<>\"=_") || strings.Contains(text, "://") ||
		strings.HasPrefix(text, "www.") {
		return partNothing, at, agency.Name{}
	}
	if m, ok := r.partAgency(s, at); ok {
		if isGivenToo(text) { // Petra: the agency, or who is called so
			return partNothing, at, agency.Name{}
		}
		return partAgency, at, m
	}
	if p, ok := r.beforeTime(s, at); ok {
		return partPerson, p, agency.Name{}
	}
	if p, ok := r.behindJob(s, at); ok {
		return partPerson, p, agency.Name{}
	}
	if r.nothing(s, at) {
		return partNothing, at, agency.Name{}
	}
	if r.isOutlet(s, at) {
		return partOutlet, at, agency.Name{}
	}
	if person, ok := r.partPerson(s, at); ok {
		return partPerson, person, agency.Name{}
	}
	return partUnknown, at, agency.Name{}
}

// partStarts are words before a name in a part.
var partStarts = wordClass("partStarts")

// placeholders are parts that name notNames.
var placeholders = wordSet("placeholders")

// partAgency reads an agency that is all of a part, or with which a part begins where the rest is a job: "Reuters Staff".
func (r *reader) partAgency(s string, at lex.Span) (agency.Name, bool) {
	if m, ok := r.Match(s[:at.End], at.Start); ok {
		rest := strings.TrimSpace(s[m.End:at.End])
		in, place, _ := strings.Cut(rest, " ")
		if where.Has(in) && r.placeOnly(strings.TrimSpace(place)) {
			return m, true
		}
		behind := lex.Between(m.End, at.End)
		if rest == "" || r.jobOnly(behind) || r.jobTitle(s, behind) || m.End < at.End && r.placeOnly(rest) {
			return m, true
		}
	}
	if key, ok := r.Lookup(at.Of(s)); ok {
		return agency.Name{Start: at.Start, End: at.End, Key: key}, true
	}
	if w := r.word(s[:at.End], at.Start); placeholders.Has(w.Of(s)) { // Redazione ANSA
		if m, ok := r.Match(s[:at.End], r.nextWord(s, w.End)); ok && m.End == at.End {
			return m, true
		}
	}
	if w := r.word(s[:at.End], at.Start); len([]rune(w.Of(s))) < 5 && r.jobTitle(s, lex.Between(w.End, at.End)) {
		if key, ok := r.Lookup(w.Of(s)); ok { // Ap National Security Writer
			return agency.Name{Start: w.Start, End: w.End, Key: key}, true
		}
	}
	return agency.Name{}, false
}

// jobOnly reports whether every word is that of a job.
func (r *reader) jobOnly(at lex.Span) bool {
	list := r.words(at)
	return len(list) > 0 && !slices.ContainsFunc(list, func(w lex.Token) bool { return !w.Is(jobs.class | connectors.class) })
}

// jobTitle reports whether words are the title of a job: capitals, at most four, a job last: "National Security Writer".
func (r *reader) jobTitle(s string, at lex.Span) bool {
	list := r.words(at)
	return len(list) > 0 && len(list) < 5 && jobs.is(list[len(list)-1]) && r.titled(s, at)
}

// placeOnly reports whether s is a place or the abbreviation of one.
func (r *reader) placeOnly(s string) bool {
	if r.places.City(s) || r.places.Region(s) {
		return true
	}
	return len([]rune(s)) == 2 && lex.Case(s) == lex.Capital
}

// nothing reports whether a part names neither a person nor an outlet: a job, a place, a date, a time, a note.
func (r *reader) nothing(s string, at lex.Span) bool {
	if r.placeOnly(at.Of(s)) {
		return true
	}
	list := r.words(at)
	for _, w := range list {
		if jobs.is(w) || w.Digit && !isOrdinal(at.Of(s), w.Of(s)) {
			return true
		}
	}
	return len(list) == 0 || isLower(lex.RuneAt(s, at.Start)) && (len(list) > 2 || where.is(list[0]))
}

// behindJob reads the person behind the job with which a part begins: "Staff Writer Ann Lee", "FOCUS-Online-Experte Jan Roe". Who takes
// pictures wrote nothing.
func (r *reader) behindJob(s string, at lex.Span) (lex.Span, bool) {
	list := r.words(at)
	n := 0
	for k, w := range list {
		if photographers.is(w) {
			return at, false
		}
		if jobs.is(w) {
			n = k + 1
		}
	}
	if n == 0 || n > 4 || n == len(list) {
		return at, false
	}
	name := lex.Between(list[n].Start, at.End)
	return name, r.readPerson(s[:at.End], name.Start, 2) == at.End
}

// beforeTime reads the person behind whom a part says how long the text takes to read or when it was changed: "Ann Lee 5 minute read".
func (r *reader) beforeTime(s string, at lex.Span) (lex.Span, bool) {
	e := r.readPerson(s[:at.End], at.Start, 2)
	list := r.words(lex.Between(e, at.End))
	if e == at.Start || len(list) < 2 || !list[0].Digit {
		return at, false
	}
	return lex.Between(at.Start, e), !slices.ContainsFunc(list, func(w lex.Token) bool { return !w.Digit && !jobs.is(w) })
}

// photographers are jobs of those who make pictures.
var photographers = wordClass("photographers")

func isOrdinal(s, w string) bool { return strings.Contains(s, w+"ª") || strings.Contains(s, w+"º") }

// where are words before a place.
var where = wordClass("where")

// jobs are words of what a person does: a part that has one names notNames.
var jobs = wordClass("jobs")

// outletArticles open the name of an outlet with a capital.
var outletArticles = wordSet("outletArticles")

// outletWords are words of the names of newspapers, channels and their desks.
var outletWords = wordClass("outletWords")

// isOutlet reports whether a part is the name of an outlet: a word of such names, an acronym, an article before it, or a digit in it.
func (r *reader) isOutlet(text string, at lex.Span) bool {
	s, n := at.Of(text), len(r.words(at))
	for k, t := range r.words(at) {
		w := t.Of(text)
		if k == 0 && t.Case != lex.Lower && outletArticles.Has(w) && lex.RuneAt(text[:at.End], t.End) != '.' && !particles.is(t) {
			return true
		}
		if m, ok := r.Match(text[:at.End], t.Start); ok && k == 0 && !m.Weak && !isGivenToo(text[m.Start:m.End]) { // G1 Zona da Mata
			return true
		}
		if outletWords.is(t) || strings.ContainsAny(w, "0123456789") || endsAsOutlet(w) || k > 0 && companies.Has(w) {
			return true
		}
	}
	// RPC Curitiba
	if first := s[:lex.WordEnd(s, 0)]; n > 1 && len([]rune(first)) > 2 && lex.Case(first) == lex.Capital && lex.Case(s) != lex.Capital {
		return true
	}
	if list := r.words(at); n > 2 && bodyForms.Has(text[list[n-2].Start:list[n-1].End]) { // Muster e.V.
		return true
	}
	if n == 1 && lex.Case(s) == lex.Capital && len([]rune(s)) < 6 {
		return true
	}
	if n == 2 && r.places.Region(r.words(at)[1].Of(text)) && isLower(lex.RuneAt(s, 0)) { // example Germany
		return true
	}
	last := s[strings.LastIndexByte(s, '.')+1:]
	return strings.Contains(s, ".") && !strings.Contains(s, " ") && (!initialName(s) || domains.Has(last) && lex.Case(last) == lex.Lower)
}

// bodyForms end the names of bodies.
var bodyForms = wordSet("bodyForms")

// endsAsOutlet reports whether a word ends as the names of outlets and bodies do, and is longer.
func endsAsOutlet(w string) bool {
	f := lex.Fold(w)
	for _, end := range outletEndings {
		if len(f) > len(end)+2 && (strings.HasSuffix(f, end) || !cased(end) && strings.Contains(f, end)) {
			return true
		}
	}
	return false
}

// outletEndings end the names of outlets and bodies that are one word.
var outletEndings = wordList("outletEndings")

// initialName reports whether a name of one word is initials and a surname: J.K.Rowling.
func initialName(s string) bool { return strings.Index(s, ".") < 3 }

// partPerson reads the name of a person that is all of a part but for a place in capitals behind it.
func (r *reader) partPerson(s string, at lex.Span) (lex.Span, bool) {
	if list := r.words(at); lex.Case(at.Of(s)) == lex.Capital {
		for k := 2; k+1 < len(list); k++ { // ANA LIMA DE SÃO PAULO
			if where.is(list[k]) && r.places.City(s[list[k+1].Start:at.End]) {
				at.End = list[k-1].End
			}
		}
	}
	e := r.readPerson(s[:at.End], at.Start, 2)
	if e == at.Start {
		return at, false
	}
	for e < at.End && s[e-1] != '.' && s[e] == '.' { // the full stop of "Hernández D."
		e++
	}
	rest := strings.TrimSpace(s[e:at.End])
	name := lex.Between(at.Start, e)
	switch first, _, _ := strings.Cut(rest, " "); {
	case rest == "":
	case where.Has(first) && r.placeOnly(strings.TrimSpace(strings.TrimPrefix(rest, first))):
	case where.Has(first) && lex.Case(strings.TrimSpace(strings.TrimPrefix(rest, first))) != lex.Lower && len(strings.Fields(rest)) < 5:
	default:
		return at, false
	}
	if k := strings.LastIndexByte(name.Of(s), ' '); k > 0 && lex.Case(name.Of(s)) != lex.Capital { // NAME  BRASÍLIA
		if w := name.Of(s)[k+1:]; lex.Case(w) == lex.Capital && r.places.City(w) &&
			strings.Count(strings.TrimSpace(name.Of(s)[:k]), " ") > 0 {
			name.End = lex.SkipSpaceBack(s, name.Start+k)
		}
	}
	return name, true
}
