package attribute

import (
	"strings"

	"dateline/aggregator/attribute/lex"
)

// A dateline is read by its shape and only then looked up. It begins a paragraph and is made of at
// most three parts, each once: the place (P), the date (D), the agency (A). The order shows which is the agency:
//
//	PDA  MOSCOW, 17 May (BelTA) -        МОСКВА, 31 июл — РИА Новости.     Madrid, 16 may (EFE).-
//	PA   WASHINGTON (Reuters) -          Dushanbe. (Interfax) -            Tehran, IRNA –
//	PD   SALVADOR, Feb 26 -              BAKU, Azerbaijan, March 5.
//	P    TEHRAN –                        NEW HAVEN, Conn -                 (Beirut) -
//	DP   8 июня, Минск.
//	DPA  8 июня, Минск /Корр. БЕЛТА/.
//	DA   5 мая. INTERFAX.RU -            Jan 5 (Reuters) -
//	APD  (ANSA) - MILANO, 16 MAG -
//	AP   (ANSA) - ROMA -
//	AD   ТАСС, 5 мая.
//	A    (Bloomberg) --                  /ТАСС/.
//	PAD  MOSCOW (UrduPoint News / Sputnik - 17th May, 2023)
//
// The fewer parts there are, the more the others must show: see shapes. The place is where the report was filed,
// never where the event was.

// line is a dateline as read, before its shape is judged.
type line struct {
	order      order
	rule       string
	start, end int // as printed, without the dash behind it
	lead       int // where the lead begins
	place      place
	date       lex.Date
	tag        tag
	stop       rune // what parts it from the lead: '-', '.', ':', '\n' at the end of the paragraph, 0 for nothing
	spaced     bool // there is white space before the lead
	next       rune // the lead's first rune; 0: none
	rival      bool // the lead begins with a city in capitals: LONDON - PARIS
	text       bool // the lead is text and no row of a table
	long       bool // the lead has twelve words or more, five in small letters
	clock      bool // a time of day follows the date
	double     bool // the dash is two hyphens or an underscore
	em         bool // the dash is a long one
}

// order is the letters of the parts in the order printed.
type order [4]byte

func (o order) len() int {
	n := 0
	for n < len(o) && o[n] != 0 {
		n++
	}
	return n
}

func (o order) has(part byte) bool {
	return o[0] == part || o[1] == part || o[2] == part || o[3] == part
}

func (o order) is(s string) bool { return string(o[:o.len()]) == s }

// last returns the last part, or 0.
func (o order) last() byte { return o[max(0, o.len()-1)] }

// shape says what a dateline of a certain order must show besides.
type shape struct {
	order order
	rule  string
	ok    func(s string, l *line) bool
}

