package attribute

import (
	"strings"

	"dateline/aggregator/attribute/agency"
	"dateline/aggregator/attribute/lex"
)

// A byline is a line of its own ("By Michael Gelb, Reuters"), the head of a paragraph before the dateline
// ("(di Amalia Angotti) (ANSA) - TORINO"), part of the dateline (see tag.go), or the trailer of a report
// ("(Reporting by Kane Wu in Hong Kong; Editing by Jacqueline Wong)"), of whose clauses those of editors name no
// author.

const (
	ruleByline         = "byline-line"
	ruleBylineHead     = "byline-before-dateline"
	ruleBylineTrail    = "byline-trailer"
	ruleContributed    = "byline-contributed"
	ruleBylineDated    = "byline-dated"
	ruleBylineSentence = "byline-sentence"
	ruleBylineTag      = "byline-in-dateline"
)

// bylineStarts open a byline; bylineLabels do before a colon.
var (
	bylineStarts = wordSet("bylineStarts")
	bylineLabels = wordSet("bylineLabels")
	wrote        = wordSet("wrote")
	edited       = wordSet("edited")
	staffs       = wordSet("staffs")
	joiners      = wordClass("joiners")

	bylineHeads = heads(bylineStarts, bylineLabels)
	contributes = wordClass("contributes")

	trailerHeads = heads(wrote, edited)
)

// byline is what was read from a byline.
type byline struct {
	persons []lex.Span
	agency  agency.Name // key "": none
	rule    string
}

// readByline reads the line between start and end as a byline.
func (r *reader) readByline(s string, start, end int) (byline, bool) {
	b := byline{rule: ruleByline}
	if end-start > 200 {
		return b, false
	}
	s = s[:end]
	if strings.HasPrefix(s[start:], "(") && strings.HasSuffix(s, ")") {
		start, s = start+1, s[:end-1]
	}
	if photoWords.is(r.word(s, start)) { // Фото Павла Малого, БЕЛТА
		return b, false
	}
	i := start
	if bylineHeads.is(r.word(s, start)) {
		i = opening(s, start)
	} else if r.word(s, start).Case == lex.Lower {
		return b, false
	}
	if m, ok := r.Match(s, i); ok && i > start && (m.End == len(s) || staffs.Has(s[m.End:])) { // By Reuters Staff
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
		m, ok := r.Whole(s[j:])
		ok = ok && !r.sellsPictures(m.Key)
		b.agency = agency.Name{Start: j + m.Start, End: j + m.End, Key: m.Key, Weak: m.Weak}
		return b, ok
	}
	return b, r.readOutletOf(s, j, &b)
}

// readOutletOf reads what follows the names of a byline at j, the outlet for one: ", Reuters", "for AP", "| Political Editor". It
// reports whether nothing else does.
func (r *reader) readOutletOf(s string, j int, b *byline) bool {
	rest := strings.TrimSpace(s[j:])
	if rest == "" || rest == "." {
		return true
	}
	c, _ := lex.At(s, lex.SkipSpace(s, j))
	if strings.HasPrefix(rest, "for ") {
		c = ','
	}
	if c != ',' && c != '|' && c != '/' && c != '(' && !lex.IsDash(c) && c != '•' && c != ';' && c != ':' ||
		strings.Count(rest, " ") > 6 || endsSentence(rest) && !strings.HasSuffix(rest, "Inc.") {
		return false
	}
	k := lex.SkipWord(s, r.nextWord(s, j), "for")
	if m, ok := r.Match(s, k); ok {
		b.agency = m
	}
	return true
}

// opening returns where the names begin behind the word that opens a byline, or i.
func opening(s string, i int) int {
	end := i
	for n, j := 0, i; n < 4; n++ {
		e := lex.WordEnd(s, j)
		if e == j {
			return i
		}
		end = e
		k := lex.SkipSpace(s, end)
		if k < len(s) && s[k] == ':' && bylineLabels.Has(s[i:end]) {
			return lex.SkipSpace(s, k+1)
		}
		if bylineStarts.Has(s[i:end]) && k > end {
			return k
		}
		j = k
	}
	return i
}

// nameList reads persons parted by commas and "and", each with "in PLACE" behind it or not. It returns where it
// stopped.
func (r *reader) nameList(s string, i int, list *[]lex.Span) int {
	end := i
	for len(*list) < 12 {
		e := r.readPerson(s, i, 2)
		if e == i {
			break
		}
		*list = append(*list, lex.Between(i, e))
		end = r.skipWhere(s, e)
		next, ok := r.joined(s, end)
		if !ok {
			break
		}
		i = next
	}
	return end
}

// joined returns the start of the next member of a list behind i.
func (r *reader) joined(s string, i int) (int, bool) {
	j := lex.SkipSpace(s, i)
	c, n := lex.At(s, j)
	switch {
	case c == ',' || c == '&' || c == '/':
		j = lex.SkipSpace(s, j+n)
		if w := r.word(s, j); joiners.is(w) {
			j = lex.SkipSpace(s, w.End)
		}
		return j, true
	case lex.IsLetter(c) && j > i:
		if w := r.word(s, j); joiners.is(w) {
			return lex.SkipSpace(s, w.End), true
		}
	}
	return i, false
}

// whereOf are words between the name of a person and a place.
var whereOf = wordSet("whereOf")

