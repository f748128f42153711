package attribute

import (
	"cmp"
	"slices"
	"strings"

	"dateline/aggregator/attribute/agency"
	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"
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
	if r.endsAsCompany(s, lex.Between(start, end)) { // Muster & Sons Ltd
		return people{parts: 1}
	}
	if at, ok := r.beforeJob(s, lex.Between(start, end)); ok {
		return people{persons: []lex.Span{at}, parts: 1}
	}
	if at, ok := r.whoIs(s, lex.Between(start, end)); ok {
		return people{persons: []lex.Span{at}, parts: 1}
	}
	if r.isEdited(s[:end], start) {
		return people{parts: 1}
	}
	start = r.pastStamp(s, start, end)
	start = opening(s[:end], start)
	if w := r.word(s[:end], start); sourceLabels.is(w) && strings.HasPrefix(s[w.End:end], ":") { // Izvor: Tanjug
		start = lex.SkipSpace(s, w.End+1)
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
	r.readUntyped(s, start, end, &p)
	slices.SortStableFunc(p.agencies, func(a, b agency.Name) int { // Le Figaro avec AFP
		return cmp.Compare(r.mediaRank(a.Key), r.mediaRank(b.Key))
	})
	return p
}

// readUntyped reads the parts that are none of the known sorts where no part is: a pair, or names in letters that have no case.
func (r *reader) readUntyped(s string, start, end int, p *people) {
	if p.parts == 2 && len(p.persons) == 0 && len(p.agencies) == 0 && p.unknown == 2 {
		r.readPair(s, start, end, p)
	}
	if p.parts > 1 && p.unknown > 0 && len(p.persons)+len(p.agencies) == 0 && !cased(s[start:end]) { // 배윤경, 이상현
		for i := start; i < end; {
			stop, next := r.nextPart(s[:end], i)
			if part := trimPart(s, i, stop); !r.places.City(part.Of(s)) && !placeholders.Has(part.Of(s)) { // القاهرة - محمد علي
				p.persons = append(p.persons, part)
			}
			i = next
		}
		p.unknown = 0
	}
}

// isNoName reports whether a part of a form that is no person's names no one: a day, a month, one word behind "By", or a name with a word
// of those of bodies and firms behind its first one.
func (r *reader) isNoName(s string, at lex.Span, labelled bool) bool {
	list := r.words(at)
	if len(list) == 1 {
		_, e, month := lex.ReadMonth(s, at.Start)
		return labelled || weekdays.is(list[0]) || month && e == at.End
	}
	return len(list) > 0 && slices.ContainsFunc(list[1:], func(w lex.Token) bool { return w.Case != lex.Lower && notNames.is(w) })
}

// mediaRank is 1 of an outlet, which took the text from an agency that is named beside it, else 0.
func (r *reader) mediaRank(key string) int {
	if r.Kind(key) == news.KindMedia {
		return 1
	}
	return 0
}

// isEdited reports whether a list names editors, no authors: "Edited by Ann Lee".
func (r *reader) isEdited(s string, i int) bool {
	if !trailerHeads.is(r.word(s, i)) {
		return false
	}
	_, author, ok := clause(s, i)
	return ok && !author
}

// readPair reads two parts that are none of the known sorts: a surname before a given name, "Lee, Ann", or, in letters that have no case, a
// person and a place behind a dash.
func (r *reader) readPair(s string, start, end int, p *people) {
	at := trimPart(s, start, end)
	if surnameFirst(at.Of(s)) {
		p.persons, p.unknown = []lex.Span{at}, 0
		return
	}
	stop, _ := r.nextPart(s[:end], start)
	name := trimPart(s, start, stop)
	if lex.IsDash(lex.RuneAt(s, stop)) && !cased(at.Of(s)) && len(r.words(name)) > 1 && len(r.words(name)) < 5 {
		p.persons, p.unknown = []lex.Span{name}, 0
	}
}

// cased reports whether a letter of s has a capital or a small form.
func cased(s string) bool { return strings.ToUpper(s) != s || strings.ToLower(s) != s }

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
	if k := strings.IndexByte(part.Of(s), '-'); k > 0 { // Beta-AP
		first, ok := r.Match(s[:part.Start+k], part.Start)
		second, both := r.Match(s[:part.End], part.Start+k+1)
		if ok && both && first.End == part.Start+k && second.End == part.End {
			p.agencies = append(p.agencies, first, second)
			return
		}
	}
	part = withoutMail(s, part)
	if name, of, ok := r.beforeTitle(s, part, p.parts == 1); ok {
		p.addPerson(s, name)
		if of.Key != "" {
			p.addAgency(of)
		}
		return
	}
	if list := r.words(part); len(list) == 2 && jobs.is(list[1]) && !cased(part.Of(s)) { // 김철수 기자
		p.addPerson(s, list[0].Span)
		return
	}
	kind, at, m := r.part(s, part, p.parts == 1)
	switch {
	case kind == partPerson:
		p.addPerson(s, at)
	case kind == partAgency:
		p.addAgency(m)
	case kind == partUnknown:
		p.unknown++
	}
}