// shapes are the orders that are datelines. The rules are in the evidence.
var shapes = []shape{
	{order{'P', 'D', 'A'}, "dateline-place-date-agency", func(s string, l *line) bool {
		switch {
		case l.tag.clocked: // 10:26 — REGNUM
			return l.place.caps || l.place.known()
		case l.tag.key != "" && l.parted():
			return true
		}
		return (l.place.caps || l.place.known()) &&
			(l.stop == '-' || l.tag.outlet && l.stop == '.' && l.text || l.initials(s))
	}},
	{order{'P', 'A'}, "dateline-place-agency", func(s string, l *line) bool {
		switch {
		case l.tag.key == "":
			small := l.place.city && l.text && l.tag.name.Of(s) != strings.ToUpper(l.tag.name.Of(s))       // Kiel (dpo) -
			if l.place.caps && l.place.plain() && l.tag.bracketed && l.stop == '-' && l.spaced && l.long { // JURUPA VALLEY (CBSLA) -
				return true
			}
			return (l.place.known() || l.place.formed) &&
				(l.place.caps && l.stop == ':' && l.initials(s) || l.tag.bracketed && l.stop == '-' && (l.place.caps || small) ||
					l.tag.outlet && l.spaced && l.text)
		case !l.parted():
			return false
		case l.place.alone && l.stop != '-':
			return false
		case l.tag.weak:
			return (l.place.known() || l.place.desk) && (l.stop != 0 || l.tag.bracketed && l.text)
		case l.tag.bracketed:
			return l.place.known() || l.stop != 0 && (l.place.caps || l.place.words <= 3)
		}
		return (l.place.known() || l.place.caps) && (l.stop != 0 || l.tag.loose)
	}},
	{order{'P', 'D'}, "dateline-place-date", func(s string, l *line) bool {
		return l.stop != 0 && (l.place.caps || l.clock && l.stop == '-' && l.spaced && l.text ||
			l.place.known() && (l.stop == '-' || l.stop == '.' && !isLower(l.next)) ||
			l.stop == ':' && l.place.city && l.spaced && l.text && l.long) // Los Angeles, October 29: A group said on Thursday ...
	}},
	{order{'P'}, "dateline-place", func(s string, l *line) bool {
		known := l.place.known() || l.place.formed || l.double && l.place.plain()
		mixed := l.place.short || l.place.city && l.place.bracket // Dekalb, Ill. - and Rostow (Russland) -
		if l.stop == '-' && !l.place.alone && (!l.spaced && l.place.caps && (l.place.region || l.place.city && l.long && l.em) ||
			l.place.city && l.place.region && l.long && l.em) { // FORT WASHINGTON, PA—Expressing ..., Santa Barbara, California—Reclusive ...
			return l.text
		}
		known = known || l.place.plain() && l.long && l.echoed(s)
		wrapped := s[l.start] == '(' && l.place.city && l.long // (Beirut) - The group said on Tuesday ...
		return l.stop == '-' && l.spaced && (l.place.caps && known || mixed || wrapped) && !l.place.alone && !l.rival && l.text
	}},
	{order{'D', 'P'}, "dateline-date-place", func(s string, l *line) bool { return l.place.city && l.stop == '.' && l.text }},
	{order{'D', 'P', 'A'}, "dateline-date-place-agency", func(s string, l *line) bool {
		return l.tag.key != "" && l.parted() && (l.tag.bracketed || l.place.known())
	}},
	{order{'D', 'A'}, "dateline-date-agency", func(s string, l *line) bool {
		if l.tag.key == "" { // Jan. 12 (MusterDesk) -
			name := l.tag.name.Of(s)
			return l.tag.bracketed && l.stop == '-' && l.spaced && l.text && camelCase(name) && lex.WordEnd(name, 0) == len(name)
		}
		return l.parted() && l.stop != 0
	}},
	{order{'A', 'P', 'D'}, "dateline-agency-place-date", func(s string, l *line) bool {
		return (l.place.caps || l.place.known()) && l.stop != 0
	}},
	{order{'A', 'P'}, "dateline-agency-place", func(s string, l *line) bool {
		domain := l.tag.key != "" && isAddress(l.tag.name.Of(s)) && l.text // TEMPO.CO, Jakarta -
		return (l.place.caps || l.tag.bracketed && l.text || domain) && l.place.city && l.stop == '-' && l.spaced
	}},
	{order{'A', 'D'}, "dateline-agency-date", func(s string, l *line) bool { return !l.tag.weak && l.stop != 0 && l.stop != ':' }},
	{order{'A'}, "dateline-agency", func(s string, l *line) bool {
		switch {
		case l.tag.key == "":
			return l.tag.outlet && l.spaced && l.text
		case l.tag.bracketed:
			return l.stop == '-' || (l.spaced || l.stop == 0 && l.tag.key != "") && (!l.tag.weak && !isLower(l.next) || l.text)
		}
		return l.spaced && (l.stop == '-' && (l.tag.domain && !isLower(l.next) || l.tag.caps && l.text) ||
			l.text && (l.tag.clocked || l.stop == '.' && !l.tag.weak && lex.Case(s[l.tag.name.Start:l.tag.name.End]) == lex.Capital))
	}},
	{order{'P', 'A', 'D'}, "dateline-place-agency-date", func(s string, l *line) bool {
		return l.place.known() || l.place.caps && !l.tag.weak
	}},
}

// initials reports whether an agency that the registry lacks is an acronym in brackets before text, with a colon or nothing between:
// "TRIPOLI, 5 May (XNA) The ...". The gazetteer must know the place.
func (l *line) initials(s string) bool {
	return (l.stop == 0 || l.stop == ':') && l.tag.bracketed && l.place.known() && l.spaced && l.text && isAcronym(l.tag.name.Of(s))
}

