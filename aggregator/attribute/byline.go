package attribute

import "strings"

// A byline is a line of its own ("By Michael Gelb, Reuters"), the head of a paragraph before the dateline
// ("(di Amalia Angotti) (ANSA) - TORINO"), part of the dateline (see tag.go), or the trailer of a report
// ("(Reporting by Kane Wu in Hong Kong; Editing by Jacqueline Wong)"), of whose clauses those of editors name no
// author.

const (
	ruleByline      = "byline-line"
	ruleBylineHead  = "byline-before-dateline"
	ruleBylineTrail = "byline-trailer"
	ruleContributed = "byline-contributed"
	ruleBylineTag   = "byline-in-dateline"
)

// bylineStarts open a byline; bylineLabels do before a colon.
var (
	bylineStarts = words("by; written by; story by; text by; por; par; von; di", ";")
	bylineLabels = words("by; author; authors; reporter; correspondent; text; words; автор; авторы; автор текста; текст; корреспондент; аўтар; аўтары; тэкст; карэспандэнт; autor; autora; autorka; autore; auteur; texto; texte; text; testo; tekst", ";")
	wrote        = words("reporting by; additional reporting by; writing by; additional writing by; reporting and writing by; writing and reporting by; reporting and editing by; writing and editing by; written by; compiled by; text by; reported by; reporting; by; story by; with reporting by; reporting for; additional reporting", ";")
	edited       = words("editing by; additional editing by; edited by; editing; translated by; translation by; compiled and edited by; production by; graphics by; graphic by; photos by; video by; photo editing by", ";")
	staffs       = words("staff; staff writer; reporters; correspondent; news desk", ";")
	joiners      = words("and & и y et und e i ja og och", " ")
)

// byline is what a byline tells.
type byline struct {
	persons []span
	agency  name // key "": none
	rule    string
}

// readByline reads the line between start and end as a byline.
func (r *Registry) readByline(s string, start, end int) (byline, bool) {
	b := byline{rule: ruleByline}
	if end-start > 200 || !r.on(ruleByline) {
		return b, false
	}
	s = s[:end]
	if strings.HasPrefix(s[start:], "(") && strings.HasSuffix(s, ")") {
		start, s = start+1, s[:end-1]
	}
	i := opening(s, start)
	if m, ok := r.match(s, i); ok && i > start && (m.end == len(s) || staffs.has(s[m.end:])) { // By Reuters Staff
		b.agency = m
		return b, true
	}
	j := r.nameList(s, i, &b.persons)
	if len(b.persons) == 0 {
		return b, false
	}
	if i == start { // Jane Roe, Reuters
		if s[j:] == "" || s[j] != ',' {
			return b, false
		}
		m, ok := r.whole(s[j:])
		ok = ok && !r.sellsPictures(m.key)
		b.agency = name{j + m.start, j + m.end, m.key, m.weak}
		return b, ok
	}
	rest := strings.TrimSpace(s[j:])
	if rest == "" || rest == "." {
		return b, true
	}
	c, _ := rune1(s, skipSpace(s, j))
	if strings.HasPrefix(rest, "for ") {
		c = ','
	}
	if c != ',' && c != '|' && c != '/' && c != '(' && !isDash(c) && c != '•' && c != ';' && c != ':' || strings.Count(rest, " ") > 6 || endsSentence(rest) && !strings.HasSuffix(rest, "Inc.") {
		return b, false
	}
	k := skipWord(s, nextWord(s, j), "for")
	if m, ok := r.match(s, k); ok {
		b.agency = m
	}
	return b, true
}

// opening returns where the names begin behind the word that opens a byline, or i.
func opening(s string, i int) int {
	end := i
	for n, j := 0, i; n < 2; n++ {
		e := wordEnd(s, j)
		if e == j {
			return i
		}
		end = e
		k := skipSpace(s, end)
		if k < len(s) && s[k] == ':' && bylineLabels.has(s[i:end]) {
			return skipSpace(s, k+1)
		}
		if bylineStarts.has(s[i:end]) && k > end {
			return k
		}
		j = k
	}
	return i
}

// nameList reads persons parted by commas and "and", each with "in PLACE" behind it or not. It returns where it
// stopped.
func (r *Registry) nameList(s string, i int, list *[]span) int {
	end := i
	for len(*list) < 12 {
		e := r.readPerson(s, i, 2)
		if e == i {
			break
		}
		*list = append(*list, span{i, e})
		end = r.skipWhere(s, e)
		next, ok := joined(s, end)
		if !ok {
			break
		}
		i = next
	}
	return end
}

// joined returns the start of the next member of a list behind i.
func joined(s string, i int) (int, bool) {
	j := skipSpace(s, i)
	c, n := rune1(s, j)
	switch {
	case c == ',' || c == '&' || c == '/':
		j = skipSpace(s, j+n)
		if e := wordEnd(s, j); joiners.has(s[j:e]) && e > j {
			j = skipSpace(s, e)
		}
		return j, true
	case isLetter(c) && j > i:
		if e := wordEnd(s, j); joiners.has(s[j:e]) {
			return skipSpace(s, e), true
		}
	}
	return i, false
}

