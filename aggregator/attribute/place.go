package attribute

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute/agency"
	"dateline/aggregator/attribute/lex"
)

// readPlace reads a place at i: a city in capitals or in title case, with the regions behind it ("JACKSON, Ga.",
// "SOFIA (Bulgaria)"), or two cities ("WASHINGTON/LONDON"). It stops before a date, an agency or a dash.
func (r *reader) readPlace(s string, i int) (place, bool) {
	end, c, n := r.segment(s, i)
	if end == i {
		end, n = r.caselessCity(s, i)
	}
	if end == i || n > 7 {
		return place{}, false
	}
	first := s[i:end]
	p := place{start: i, end: end, caps: c == lex.Capital, words: n}
	p.city = r.places.City(first)
	p.long = n == 1 && len([]rune(first)) >= 6 || n == 2 && len([]rune(first)) >= 8
	p.alone = !p.city && r.places.Region(first)
	p.desk = r.places.Desk(first)
	p.formed = n == 1 && !p.city && r.places.Formed(first)
	for range 4 {
		next, ok := r.morePlace(s, &p)
		if !ok {
			break
		}
		p.end = next
	}
	isClub := n > 1 && !p.city && !p.alone && slices.ContainsFunc(strings.Fields(first), clubs.Has)
	return p, !isClub && !notPlaces.Has(first) && !lex.Weekdays.Has(first) && !labels.Has(first) &&
		!(n > 1 && bylineStarts.Has(s[i:lex.WordEnd(s, i)]))
}

// caselessCity reads the longest name of a city at i in letters that have no case, and returns its end and how many words it has.
func (r *reader) caselessCity(s string, i int) (end, n int) {
	if c := lex.RuneAt(s, i); c < 0x590 || !lex.IsLetter(c) || lex.IsUpper(c) || lex.IsLower(c) {
		return i, 0
	}
	end = i
	for k, j := 1, i; k <= 3; k++ {
		e := r.wordEnd(s, j)
		if e == j {
			break
		}
		if r.places.City(s[i:e]) {
			end, n = e, k
		}
		j = lex.SkipSpace(s, e)
	}
	return end, n
}

// wrappedPlace reads the place that brackets hold at the head of a text, a dash behind them: "(SEATTLE) —", "(Washington, DC) —".
func (r *reader) wrappedPlace(s string, i int, o order) (p place, end int, ok bool) {
	if !o.is("") || i >= len(s) || s[i] != '(' {
		return place{}, i, false
	}
	if p, ok = r.readPlace(s, i+1); !ok || !p.city {
		return place{}, i, false
	}
	end = p.end
	if d, dated := lex.ReadDate(s, readGap(s, end).end); dated && s[end] == ',' {
		p.dated, end = d, lex.Run(s, d.End, func(r rune) bool { return r == '.' })
	}
	gap := readGap(s, min(end+1, len(s)))
	return p, end + 1, end < len(s) && s[end] == ')' && gap.dash && gap.spaced
}

// morePlace reads what belongs to p behind its end: ", Region", "(Region)", "/CITY".
func (r *reader) morePlace(s string, p *place) (int, bool) {
	j := lex.SkipSpace(s, p.end)
	sep, n := lex.At(s, j)
	if n == 0 {
		return 0, false
	}
	m := lex.SkipSpace(s, j+n)
	switch sep {
	case ',':
		return r.commaPlace(s, m, p)
	case '/':
		return r.slashPlace(s, j, m, p)
	case '(', '[':
		return r.bracketPlace(s, m, p)
	}
	return 0, false
}