// echoed reports whether the text names a place in capitals once more in title case: "SHERIDAN — ... met at Sheridan College".
func (l *line) echoed(s string) bool {
	name := s[l.place.start:l.place.end]
	if strings.IndexByte(name, ' ') >= 0 {
		return false
	}
	first, n := lex.At(name, 0)
	titled := string(first) + strings.ToLower(name[n:])
	k := strings.Index(s[l.lead:], titled)
	return k >= 0 && !lex.IsWord(lex.RuneAt(s, l.lead+k+len(titled)))
}

func isLower(r rune) bool { return lex.IsLower(r) }

// parted reports whether the agency is set off from the lead: in brackets, or by what follows it.
func (l *line) parted() bool { return l.tag.bracketed || l.tag.loose || l.stop != 0 }

// readDateline reads a dateline at i, the head of a paragraph that ends at end.
func (r *reader) readDateline(s string, i, end int) (line, bool) {
	if r.runsOn(s[:end], i) {
		return line{}, false
	}
	l, ok := r.readLine(s[:end], i)
	if !ok {
		return line{}, false
	}
	sh := r.shapes[l.order]
	if sh == nil {
		return line{}, false
	}
	l.rule = sh.rule
	return l, sh.ok(s, &l) && !r.selfNamed(s, &l)
}

// runsOn reports whether a word with a capital is at i and behind a space one in small letters that no dateline has there: text, as
// most paragraphs begin.
func (r *reader) runsOn(s string, i int) bool {
	k := r.table.Index(i)
	if k+1 >= len(r.table.Tokens) {
		return false
	}
	w, next := r.table.Tokens[k], r.table.Tokens[k+1]
	if w.Start != i || w.Case == lex.Lower || next.Start != w.End+1 || next.End > len(s) || s[w.End] != ' ' || next.Case != lex.Lower ||
		lex.IsDigit(rune(s[next.Start])) || next.Is(headName) || connectors.is(next) || joiners.is(next) {
		return false
	}
	_, _, month := lex.ReadMonth(s, next.Start)
	return !month
}

// selfNamed reports whether the words before the agency are its own name, as in СПУТНИК (SPUTNIK).
func (r *reader) selfNamed(s string, l *line) bool {
	if l.place.end == 0 || l.tag.end == 0 {
		return false
	}
	key, ok := r.Lookup(s[l.place.start:l.place.end])
	return ok && key == l.tag.key
}

// readLine reads up to three parts at i and what parts them from the lead.
func (r *reader) readLine(s string, i int) (line, bool) {
	l := line{start: i, end: i}
	sep := gap{end: i}
	for n := 0; n < 3; n = l.order.len() {
		part := r.readPart(s, sep, l.order, &l)
		if part == 0 {
			break
		}
		l.order[n] = part
		for _, d := range []lex.Date{l.tag.date, l.place.dated} { // printed with the part
			if d.Month != 0 && l.date.Month == 0 {
				l.date = d
				l.order[n+1] = 'D'
			}
		}
		sep = readGap(s, l.end)
	}
	if l.order[0] == 0 {
		return l, false
	}
	if l.order.is("PAD") && strings.HasPrefix(s[sep.end:], "/") { // VANCOUVER, BC / ACCESSWIRE / May 5, 2023 /
		sep = readGap(s, sep.end+1)
	}
	l.lead = sep.end
	l.spaced = sep.spaced
	l.double = sep.double
	l.em = sep.dash && strings.Contains(s[sep.start:sep.end], "—")
	l.next, _ = lex.At(s, sep.end)
	words, small := r.count(s, sep.end)
	l.text = (lex.IsUpper(l.next) || lex.IsQuote(l.next)) && small > 0 && (small > 1 || words < 5)
	if l.next >= 0x590 && lex.IsLetter(l.next) && !lex.IsUpper(l.next) && !lex.IsLower(l.next) { // letters that have no case
		l.text, small = words >= 5, words
	}
	l.long = words >= 12 && small >= 5
	if w := r.word(s, sep.end); w.Case == lex.Capital {
		l.rival = r.places.City(w.Of(s))
	}
	switch {
	case sep.dash:
		l.stop = '-'
	case sep.end >= len(s):
		l.stop = '\n'
	case sep.stop:
		l.stop = '.'
	case sep.colon:
		l.stop = ':'
	}
	return l, true
}

