package attribute

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute/agency"
	"dateline/aggregator/attribute/lex"
)

// Who wrote a report is printed as a list: persons, their jobs, the outlet they work for, where they are ("Por Ana Lima e Rui Reis,
// TV Exemplo, Brasília"; "Jane Roe, Political Editor"; "Reuters, AFP"). The list is cut into parts and each part is typed by
// itself; what is neither a person nor an agency names notNames.

// people is a list of names as typed.
type people struct {
	persons  []lex.Span
	agencies []agency.Name
	parts    int // of the list
	unknown  int // parts that are none of the known sorts
	handles  int // parts of one short word in small letters: the mark of a desk or a user's name
}

const maxPersons = 12

// partKind is the sort of a part.
type partKind int

const (
	partUnknown partKind = iota
	partNothing          // a job, a place, a date, a placeholder
	partPerson
	partAgency
	partOutlet
)

// readPeople reads the list between start and end of s.
func (r *reader) readPeople(s string, start, end int) people {
	var p people
	if m, ok := r.Match(s[:end], start); ok { // Associated Press Writer Ann Lee
		e := lex.SkipSpace(s[:end], m.End)
		w := r.word(s[:end], e)
		if next := lex.SkipSpace(s[:end], w.End); jobs.is(w) && r.readPerson(s[:end], next, 2) > next {
			p.agencies, p.parts = []agency.Name{m}, 1
			start = w.End
		}
	}
	for i := start; i < end; {
		stop, next := r.nextPart(s[:end], i)
		part := trimPart(s, i, stop)
		switch {
		case part.Empty():
		case province(s[:end], next): // Minas de Camaquã (RS)
			p.parts++
		case pictures(part.Of(s)): // Videos: NAME & NAME, ...
			p.parts++
			if k := strings.IndexAny(s[stop:end], ",;"); k >= 0 {
				next = stop + k + 1
			} else {
				next = end
			}
		default:
			p.parts++
			r.addPart(s, part, &p)
		}
		i = next
	}
	if p.parts == 2 && len(p.persons) == 0 && len(p.agencies) == 0 && p.unknown == 2 { // Lee, Ann
		if at := trimPart(s, start, end); surnameFirst(at.Of(s)) {
			p.persons, p.unknown = []lex.Span{at}, 0
		}
	}
	return p
}

// province reports whether the abbreviation of a province in brackets begins at i: the part before it is a place.
func province(s string, i int) bool {
	return lex.Before(s, i) == '(' && len(s) > i+2 && s[i+2] == ')' && lex.Case(s[i:i+2]) == lex.Capital
}

// pictures reports whether a part begins with the label of those who made the pictures.
func pictures(part string) bool {
	label, _, ok := strings.Cut(part, ":")
	return ok && pictureLabels.Has(label)
}

var pictureLabels = wordSet("pictureLabels")

// addPart types one part and adds what it names.
func (r *reader) addPart(s string, part lex.Span, p *people) {
	if w := part.Of(s); len([]rune(w)) < 6 && isLower(lex.RuneAt(w, 0)) && lex.WordEnd(w, 0) == len(w) && !placeholders.Has(w) &&
		!r.word(s, part.Start).Is(headName) {
		p.handles++
		return
	}
	kind, at, m := r.part(s, part, p.parts == 1)
	switch {
	case kind == partPerson && len(p.persons) < maxPersons:
		f := lex.Fold(at.Of(s))
		for _, o := range p.persons {
			if lex.Fold(o.Of(s)) == f {
				return
			}
		}
		p.persons = append(p.persons, at)
	case kind == partAgency:
		for _, o := range p.agencies {
			if o.Key == m.Key {
				return
			}
		}
		p.agencies = append(p.agencies, m)
	case kind == partUnknown:
		p.unknown++
	}
}

// nextPart returns where the part at i ends and where the next one may begin.
func (r *reader) nextPart(s string, i int) (stop, next int) {
	for j := i; j < len(s); {
		c, n := lex.At(s, j)
		switch {
		case c == ',' || c == ';' || c == '/' || c == '|' || c == '(' || c == ')' || c == '*' || c == '\n' || c == '&' ||
			c == '•' || c == '·' || c == '[' || c == ']':
			return j, j + n
		case c == '.' && endsPart(s, j):
			return j, j + n
		case lex.IsDash(c) && lex.IsSpace(lex.Before(s, j)):
			return j, j + n
		case lex.IsWord(c):
			e := r.wordEnd(s, j)
			if w := r.word(s, j); j > i && lex.IsSpace(lex.Before(s, j)) && (joiners.is(w) && !capitalE(s, j, e) || listWords.is(w)) &&
				lex.IsSpace(lex.RuneAt(s, e)) {
				return j, e
			}
			j = e
			continue
		}
		j += n
	}
	return len(s), len(s)
}

