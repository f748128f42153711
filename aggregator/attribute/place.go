package attribute

import "strings"

// readPlace reads a place at i: a city in capitals or in title case, with the regions behind it ("JACKSON, Ga.",
// "SOFIA (Bulgaria)"), or two cities ("WASHINGTON/LONDON"). It stops before a date, an agency or a dash.
func (r *Registry) readPlace(s string, i int) (place, bool) {
	end, c, n := r.segment(s, i)
	if end == i || n > 7 {
		return place{}, false
	}
	first := s[i:end]
	p := place{start: i, end: end, caps: c == capital, words: n}
	p.city = r.places.city(first)
	p.alone = !p.city && r.places.region(first)
	p.desk = r.places.desk(first)
	for range 4 {
		next, ok := r.morePlace(s, &p)
		if !ok {
			break
		}
		p.end = next
	}
	return p, !notPlaces.has(first) && !weekdays.has(first)
}

// morePlace reads what belongs to p behind its end: ", Region", "(Region)", "/CITY".
func (r *Registry) morePlace(s string, p *place) (int, bool) {
	j := skipSpace(s, p.end)
	sep, n := rune1(s, j)
	if n == 0 {
		return 0, false
	}
	m := skipSpace(s, j+n)
	switch sep {
	case ',':
		if _, ok := readDate(s, m); ok {
			return 0, false
		}
		if _, ok := r.match(s, m); ok {
			return 0, false
		}
		end, _, words := r.segment(s, m)
		if end == m || words > 4 {
			return 0, false
		}
		p.region = p.region || r.places.region(s[m:end]) || r.places.city(s[m:end])
		return end, true
	case '/':
		if _, ok := r.readTag(s, j); ok {
			return 0, false
		}
		if k := strings.IndexAny(s[m:min(len(s), m+80)], "/\n"); j > p.end && k > 0 && s[m+k] == '/' && strings.HasPrefix(s[m+k+1:], ",") && caseOf(s[m:m+k]) == title {
			return m + k + 1, true // НОВО-ОГАРЕВО /Московская область/,
		}
		end, c, words := r.segment(s, m)
		if end == m || words > 4 || p.caps != (c == capital) {
			return 0, false
		}
		p.city = p.city || r.places.city(s[m:end])
		return end, true
	case '(', '[':
		k := strings.IndexAny(s[m:min(len(s), m+40)], ")]\n")
		if k < 0 || s[m+k] == '\n' {
			return 0, false
		}
		inside := s[m : m+k]
		province := len(inside) == 2 && caseOf(inside) == capital && p.caps && m+k+1 < len(s) && s[m+k+1] == ','
		if _, ok := r.whole(inside); ok || !province && !r.places.region(inside) && !r.places.city(inside) {
			return 0, false
		}
		p.region = true
		return m + k + 1, true
	}
	return 0, false
}

// segment reads the words of one name at i, all in capitals or all in title case but for connectors. It returns
// where they end, their case and how many they are.
func (r *Registry) segment(s string, i int) (end int, c casing, n int) {
	end = i
	for j := i; n < 8; n++ {
		if n > 0 {
			if _, ok := readDate(s, j); ok {
				break
			}
		}
		e := placeWord(s, j)
		if e == j {
			break
		}
		w := s[j:e]
		wc := caseOf(w)
		switch {
		case wc == lower && n == 0 && prefixes.has(w) && e < len(s) && s[e] == '.': // г. Минск
		case wc == lower && (n == 0 || !connectors.has(w) && !(c == capital && joiners.has(w))):
			return end, c, n
		case n == 0:
			c = wc
		case wc != lower && wc != c && !(c == title && len([]rune(w)) <= 2):
			return end, c, n
		}
		dot := e < len(s) && s[e] == '.' && (prefixes.has(w) || r.places.short(w) || strings.Contains(w, ".") || len([]rune(w)) == 1 && wc != lower)
		if dot {
			e++
		}
		if wc != lower || n == 0 {
			end = e
		}
		j = skipSpace(s, e)
		if j == e && !dot {
			n++
			break
		}
		if strings.HasPrefix(s[j:], "& ") && c == capital {
			j += 2
		}
		if r1, _ := rune1(s, j); !isLetter(r1) {
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
		e := run(s, i, isLetter)
		if e == i {
			return i
		}
		r, n := rune1(s, e)
		next, _ := rune1(s, e+n)
		if r == '.' && next == '-' && e-i <= 2 { // С.-ПЕТЕРБУРГ
			i = e + 2
			continue
		}
		if d := run(s, e+n, isDigit); r == '-' && isDigit(next) && !isWord(next1(s, d)) { // ГОРКИ-9
			return d
		}
		inner := r == '-' || isApostrophe(r) || r == '.' && e-i <= 4 && len([]rune(s[i:e])) <= 2 && isUpper(next)
		if isApostrophe(r) && next == ' ' && caseOf(s[start:e]) == capital && e-start > 2*n { // CITTA' DEL VATICANO
			return e + n
		}
		if n == 0 || !inner || !isLetter(next) {
			if r2, _ := rune1(s, e); isDigit(r2) {
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
	alone      bool // nothing but a country
	desk       bool // no place, but what an agency prints in its stead
	words      int
}

func (p place) known() bool { return p.city || p.region }

// connectors join the words of a place's name.
var connectors = words("de da do dos das del della di la le les los las el al of the on upon am an der im sur sous en на над под", " ")

// prefixes are abbreviations before the rest of a place's name.
var prefixes = words("St Ste Sta Ft Mt Pt Cd г пос с п ст д", " ")

// notPlaces are words in capitals that stand before a date or a dash and are no place.
var notPlaces = words(`update; updates; live; deadline; breaking; breaking news; watch; exclusive; analysis; opinion; video; photo; photos
today; tonight; tomorrow; yesterday; now; new; news; note; notice; alert; urgent; free; sale; warning; important; correction; corrected
factbox; timeline; explainer; interview; feature; preview; review; recap; summary; highlights; poll; survey; study; report; press release
statement; editorial; advisory; attention; reminder; save the date; when; where; what; who; why; how; table; chart; map; figure; chapter
part; section; appendix; step; day; week; month; year; question; answer; q; a; pro; con; the; and; by; from; to; source; sources
срочно; молния; видео; фото; справка; досье; анонс; внимание; обновлено; дополнено; эксклюзив; мнение; интервью; опрос; сегодня; завтра
вчера; итог; итоги; важно; прогноз; погода; курс; реклама
`+"NATO; EU; UN; WHO; OPEC; NASA; COVID; IMF; CIA; FBI; FIFA; UEFA; IOC; WTO; GDP; НАТО; ЕС; ВОЗ; МВФ; МЧС; МИД; ВВП; ОПЕК; БРИКС; СНГ; ЕАЭС; ОДКБ", ";")