// readPart reads the next part of a dateline behind the gap: a date, an agency or a place, none of them twice.
// It returns the part's letter, or 0.
func (r *reader) readPart(s string, sep gap, o order, l *line) byte {
	i, last := sep.end, o.last()
	if !o.has('D') {
		day := i
		if last == 'P' && strings.HasPrefix(s[i:], "le ") { // Paris, le 27 juillet 2020 -
			day = i + len("le ")
		}
		if d, ok := lex.ReadDate(s, day); ok && dateFits(s, sep, last, d) {
			l.date, l.end = d, d.End
			if k := lex.SkipSpace(s, d.End); k < len(s) && s[k] == ',' {
				if e, ok := clockTime(s, lex.SkipSpace(s, k+1)); ok {
					l.clock, l.end = true, e
				}
			}
			return 'D'
		}
	}
	if !o.has('A') {
		if t, ok := r.readAgency(s, i, sep, o, l); ok {
			l.tag, l.end = t, t.end
			return 'A'
		}
	}
	if !o.has('P') {
		if p, ok := r.freePlace(s, i, o); ok {
			l.place, l.end = p, p.end
			return 'P'
		}
		if p, e, ok := r.wrappedPlace(s, i, o); ok {
			l.place, l.end = p, e
			return 'P'
		}
		if p, ok := r.readPlace(s, i); ok && placeFits(s, sep, o, p) {
			l.place, l.end = p, p.end
			return 'P'
		}
	}
	return 0
}

// dateFits reports whether d may follow the part last: the date that opens a lead is none of a dateline.
func dateFits(s string, sep gap, last byte, d lex.Date) bool {
	after := readGap(s, d.End)
	switch {
	case last == 'A' && lex.Before(s, sep.start) == '/' && !sep.any(): // / ACCESSWIRE / May 5, 2023 / lead
		return after.end < len(s) && s[after.end] == '/'
	case last == 'A':
		return sep.comma && !sep.dash && (after.stop || after.dash || after.end == len(s))
	case sep.dash:
		c, _ := lex.At(s, after.end)
		return after.dash || c == '('
	}
	return true
}

// placeFits reports whether p may follow what o has: behind an agency it is a place only where a date or
// a dash follows it.
func placeFits(s string, sep gap, o order, p place) bool {
	after := readGap(s, p.end)
	switch {
	case o.is(""):
		return true
	case o.is("A"):
		if _, ok := lex.ReadDate(s, after.end); ok && !after.dash {
			return sep.dash || sep.comma
		}
		wrapped := strings.IndexByte(")]", s[max(0, sep.start-1)]) >= 0 && sep.spaced && !sep.any() // (EFE) MADRID -
		return (sep.dash || sep.comma || wrapped) && after.dash
	case o.is("D"):
		return !sep.dash && !sep.colon && !sep.stop
	}
	return false
}

// gap is what is between two parts, or between the last and the lead.
type gap struct {
	start, end               int
	comma, stop, colon, dash bool
	spaced                   bool // white space is the last of it
	double                   bool // the dash is two hyphens or an underscore between spaces
}

func (g gap) any() bool { return g.comma || g.stop || g.colon || g.dash }

// readGap reads white space, at most one comma, full stop or colon, and dashes.
func readGap(s string, i int) gap {
	g := gap{start: i}
	for {
		c, n := lex.At(s, i)
		g.spaced = i > g.start && lex.IsSpace(lex.Before(s, i))
		switch {
		case n == 0:
			g.end = i
			return g
		case lex.IsSpace(c):
		case c == ',' && !g.any():
			g.comma = true
		case c == '.' && !g.stop && !g.colon && !g.dash:
			g.stop = true
		case c == ':' && !g.any():
			g.colon = true
		case lex.IsDash(c):
			g.double = g.double || c == '-' && strings.HasPrefix(s[i:], "--")
			g.dash = true
		case c == '_' && i > g.start && lex.IsSpace(lex.Before(s, i)) && lex.IsSpace(lex.RuneAt(s, i+1)):
			g.dash, g.double = true, true
		default:
			g.end = i
			return g
		}
		i += n
	}
}
