package attribute

import (
	"strings"

	"dateline/aggregator/attribute/agency"
	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"
)

// tag is the part of a dateline that names the agency: bracketed, as in "(BelTA)", "/Корр. ТАСС Иван Петров/" and
// "(UrduPoint News / Sputnik - 17th May, 2023)", or bare, as in "РИА Новости, Дмитрий Знаменский".
type tag struct {
	start, end int
	bracketed  bool
	name       lex.Span // of the originator
	key        string   // its key; empty: not in the registry
	weak       bool
	carrier    lex.Span // a republisher that is beside the originator
	carrierKey string
	second     lex.Span // an agency that shares the report
	secondKey  string
	persons    []lex.Span
	date       lex.Date // month 0: none inside
	domain     bool     // the bare name is a host's: INTERFAX.RU
	outlet     bool     // the registry lacks it and no round bracket holds it
	clocked    bool     // an outlet behind a time of day
	caps       bool     // the bare name is printed as an acronym or is no ordinary word: AP - An explosion
	loose      bool     // nothing parts the bare name from the lead but its capitals: ASTANA. KAZINFORM The
}

// reporters are words that precede an agency or a person in a tag.
var reporters = wordClass("reporters")

const maxTag = 120 // bytes

// readTag reads a bracketed tag at i: in round or square brackets, or between slashes.
func (r *reader) readTag(s string, i int) (tag, bool) {
	if i >= len(s) {
		return tag{}, false
	}
	k := strings.IndexByte("([/", s[i])
	if k < 0 {
		return tag{}, false
	}
	inner := s[i+1 : min(len(s), i+maxTag)]
	n := strings.IndexAny(inner, ")]/\n"[k:k+1]+"\n")
	if n < 0 || inner[n] == '\n' {
		return tag{}, false
	}
	t := tag{start: i, end: i + n + 2, bracketed: true}
	if t.end < len(s) && s[i] == '/' && lex.IsWord(lex.Before(s, i+n+1)) {
		if next, _ := lex.At(s, t.end); lex.IsWord(next) { // PLACE/OTHER/THIRD
			return tag{}, false
		}
	}
	ok := r.fillTag(s, i+1, i+1+n, &t)
	return t, ok
}

// fillTag reads the parts of a tag between start and end.
func (r *reader) fillTag(s string, start, end int, t *tag) bool {
	in := s[:end]
	for i := start; i < end; {
		if c, n := lex.At(in, i); !lex.IsWord(c) {
			i += n
			continue
		}
		if m, ok := r.Match(in, i); ok {
			r.addTagged(t, m)
			i = m.End
			continue
		}
		if d, ok := lex.ReadDate(in, i); ok && t.date.Month == 0 {
			t.date = d
			i = d.End
			continue
		}
		e := r.wordEnd(in, i)
		if reporters.is(r.word(in, i)) {
			i = e
			continue
		}
		if p := r.readPerson(in, i, 2); p > i {
			t.persons = append(t.persons, lex.Between(i, p))
			i = p
			continue
		}
		if t.name.None() || len([]rune(in[i:e])) > 6 { // a desk's mark behind the agency, as in (dpa/lsw)
			return false
		}
		i = e
	}
	return !t.name.None() || !t.carrier.None()
}

// addTagged adds an agency to a tag: a medium beside an agency is the carrier, a second agency shares the report.
func (r *reader) addTagged(t *tag, m agency.Name) {
	at := lex.Between(m.Start, m.End)
	switch carrier := r.Kind(m.Key) == news.KindMedia; {
	case t.name.None():
		t.name, t.key, t.weak = at, m.Key, m.Weak
	case r.Kind(t.key) == news.KindMedia && !carrier:
		t.carrier, t.carrierKey = t.name, t.key
		t.name, t.key, t.weak = at, m.Key, m.Weak
	case carrier:
		t.carrier, t.carrierKey = at, m.Key
	case t.second.None():
		t.second, t.secondKey = at, m.Key
	}
}

// readBare reads an agency without brackets at i, and the persons behind it: "РИА Новости, Дмитрий Знаменский",
// "ТАСС /Корр. Иван Петров/". What follows must end it: a full stop, a dash, a colon, a comma before a date, or the
// end of the line.
func (r *reader) readBare(s string, i int) (tag, bool) {
	m, ok := r.Match(s, i)
	if !ok {
		return tag{}, false
	}
	if lex.IsDash(lex.Before(s, lex.SkipSpaceBack(s, i))) && hyphened(s, m.End) { // Berlin - dpa-Chef Jan Roe
		return tag{}, false
	}
	t := tag{start: i, end: m.End, name: lex.Between(m.Start, m.End), key: m.Key, weak: m.Weak}
	t.domain = strings.Contains(t.name.Of(s), ".")
	t.caps = !m.Weak || lex.Case(t.name.Of(s)) == lex.Capital
	j := lex.SkipSpace(s, m.End)
	c, n := lex.At(s, j)
	switch {
	case n == 0 || c == '\n' || c == '.' || c == ':' || lex.IsDash(c):
		return t, true
	case c == ',':
		k := lex.SkipSpace(s, j+1)
		if _, ok := lex.ReadDate(s, k); ok {
			return t, true
		}
		if p, ok := r.readPlace(s, k); ok && p.city && t.domain && readGap(s, p.end).dash { // TEMPO.CO, Jakarta -
			return t, true
		}
		return t, r.barePersons(s, k, &t)
	case c == '/':
		k := strings.IndexByte(s[j+1:min(len(s), j+maxTag)], '/')
		if k < 0 {
			return t, false
		}
		inner := lex.SkipSpace(s, r.skipReporter(s, j+1))
		if p := r.nameList(s[:j+1+k], inner, &t.persons); len(t.persons) > 0 && p == j+1+k {
			t.end = p + 1
			return t, true
		}
	case lex.IsUpper(c) && lex.Case(t.name.Of(s)) == lex.Capital && !m.Weak && i > 0 && r.word(s, j).Case == lex.Title:
		t.loose = true
		return t, true
	}
	return t, false
}

// hyphened reports whether a word that ends at i goes on behind a hyphen.
func hyphened(s string, i int) bool {
	c, n := lex.At(s, i)
	return (c == '-' || c == '‑') && lex.IsLetter(lex.RuneAt(s, i+n))
}

// barePersons reads the persons behind a bare agency up to a full stop or a dash.
func (r *reader) barePersons(s string, i int, t *tag) bool {
	p := r.nameList(s, i, &t.persons)
	if len(t.persons) == 0 || p < t.persons[len(t.persons)-1].End {
		return false
	}
	t.end = p
	c, _ := lex.At(s, lex.SkipSpace(s, p))
	return c == '.' || lex.IsDash(c)
}

// skipReporter skips "Корр." and the like.
func (r *reader) skipReporter(s string, i int) int {
	i = lex.SkipSpace(s, i)
	if w := r.word(s, i); reporters.is(w) {
		return lex.Run(s, w.End, func(r rune) bool { return r == '.' || lex.IsSpace(r) })
	}
	return i
}