// capitalE reports whether the word between j and e is an initial and no "and".
func capitalE(s string, j, e int) bool {
	return e < len(s) && s[e] == '.'
}

// endsPart reports whether the full stop at i ends a part and no initial or abbreviation.
func endsPart(s string, i int) bool {
	if i+1 < len(s) && !lex.IsSpace(lex.RuneAt(s, i+1)) {
		return false
	}
	j := i
	for j > 0 && lex.IsWord(lex.Before(s, j)) {
		_, n := lex.Last(s, j)
		j -= n
	}
	return len([]rune(s[j:i])) > 3
}

// listWords join the members of a list as "and" does.
var listWords = wordClass("listWords")

// trimPart trims white space and punctuation round a part.
func trimPart(s string, i, end int) lex.Span {
	for i < end {
		c, n := lex.At(s, i)
		if lex.IsWord(c) || c == '@' {
			break
		}
		i += n
	}
	for end > i {
		c, n := lex.Last(s, end)
		if lex.IsWord(c) || c == '.' && (initialBefore(s, end-n) || strings.HasSuffix(s[i:end], " Jr.") ||
			strings.HasSuffix(s[i:end], " Sr.")) {
			break
		}
		end -= n
	}
	return lex.Between(i, end)
}

// surnameFirst reports whether "Lee, Ann" is one name: one word and one or two, in title case but for particles.
func surnameFirst(s string) bool {
	last, first, ok := strings.Cut(s, ",")
	if !ok || strings.Contains(last, " ") || lex.Case(last) != lex.Title {
		return false
	}
	f := strings.Fields(first)
	return len(f) > 0 && len(f) < 3 && lex.Case(f[0]) == lex.Title && (len(f) == 1 || particles.Has(f[1]) || len([]rune(f[1])) < 3)
}

// part types one part: at is the name in it. Only the first part may begin with a capital "By" or "Von".
func (r *reader) part(s string, at lex.Span, first bool) (partKind, lex.Span, agency.Name) {
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
		return partAgency, at, m
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

// photographers are jobs of those who make pictures.
var photographers = wordClass("photographers")

func isOrdinal(s, w string) bool { return strings.Contains(s, w+"ª") || strings.Contains(s, w+"º") }

// where are words before a place.
var where = wordClass("where")

// jobs are words of what a person does: a part that has one names notNames.
var jobs = wordClass("jobs")

// outletWords are words of the names of newspapers, channels and their desks.
var outletWords = wordClass("outletWords")

// isOutlet reports whether a part is the name of an outlet: a word of such names, an acronym, an article before it, or a digit in it.
func (r *reader) isOutlet(text string, at lex.Span) bool {
	s, n := at.Of(text), len(r.words(at))
	for k, t := range r.words(at) {
		w := t.Of(text)
		if k == 0 && (w == "The" || w == "O" || w == "El" || w == "La" || w == "Le" || w == "Die" || w == "Der" || w == "Il" ||
			w == "THE") && lex.RuneAt(text[:at.End], t.End) != '.' && !particles.is(t) {
			return true
		}
		if m, ok := r.Match(text[:at.End], t.Start); ok && k == 0 && !m.Weak { // G1 Zona da Mata
			return true
		}
		if outletWords.is(t) || strings.ContainsAny(w, "0123456789") || endsAsOutlet(w) {
			return true
		}
	}
	// RPC Curitiba
	if first := s[:lex.WordEnd(s, 0)]; n > 1 && len([]rune(first)) > 2 && lex.Case(first) == lex.Capital && lex.Case(s) != lex.Capital {
		return true
	}
	if n == 1 && lex.Case(s) == lex.Capital && len([]rune(s)) < 6 {
		return true
	}
	if n == 2 && r.places.Region(r.words(at)[1].Of(text)) && isLower(lex.RuneAt(s, 0)) { // example Germany
		return true
	}
	return strings.Contains(s, ".") && !strings.Contains(s, " ") && !initialName(s)
}

// endsAsOutlet reports whether a word ends as the names of outlets and bodies do, and is longer.
func endsAsOutlet(w string) bool {
	f := lex.Fold(w)
	for end := range outletEndings {
		if len(f) > len(end)+2 && strings.HasSuffix(f, end) {
			return true
		}
	}
	return false
}

// outletEndings end the names of outlets and bodies that are one word.
var outletEndings = wordSet("outletEndings")

// initialName reports whether a name of one word is initials and a surname: J.K.Rowling.
func initialName(s string) bool { return strings.Index(s, ".") < 3 }

// partPerson reads the name of a person that is all of a part but for a place in capitals behind it.
func (r *reader) partPerson(s string, at lex.Span) (lex.Span, bool) {
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