// addPerson adds a person who is not in the list yet.
func (p *people) addPerson(s string, at lex.Span) {
	f := lex.Fold(at.Of(s))
	if len(p.persons) < maxPersons && !slices.ContainsFunc(p.persons, func(o lex.Span) bool { return lex.Fold(o.Of(s)) == f }) {
		p.persons = append(p.persons, at)
	}
}

// addAgency adds an agency that is not in the list yet.
func (p *people) addAgency(m agency.Name) {
	if !slices.ContainsFunc(p.agencies, func(o agency.Name) bool { return o.Key == m.Key }) {
		p.agencies = append(p.agencies, m)
	}
}

// withoutMail cuts the mail address or the account at either end of a part: "Ann Lee @annlee".
func withoutMail(s string, at lex.Span) lex.Span {
	k := strings.IndexByte(at.Of(s), '@')
	if k < 0 {
		return at
	}
	text := at.Of(s)
	from, to := strings.LastIndexByte(text[:k], ' '), strings.IndexByte(text[k:], ' ')
	switch {
	case from > 0 && to < 0:
		return trimPart(s, at.Start, at.Start+from)
	case from < 0 && to > 0:
		return trimPart(s, at.Start+k+to, at.End)
	}
	return at
}

// nextPart returns where the part at i ends and where the next one may begin.
func (r *reader) nextPart(s string, i int) (stop, next int) {
	for j := i; j < len(s); {
		c, n := lex.At(s, j)
		switch {
		case c == ',' || c == ';' || c == '，' || c == '、' || c == '/' || c == '|' || c == '(' || c == ')' || c == '*' || c == '\n' || c == '&' ||
			c == '•' || c == '·' || c == '[' || c == ']':
			return j, j + n
		case c == '.' && endsPart(s, j):
			return j, j + n
		case lex.IsDash(c) && lex.IsSpace(lex.Before(s, j)):
			return j, j + n
		case lex.IsWord(c):
			e := r.wordEnd(s, j)
			if w := r.word(s, j); j > i && lex.IsSpace(lex.Before(s, j)) && (joiners.is(w) && !capitalE(s, j, e) || listWords.is(w)) &&
				lex.IsSpace(lex.RuneAt(s, e)) && !r.joinedName(s, i, j, e) {
				return j, e
			}
			j = e
			continue
		}
		j += n
	}
	return len(s), len(s)
}

// joinedName reports whether the "e" or "y" between j and e joins the surnames of the person whose name begins at i: "José Volta e Pinto".
func (r *reader) joinedName(s string, i, j, e int) bool {
	if w := s[j:e]; w != "e" && w != "y" && w != "i" || len(r.words(lex.Between(i, j))) < 2 {
		return false
	}
	next := r.word(s, lex.SkipSpace(s, e))
	if _, ok := r.Match(s, next.Start); ok { // Ana Lima e Lusa
		return false
	}
	behind := lex.SkipSpace(s, next.End)
	return next.Case == lex.Title && (behind >= len(s) || strings.IndexByte(",;|/", s[behind]) >= 0)
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
