package attribute

import (
	"strings"

	"dateline/aggregator/news"
)

// tag is the part of a dateline that names the agency: bracketed, as in "(BelTA)", "/Корр. ТАСС Иван Петров/" and
// "(UrduPoint News / Sputnik - 17th May, 2023)", or bare, as in "РИА Новости, Дмитрий Знаменский".
type tag struct {
	start, end int
	bracketed  bool
	name       span   // of the originator
	key        string // its key; empty: not in the registry
	weak       bool
	carrier    span // a republisher that stands beside the originator
	carrierKey string
	second     span // an agency that shares the report
	secondKey  string
	person     span
	date       date // month 0: none inside
}

// span is a piece of text; the zero span is none.
type span struct{ start, end int }

func (p span) none() bool          { return p.end == 0 }
func (p span) of(s string) string  { return s[p.start:p.end] }
func (p span) empty() bool         { return p.end <= p.start }
func (p span) holds(o span) bool   { return p.start <= o.start && o.end <= p.end }
func (p span) crosses(o span) bool { return p.start < o.end && o.start < p.end }

// reporters are words that stand before an agency or a person in a tag.
var reporters = words("Корр Корреспондент Кар Карэспандэнт Соб Спецкор Corr Correspondent by from von de por par di per", " ")

const maxTag = 120 // bytes

// readTag reads a bracketed tag at i: in round or square brackets, or between slashes.
func (r *Registry) readTag(s string, i int) (tag, bool) {
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
	if t.end < len(s) && s[i] == '/' && isWord(before(s, i+n+1)) {
		if next, _ := rune1(s, t.end); isWord(next) { // PLACE/OTHER/THIRD
			return tag{}, false
		}
	}
	ok := r.fillTag(s, i+1, i+1+n, &t)
	return t, ok
}

// fillTag reads the parts of a tag between start and end.
func (r *Registry) fillTag(s string, start, end int, t *tag) bool {
	in := s[:end]
	for i := start; i < end; {
		c, n := rune1(in, i)
		switch {
		case !isWord(c):
			i += n
			continue
		}
		if m, ok := r.names.match(in, i); ok {
			r.addTagged(t, m)
			i = m.end
			continue
		}
		if d, ok := readDate(in, i); ok && t.date.month == 0 {
			t.date = d
			i = d.end
			continue
		}
		e := wordEnd(in, i)
		if reporters.has(in[i:e]) {
			i = e
			continue
		}
		if p := r.readPerson(in, i, 2); p > i && t.person.none() {
			t.person = span{i, p}
			i = p
			continue
		}
		if t.name.none() || e-i > 6 { // a desk's mark behind the agency, as in (dpa/lsw)
			return false
		}
		i = e
	}
	return !t.name.none() || !t.carrier.none()
}

// addTagged adds an agency to a tag: a medium beside an agency is the carrier, a second agency shares the report.
func (r *Registry) addTagged(t *tag, m name) {
	at := span{m.start, m.end}
	switch carrier := r.agencies[m.key].Kind == news.KindMedia; {
	case t.name.none():
		t.name, t.key, t.weak = at, m.key, m.weak
	case r.agencies[t.key].Kind == news.KindMedia && !carrier:
		t.carrier, t.carrierKey = t.name, t.key
		t.name, t.key, t.weak = at, m.key, m.weak
	case carrier:
		t.carrier, t.carrierKey = at, m.key
	case t.second.none():
		t.second, t.secondKey = at, m.key
	}
}

// readBare reads an agency without brackets at i, and a person behind it: "РИА Новости, Дмитрий Знаменский".
// What follows must end it: a full stop, a dash, a comma before a date, or the end of the line.
func (r *Registry) readBare(s string, i int) (tag, bool) {
	m, ok := r.names.match(s, i)
	if !ok {
		return tag{}, false
	}
	t := tag{start: i, end: m.end, name: span{m.start, m.end}, key: m.key, weak: m.weak}
	j := skipSpace(s, m.end)
	c, n := rune1(s, j)
	switch {
	case n == 0 || c == '\n' || c == '.' || isDash(c):
		return t, true
	case c == ',' || c == '/':
		k := skipSpace(s, j+1)
		if _, ok := readDate(s, k); ok && c == ',' {
			return t, true
		}
		if p := r.readPerson(s, k, 2); p > k {
			if end, _ := rune1(s, p); end == '.' || isDash(end) {
				t.person, t.end = span{k, p}, p
				return t, true
			}
		}
	case isUpper(c) && j > m.end: // КОРР. ТАСС Иван Петров. Lead
		if p := r.readPerson(s, j, 2); p > j && p < len(s) && s[p] == '.' && i > 0 {
			t.person, t.end = span{j, p}, p
			return t, true
		}
	}
	return tag{}, false
}