// skipWhere skips "in Hong Kong", "in Kyiv and Moscow", "in Paris, France" behind a name, but no further name.
func (r *Registry) skipWhere(s string, i int) int {
	j := skipSpace(s, i)
	e := wordEnd(s, j)
	if w := s[j:e]; w != "in" && w != "at" && w != "from" && w != "в" && w != "у" && w != "en" && w != "a" && w != "à" {
		return i
	}
	j = skipSpace(s, e)
	for {
		end, _, n := r.segment(s, j)
		if end == j || n > 3 {
			return i
		}
		i = end
		next, ok := joined(s, i)
		if !ok {
			return i
		}
		end, _, _ = r.segment(s, next)
		if p := s[next:end]; !r.places.city(p) && !r.places.region(p) {
			if strings.Contains(strings.TrimSpace(p), " ") || r.readPerson(s, next, 2) > next {
				return i
			}
		}
		j = next
	}
}

// readBylineHead reads a byline at i that a dateline follows in the same paragraph; it returns where that may begin.
func (r *Registry) readBylineHead(s string, i, end int) (byline, []int) {
	b := byline{rule: ruleBylineHead}
	s = s[:end]
	if !r.on(ruleBylineHead) {
		return b, nil
	}
	if i < len(s) && s[i] == '(' {
		j := opening(s, i+1)
		k := r.nameList(s, j, &b.persons)
		if j == i+1 || len(b.persons) == 0 || k >= len(s) || s[k] != ')' {
			return b, nil
		}
		return b, []int{skipSpace(s, k+1)}
	}
	j := opening(s, i)
	if j == i {
		return b, nil
	}
	var starts []int // a name may run into the place: By Jane Doe WASHINGTON (Reuters)
	for n, k := 0, j; n < 12; n++ {
		e := nameWord(s, k)
		if e == k || caseOf(s[k:e]) == lower && !joiners.has(s[k:e]) {
			break
		}
		k = nextWord(s, e)
		if n > 0 && k < len(s) {
			starts = append(starts, k)
		}
	}
	b.persons = []span{{j, j}}
	return b, starts
}

const maxTrailer = 1000 // bytes at the end of a paragraph

// readTrailer finds the trailer of a report in s between start and end: who reported, who wrote, who edited.
func (r *Registry) readTrailer(s string, start, end int) (b byline, whole span, ok bool) {
	b.rule = ruleBylineTrail
	if !r.on(ruleBylineTrail) {
		return b, whole, false
	}
	s = s[:end]
	for i := max(start, end-maxTrailer); i < end; {
		c, n := rune1(s, i)
		if !isWord(c) {
			i += n
			continue
		}
		e := wordEnd(s, i)
		if (c|0x20 == 'r' || c|0x20 == 'w' || c|0x20 == 'a' || c|0x20 == 'e' || c|0x20 == 'c' || c|0x20 == 't') && r.opens(s, start, i) {
			if _, _, is := clause(s, i); is {
				whole = span{i, end}
				for isDash(before(s, whole.start)) && whole.start > start {
					_, n := lastRune(s, whole.start)
					whole.start -= n
				}
				if before(s, i) == '(' || before(s, i) == '[' {
					whole.start--
					if k := strings.IndexAny(s[i:], ")]"); k >= 0 {
						whole.end = i + k + 1
					}
				}
				r.clauses(s[:whole.end], i, &b)
				if len(b.persons) > 0 || i == start || whole.start < i {
					return b, whole, true
				}
			}
		}
		i = e
	}
	return b, whole, false
}

// clause reads the words that open a clause of a trailer, and whether those behind them wrote.
func clause(s string, i int) (next int, author, ok bool) {
	j := i
	for range 4 {
		e := wordEnd(s, j)
		if e == j {
			return i, false, false
		}
		by := strings.EqualFold(s[j:e], "by")
		if by && j > i {
			w := s[i:e]
			return skipSpace(s, e), wrote.has(w), wrote.has(w) || edited.has(w)
		}
		j = skipSpace(s, e)
	}
	return i, false, false
}

// clauses reads the clauses of a trailer, parted by semicolons, full stops or commas.
func (r *Registry) clauses(s string, i int, b *byline) {
	for i < len(s) {
		j, author, ok := clause(s, i)
		if ok {
			var list []span
			e := r.nameList(s, j, &list)
			if author {
				b.persons = append(b.persons, list...)
			}
			i = max(e, j)
		}
		for i < len(s) { // to the next clause
			c, n := rune1(s, i)
			i += n
			if c == ';' || c == '.' || c == ',' || isSpace(c) {
				if k := skipSpace(s, i); k < len(s) {
					if _, _, ok := clause(s, k); ok {
						i = k
						break
					}
					if e := wordEnd(s, k); strings.EqualFold(s[k:e], "and") {
						if _, _, ok := clause(s, skipSpace(s, e)); ok {
							i = skipSpace(s, e)
							break
						}
					}
				}
			}
		}
	}
}

// readContributed reads "Associated Press writers A in B and C contributed to this report." and "A reported from B."
func (r *Registry) readContributed(s string, start, end int) (byline, bool) {
	b := byline{rule: ruleContributed}
	k := -1
	for _, w := range []string{" contributed to this ", " contributed.", " reported from "} {
		if k < 0 {
			k = strings.Index(s[start:end], w)
		}
	}
	if k < 0 || end-start > 400 || !r.on(ruleContributed) {
		return b, false
	}
	s = s[:start+k]
	for i := start; i < len(s); i = nextWord(s, wordEnd(s, i)) {
		if m, ok := r.match(s, i); ok {
			i = m.end - 1
			continue
		}
		if r.readPerson(s, i, 2) > i {
			r.nameList(s, i, &b.persons)
			break
		}
	}
	return b, len(b.persons) > 0
}