// commaPlace reads the region behind a comma at m: "PITTSBURGH, PA.", "RIPLEY, W. Va.", "GRONINGEN, the Netherlands".
func (r *reader) commaPlace(s string, m int, p *place) (int, bool) {
	if _, ok := lex.ReadDate(s, m); ok {
		return 0, false
	}
	if e := r.wordEnd(s, m); strings.HasPrefix(s[e:], ".") && isLower(lex.RuneAt(s, e+1)) { // JAKARTA, EXAMPLE.com
		return 0, false
	}
	abbreviated := p.caps && r.places.Short(s[m:r.wordEnd(s, m)]) // PITTSBURGH, PA., April 2
	if _, ok := r.Match(s, m); ok && !abbreviated {
		return 0, false
	}
	end, _, words := r.segment(s, m)
	if e := r.initials(s, m); e > m { // W. Va.
		end, words = e, 2
	}
	if e := r.wordEnd(s, m); s[m:e] == "the" { // the Netherlands
		end, _, words = r.segment(s, lex.SkipSpace(s, e))
		if !r.places.Region(s[lex.SkipSpace(s, e):end]) {
			return 0, false
		}
	}
	if end == m || words > 4 {
		return 0, false
	}
	short := r.places.Short(s[m:end]) && (s[end-1] == '.' || lex.Case(s[m:end]) == lex.Capital)
	p.short = p.short || short
	p.region = p.region || r.places.Region(s[m:end]) || r.places.City(s[m:end])
	return end, true
}

// slashPlace reads the second city behind the slash at j, or the region between two slashes.
func (r *reader) slashPlace(s string, j, m int, p *place) (int, bool) {
	if _, ok := r.readTag(s, j); ok {
		return 0, false
	}
	if k := strings.IndexAny(s[m:min(len(s), m+80)], "/\n"); j > p.end && k > 0 && s[m+k] == '/' &&
		strings.HasPrefix(s[m+k+1:], ",") && lex.Case(s[m:m+k]) == lex.Title {
		return m + k + 1, true // НОВО-ОГАРЕВО /Московская область/,
	}
	end, c, words := r.segment(s, m)
	if end == m || words > 4 || p.caps != (c == lex.Capital) {
		return 0, false
	}
	p.city = p.city || r.places.City(s[m:end])
	return end, true
}

// bracketPlace reads the region in brackets whose inside begins at m: "SOFIA (Bulgaria)", "МИРНЫЙ (Якутия)".
func (r *reader) bracketPlace(s string, m int, p *place) (int, bool) {
	k := strings.IndexAny(s[m:min(len(s), m+40)], ")]\n")
	if k < 0 || s[m+k] == '\n' {
		return 0, false
	}
	inside := s[m : m+k]
	after := m + k + 1
	dated := false
	if after < len(s) && s[after] == ',' {
		_, dated = lex.ReadDate(s, lex.SkipSpace(s, after+1))
	}
	province := dated && lex.Case(inside) != lex.Lower && len(strings.Fields(inside)) <= 3
	if _, ok := r.Whole(inside); ok || !province && !r.places.Region(inside) && !r.places.City(inside) {
		return 0, false
	}
	p.region, p.bracket = true, true
	return m + k + 1, true
}

// initials reads the abbreviation of a region in two parts at i, "W. Va.", or returns i.
func (r *reader) initials(s string, i int) int {
	e := r.wordEnd(s, i)
	if e == i || e-i > 2 || !strings.HasPrefix(s[e:], ".") {
		return i
	}
	last := lex.SkipSpace(s, e+1)
	end := r.wordEnd(s, last)
	if end == last || !r.places.Short(s[i:end]) {
		return i
	}
	if strings.HasPrefix(s[end:], ".") {
		end++
	}
	return end
}