// skipWhere skips "in Hong Kong", "in Kyiv and Moscow", "in Paris, France" behind a name, but no further name.
func (r *reader) skipWhere(s string, i int) int {
	j := lex.SkipSpace(s, i)
	e := r.wordEnd(s, j)
	if !whereOf.Has(s[j:e]) {
		return i
	}
	j = lex.SkipSpace(s, e)
	for {
		end, _, n := r.segment(s, j)
		if end == j || n > 3 {
			return i
		}
		i = end
		next, ok := r.joined(s, i)
		if !ok {
			return i
		}
		end, _, _ = r.segment(s, next)
		if p := s[next:end]; !r.places.City(p) && !r.places.Region(p) {
			if strings.Contains(strings.TrimSpace(p), " ") || r.readPerson(s, next, 2) > next {
				return i
			}
		}
		j = next
	}
}

// readBylineHead reads a byline at i that a dateline follows in the same paragraph; it returns where that may begin.
func (r *reader) readBylineHead(s string, i, end int) (byline, []int) {
	b := byline{rule: ruleBylineHead}
	s = s[:end]
	if i < len(s) && s[i] == '(' {
		j := opening(s, i+1)
		k := r.nameList(s, j, &b.persons)
		if j == i+1 || len(b.persons) == 0 || k >= len(s) || s[k] != ')' {
			return b, nil
		}
		return b, []int{lex.SkipSpace(s, k+1)}
	}
	if !bylineHeads.is(r.word(s, i)) {
		return b, nil
	}
	j := opening(s, i)
	if j == i {
		return b, nil
	}
	var starts []int // a name may run into the place: By Jane Doe WASHINGTON (Reuters)
	for n, k := 0, j; n < 12; n++ {
		e := nameWord(s, k)
		if e == k || lex.Case(s[k:e]) == lex.Lower && !joiners.is(r.word(s, k)) {
			break
		}
		if gluedCapitals(s[k:e]) { // By Jan RoePARIS
			return b, nil
		}
		k = r.nextWord(s, e)
		if n > 0 && k < len(s) {
			starts = append(starts, k)
		}
	}
	b.persons = []lex.Span{lex.Between(j, j)}
	return b, starts
}

// gluedCapitals reports whether two capitals end a word behind a small letter: a place in capitals is glued to a name.
func gluedCapitals(w string) bool {
	k := strings.LastIndexFunc(w, isLower)
	if k <= 0 {
		return false
	}
	_, n := lex.At(w, k)
	return len([]rune(w[k+n:])) > 1
}

// readContributed reads "Associated Press writers A in B and C contributed to this report." and "A reported from B."
func (r *reader) readContributed(s string, start, end int) (byline, bool) {
	b := byline{rule: ruleContributed}
	if end-start > 400 || !r.table.Any(contributes.class) {
		return b, false
	}
	k := -1
	for _, w := range []string{" contributed to this ", " contributed.", " reported from "} {
		if k < 0 {
			k = strings.Index(s[start:end], w)
		}
	}
	if k < 0 {
		return b, false
	}
	s = s[:start+k]
	i := start
	if m, ok := r.Match(s, i); ok { // Associated Press writers
		e := lex.SkipSpace(s, m.End)
		if w := r.word(s, e); jobs.is(w) {
			i = w.End
		}
	}
	list := r.readPeople(s, i, len(s))
	if list.unknown+list.handles > 0 || len(list.persons)+len(list.agencies) != list.parts {
		return b, false
	}
	b.persons = list.persons
	return b, len(b.persons) > 0
}

// readBylineSentence reads a byline that ends as a sentence at i, before the text: "By Malcolm Rhodes, Economics Correspondent. The
// central bank ...". It returns where the text begins.
func (r *reader) readBylineSentence(s string, i, end int) (people, int, bool) {
	if !bylineHeads.is(r.word(s, i)) {
		return people{}, i, false
	}
	j := opening(s[:end], i)
	if j == i || !lex.IsUpper(lex.RuneAt(s, i)) {
		return people{}, i, false
	}
	for k := j; k < min(end, i+maxBylineSentence); k++ {
		if s[k] != '.' || !endsPart(s[:end], k) {
			continue
		}
		next := lex.SkipSpace(s, k+1)
		if c := lex.RuneAt(s[:end], next); !lex.IsUpper(c) && !lex.IsQuote(c) {
			return people{}, i, false
		}
		list := r.readPeople(s, j, k)
		return list, next, len(list.persons) > 0 && list.unknown == 0 && !r.hasText(lex.Between(j, k))
	}
	return people{}, i, false
}

// hasText reports whether a list of names has a word in small letters that lists have not: it is a sentence.
func (r *reader) hasText(at lex.Span) bool {
	for _, w := range r.words(at) {
		if w.Small && !w.Is(joiners.class|where.class|connectors.class|particles.class|jobs.class) {
			return true
		}
	}
	return false
}

const maxBylineSentence = 160 // bytes

// readDated reads the list of names and the day in brackets that end a text: "(Renate Graber, 10.5.2016)", "(APA/dpa, 17.3.2026)".
func (r *reader) readDated(s string, start, end int) (people, lex.Span, bool) {
	k := strings.LastIndexByte(s[max(start, end-120):end], '(')
	if k < 0 {
		return people{}, lex.Span{}, false
	}
	k += max(start, end-120)
	in := strings.TrimRight(s[k+1:end], ". ")
	in = strings.TrimSuffix(in, ")")
	names := strings.TrimRight(in, "0123456789. ")
	day := strings.TrimSpace(in[len(names):])
	names = strings.TrimRight(names, " ,;-–—")
	if names == "" || pictures(in) || strings.ContainsAny(in, "()") || len(day) < 6 || len(day) > 12 || strings.Count(day, ".") < 2 {
		return people{}, lex.Span{}, false
	}
	return r.readPeople(s, k+1, k+1+len(names)), lex.Between(lex.SkipSpaceBack(s, k), end), true
}