// segment reads the words of one name at i, all in capitals or all in title case but for connectors. It returns
// where they end, their case and how many they are.
func (r *reader) segment(s string, i int) (end int, c lex.Casing, n int) {
	end = i
	for j := i; n < 8; n++ {
		if n > 0 {
			if _, ok := lex.ReadDate(s, j); ok && !r.places.City(s[i:placeWord(s, j)]) { // SANTO DOMINGO, 4 mar
				break
			}
		}
		e := placeWord(s, j)
		if e == j {
			break
		}
		w := s[j:e]
		wc := lex.Case(w)
		switch {
		case wc == lex.Lower && n == 0 && prefixes.Has(w) && e < len(s) && s[e] == '.': // г. Минск
		case wc == lex.Lower && (n == 0 || !connectors.Has(w) && !(c == lex.Capital && joiners.Has(w))):
			return end, c, n
		case n == 0:
			c = wc
		case wc != lex.Lower && wc != c && !(c == lex.Title && len([]rune(w)) <= 2):
			return end, c, n
		}
		dot := e < len(s) && s[e] == '.' && (prefixes.Has(w) || r.places.Short(w) || strings.Contains(w, ".") ||
			len([]rune(w)) == 1 && wc != lex.Lower)
		if dot {
			e++
		}
		if wc != lex.Lower || n == 0 {
			end = e
		}
		j = lex.SkipSpace(s, e)
		if j == e && !dot {
			n++
			break
		}
		if strings.HasPrefix(s[j:], "& ") && c == lex.Capital {
			j += 2
		}
		if r1, _ := lex.At(s, j); !lex.IsLetter(r1) {
			n++
			break
		}
	}
	return end, c, n
}

// placeWord returns the end of the word at i: letters, with a hyphen, an apostrophe or the full stop of an
// initial inside ("N'DJAMENA", "Rostov-on-Don", "N.Y").
func placeWord(s string, i int) int {
	start := i
	for {
		e := lex.Run(s, i, lex.IsLetter)
		if e == i {
			return i
		}
		r, n := lex.At(s, e)
		next, _ := lex.At(s, e+n)
		if r == '.' && next == '-' && e-i <= 2 { // С.-ПЕТЕРБУРГ
			i = e + 2
			continue
		}
		if d := lex.Run(s, e+n, lex.IsDigit); r == '-' && lex.IsDigit(next) && !lex.IsWord(lex.RuneAt(s, d)) { // ГОРКИ-9
			return d
		}
		inner := r == '-' || lex.IsApostrophe(r) || r == '.' && e-i <= 4 && len([]rune(s[i:e])) <= 2 && lex.IsUpper(next)
		if lex.IsApostrophe(r) && next == ' ' && lex.Case(s[start:e]) == lex.Capital && e-start > 2*n { // CITTA' DEL VATICANO
			return e + n
		}
		if n == 0 || !inner || !lex.IsLetter(next) {
			if r2, _ := lex.At(s, e); lex.IsDigit(r2) {
				return start
			}
			return e
		}
		i = e + n
	}
}

// place is where a report was filed, as printed at the head of a text.
type place struct {
	start, end int
	caps       bool // the city is printed in capitals
	city       bool // the gazetteer knows the city
	region     bool // and a region, country or state behind it
	short      bool // which is abbreviated: Ill.
	bracket    bool // which is in brackets
	alone      bool // nothing but a country
	desk       bool // no place, but what an agency prints in its stead
	long       bool // the city has six letters or more, or two words
	formed     bool // the gazetteer lacks the city, but it ends as the names of places do
	words      int
	dated      lex.Date // printed with it in brackets: (Montreal, May 5, 2026)
}

func (p place) known() bool { return p.city || p.region }

// plain reports whether a place that the gazetteer lacks may be one all the same: a word in capitals of six letters or more, or two
// of three.
func (p place) plain() bool { return p.long }

// connectors join the words of a place's name.
var connectors = wordClass("connectors")

// prefixes are abbreviations before the rest of a place's name.
var prefixes = wordSet("prefixes")

// notPlaces are words in capitals that precede a date or a dash and are no place.
var notPlaces = wordSet("notPlaces")

// clubs are words in the names of clubs of sport, which agencies have in capitals before their name in brackets.
var clubs = wordSet("clubs")

// IsCity reports whether a name is that of a city in the gazetteer.
func IsCity(name string) bool { return agency.Places().City(name) }

// IsPlace reports whether a name is that of a city or a region in the gazetteer.
func IsPlace(name string) bool { return IsCity(name) || agency.Places().Region(name) }
