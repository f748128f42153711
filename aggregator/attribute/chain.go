package attribute

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute/agency"
	"dateline/aggregator/attribute/lex"
)

// A photo credit names persons, owners, agencies and distributors in any order ("ТАСС/Сергей Карпухин",
// "J. Scott Applewhite/AP"). Each part is typed by itself; the chain is put in order person, owner, agency,
// distributor, and the line is kept as printed.

// link is one part of a chain.
type link struct {
	at   lex.Span
	key  string
	rank int
}

const (
	rankPerson = iota
	rankOwner
	rankPictures // an agency of pictures
	rankAgency
	rankDistributor
)

// fillers are words of a credit line that name notNames.
var fillers = wordClass("fillers")

// viaWords precede who passed a picture on.
var viaWords = wordClass("viaWords")

// chain types the parts of the line between start and end.
func (r *reader) chain(s string, start, end int) chain {
	c := chain{typed: true, end: end}
	via := false
	for i := start; i < c.end; {
		if ch, n := lex.At(s, i); !lex.IsWord(ch) {
			i += n
			continue
		}
		if w := r.word(s, i); viaWords.is(w) || r.onPlatform(s[i:c.end]) {
			via, i = true, w.End
			continue
		}
		stop := r.datedEnd(s, i, r.dottedEnd(s, i, r.partEnd(s, i, end)))
		m, ok := r.Match(s[:stop], i)
		if wide, is := r.Match(s[:end], i); !ok && is && s[stop] == '/' { // RFE/RL
			m, ok = wide, true
		}
		if ok && !r.isPerson(s, m, stop) && !r.continues(s, m, stop) {
			i, via = r.chainAgency(s, m, max(stop, m.End), via, &c), false
			continue
		}
		if next := r.skipped(s, i, stop, end, len(c.links) > 0); next > i {
			i = next
			continue
		}
		r.chainOther(s, i, stop, &c)
		i, via = stop, false
	}
	if len(c.links) == 2 && platforms.Has(c.links[1].at.Of(s)) && !strings.Contains(c.links[0].at.Of(s), " ") { // muster24/Instagram
		c.typed = true
	}
	slices.SortStableFunc(c.links, func(a, b link) int { return a.rank - b.rank })
	return c
}

// dottedEnd returns where the name ends that begins at i, where a full stop and an agency are the rest of the part that ends at stop:
// "Photo Ann Lee. AFP".
func (r *reader) dottedEnd(s string, i, stop int) int {
	k := strings.LastIndex(s[i:stop], ". ")
	if k <= 0 || !r.agencyOnly(s[:stop], i+k+1) || r.readPerson(s[:i+k], i, 2) != i+k {
		return stop
	}
	return i + k
}

// datedEnd returns where the name ends that begins at i, where a day is glued to it in the part that ends at stop: "REUTERS/Ann LeeJan 25".
func (r *reader) datedEnd(s string, i, stop int) int {
	if !lex.IsDigit(lex.Before(s, stop)) {
		return stop
	}
	for j := i + 1; j < stop; j++ {
		if isLower(lex.Before(s, j)) && lex.IsUpper(lex.RuneAt(s, j)) {
			if d, ok := lex.ReadDate(s[:stop], j); ok && d.End == stop {
				return j
			}
		}
	}
	return stop
}

// agencyOnly reports whether an agency and a closing bracket or a full stop are all that is in s from i on.
func (r *reader) agencyOnly(s string, i int) bool {
	m, ok := r.Match(s, r.nextWord(s, i))
	return ok && strings.Trim(s[m.End:], " .)]") == ""
}

// skipped returns where what names no one ends at i, the head of a part that ends at stop, or i: a year, a day, a licence, a desk's mark,
// an account, a number, a word of credit lines.
func (r *reader) skipped(s string, i, stop, end int, linked bool) int {
	if given := givenEnd(s[:stop], i); given > i {
		return given
	}
	e := r.wordEnd(s, i)
	w := s[i:e]
	if isYear(w) { // © AFP 2019
		return e
	}
	if ordinal := lex.IsDigit(rune(w[0])) && lex.IsLetter(lex.RuneAt(w, len(w)-1)); ordinal &&
		lex.IsUpper(lex.RuneAt(s, lex.SkipSpace(s, e))) {
		return i // 20th Century Fox
	}
	if d, ok := lex.ReadDate(s[:end], i); ok && (d.Year != 0 || lex.IsLetter(lex.Before(s, i))) { // Foto: P. Roe, 15.01.2022
		return d.End
	}
	if part := s[i:stop]; placeholders.Has(part) || linked && companies.Has(part) { // CC0 Public Domain; Muster, Inc
		return stop
	}
	if strings.EqualFold(w, "cc") { // CC-BY-SA 2.0 Jan Roe
		return r.pastFillers(lex.Between(i, end))
	}
	before := lex.Before(s, lex.SkipSpaceBack(s, i))
	mark := (before == ';' || before == '(') && stop-i <= 4 && isLower(lex.RuneAt(w, 0)) && linked            // 5.3.2021; (abc)
	if mark || lex.Before(s, i) == '@' || linked && isCode(s[i:stop]) || r.allFiller(lex.Between(i, stop)) || // RTR4JDW4, CC-BY-SA
		strings.IndexFunc(s[i:stop], lex.IsLetter) < 0 {
		return stop
	}
	named := lex.Case(w) != lex.Lower && outletArticles.Has(w) && lex.IsUpper(lex.RuneAt(s, lex.SkipSpace(s, e))) // La República
	if ch, _ := lex.At(s, e); fillers.is(r.word(s, i)) && !named && !lex.IsDash(ch) && ch != '.' {
		return e
	}
	return i
}

// chain is a credit line as typed.
type chain struct {
	links []link
	typed bool // every part is in the registry, a person, an address or filler
	end   int  // of the credit; what follows it is text
}

// isPerson reports whether a part that ends at stop and begins with the agency m is the name of a person: ANA PÉREZ, Petra Lang.
func (r *reader) isPerson(s string, m agency.Name, stop int) bool {
	if isGivenToo(s[m.Start:m.End]) && m.End < stop && r.readPerson(s[:stop], m.Start, 2) == stop {
		return true
	}
	if end, w := r.worker(s[:stop], m.Start); m.Weak && w.Case == lex.Capital && end > m.End { // ANA PÉREZ PARA MUSTER
		return true
	}
	next := r.nextWord(s[:stop], m.End)
	w := r.word(s[:stop], next)
	return m.Weak && w.End == stop && w.Case == lex.Capital && !fillers.is(w) && r.readPerson(s[:stop], m.Start, 2) == stop
}

// chainAgency adds the agency m of a part that ends at stop and the person behind it; it returns where the next part may begin.
func (r *reader) chainAgency(s string, m agency.Name, stop int, via bool, c *chain) int {
	l := link{lex.Between(m.Start, m.End), m.Key, r.rank(m.Key)}
	if via {
		l.rank = rankDistributor
	}
	c.links = append(c.links, l)
	rest := strings.TrimSpace(s[m.End:stop])
	if sellerRegions.Has(rest) { // Getty Images North America
		return stop
	}
	if rest == "" || r.allFiller(lex.Between(m.End, stop)) {
		return m.End
	}
	next := r.nextWord(s, m.End)
	if _, ok := r.Match(s[:stop], next); ok && next == m.End { // EyeEmGetty Images
		return m.End
	}
	if joiners.is(r.word(s[:stop], next)) { // Getty Images and Muster Presswire
		return r.word(s[:stop], next).End
	}
	// Foto: PAP Fundamentaliści żądają ...
	if words, small := r.count(s[:stop], next); words >= 4 && small >= 2 && lex.IsUpper(lex.RuneAt(s, next)) {
		c.end = m.End
		return m.End
	}
	if p := r.readPerson(s[:stop], next, 2); p == stop {
		c.links = append(c.links, link{lex.Between(next, p), "", rankPerson})
	} else if !isYear(rest) && !strings.HasPrefix(rest, "for ") {
		c.typed = c.typed && lex.Case(rest) != lex.Lower && !m.Weak
	}
	return stop
}

// chainOther adds the part between i and stop, which begins with no agency: a person, or an owner that the registry lacks.
func (r *reader) chainOther(s string, i, stop int, c *chain) {
	if r.gluedName(lex.Between(i, stop)) > i { // Ann LeeGetty Images
		if person, of, ok := r.agencyBehind(s, i, stop, ""); ok {
			c.links = append(c.links, person, of)
			return
		}
	}
	if k := strings.LastIndexByte(s[i:stop], ' '); k > 0 && len(c.links) == 0 && isAcronym(s[i+k+1:stop]) && stop-i-k < 6 &&
		strings.Trim(s[i+k+1:stop], "IVX") != "" && lex.Case(s[i:i+k]) == lex.Title &&
		r.readPerson(s[:i+k], i, 2) == i+k { // Ann Lee LBV
		c.links = append(c.links, link{lex.Between(i, i+k), "", rankPerson})
		i += k + 1
		if m, ok := r.Match(s[:stop], i); ok && m.End == stop {
			c.links = append(c.links, link{lex.Between(m.Start, m.End), m.Key, r.rank(m.Key)})
			return
		}
		r.owner(s, lex.Between(i, stop), c)
		return
	}
	outlet := len(c.links) > 0 && slices.ContainsFunc(r.words(lex.Between(i, stop)), outletWords.is) // Jane Roe/Gazeta Muster
	p := r.readPerson(s[:stop], i, 2)
	if p > i && p < stop && hasPerson(c.links) && r.anyFiller(lex.Between(p, stop)) { // Jane Roe/Four Masts Images
		outlet = true
	}
	end, of := r.worker(s[:stop], i)
	if p > i && !outlet && (end == i || of.Case != lex.Capital) && (p >= stop || r.allFiller(lex.Between(p, stop))) {
		if r.addPair(s, i, stop, c, "-", "–", "—") {
			return
		}
		c.links = append(c.links, link{lex.Between(i, p), "", rankPerson})
		return
	}
	if p := r.readPerson(s[:stop], i, 2); p > i { // Ann Lee og Bob Roe
		w := r.word(s[:stop], lex.SkipSpace(s, p))
		if next := lex.SkipSpace(s, w.End); joiners.is(w) && r.readPerson(s[:stop], next, 2) == stop {
			c.links = append(c.links, link{lex.Between(i, p), "", rankPerson}, link{lex.Between(next, stop), "", rankPerson})
			return
		}
	}
	if r.addPair(s, i, stop, c, "-", "–", "—", "for", " ") {
		return
	}
	if p, w := r.worker(s[:stop], i); p > i && r.titled(s, lex.Between(w.End, stop)) { // Ann Lee for Example Reader
		c.links = append(c.links, link{lex.Between(i, p), "", rankPerson})
		i = lex.SkipSpace(s, w.End)
	}
	r.owner(s, lex.Between(i, stop), c)
}

// addPair adds the person and the agency of a part, with one of the separators between them, or the person before a hyphen and a word that
// names no one: "Ann Lee-Pool".
func (r *reader) addPair(s string, i, stop int, c *chain, separators ...string) bool {
	if k := strings.LastIndexByte(s[i:stop], '-'); k > 0 && fillers.Has(s[i+k+1:stop]) && r.readPerson(s[:i+k], i, 2) == i+k {
		c.links = append(c.links, link{lex.Between(i, i+k), "", rankPerson})
		return true
	}
	for _, between := range separators {
		if person, of, ok := r.agencyBehind(s, i, stop, between); ok {
			c.links = append(c.links, person, of)
			return true
		}
	}
	return false
}

// owner adds an owner that the registry lacks.
func (r *reader) owner(s string, at lex.Span, c *chain) {
	at = unquoted(s, trimFillers(s, at))
	part := at.Of(s)
	if lex.Before(s, lex.SkipSpaceBack(s, at.Start)) == ',' && len(c.links) > 0 && r.places.City(part) { // Studio Muster, Berlin
		return
	}
	l := link{at, "", rankOwner}
	handle := false
	if n := len(c.links); n > 0 {
		last := c.links[n-1]
		if last.key != "" && last.rank < rankDistributor && isAcronym(part) { // EPA/UPG
			l.rank = rankAgency
		}
		// Instagram/ann_lee
		if handle = (platforms.Has(last.at.Of(s)) || r.sellsPictures(last.key) && isLower(lex.RuneAt(part, 0))) &&
			!strings.Contains(part, " "); handle {
			l.rank = rankPerson
		}
	}
	c.links = append(c.links, l)
	c.typed = c.typed && (isAddress(part) || platforms.Has(part) || handle || r.anyFiller(at) || // Kremlin Pool Photo
		strings.Contains(strings.ToLower(part), "пресс-служб"))
}

// agencyBehind reads a person and the agency with which a part ends, with a hyphen, a space or a word such as "for" between them: "Jamie
// Rhodes-USA TODAY Sports", "Joao Silva Reuters", "Ann Lee for The New York Times".
func (r *reader) agencyBehind(s string, i, stop int, between string) (person, of link, ok bool) {
	p, next := 0, 0
	if between == "for" {
		var w lex.Token
		if p, w = r.worker(s[:stop], i); p == i {
			return person, of, false
		}
		next = lex.SkipSpace(s, w.End)
		if _, ok := r.Match(s[:stop], next); !ok { // for the Guardian
			next = lex.SkipWord(s[:stop], next, "the")
		}
	} else if between == "" {
		next = r.gluedName(lex.Between(i, stop))
		p = next
	} else {
		k := strings.LastIndex(s[i:stop], between)
		if k < 0 {
			return person, of, false
		}
		p, next = i+k, i+k+len(between)
	}
	m, found := r.Match(s[:stop], next)
	if !found || m.End != stop || between == " " && m.Weak || r.readPerson(s[:p], i, 2) != p {
		return person, of, false
	}
	return link{lex.Between(i, p), "", rankPerson}, link{lex.Between(m.Start, m.End), m.Key, r.rank(m.Key)}, true
}

// worker reads a person at i and the word behind, such as "for", before the one that the person worked for. It returns i where there is
// none. In capitals that word does not end the name by its form: "ANN LEE POUR MUSTER".
func (r *reader) worker(s string, i int) (end int, of lex.Token) {
	list := r.words(lex.Between(i, len(s)))
	for k := 2; k+1 < len(list) && k < 5; k++ {
		w := list[k]
		if end = list[k-1].End; w.Case == lex.Capital && capitalForWords.is(w) && r.readPerson(s[:end], i, 2) == end {
			return end, w
		}
	}
	end = r.readPerson(s, i, 2)
	if of = r.word(s, lex.SkipSpace(s, end)); end == i || !forWords.is(of) {
		return i, of
	}
	return end, of
}

// gluedName returns where in a part a name begins that is glued to the word before it, or where the part begins.
func (r *reader) gluedName(at lex.Span) int {
	list := r.words(at)
	for k := len(list) - 1; k > 0; k-- {
		if list[k].Start == list[k-1].End {
			return list[k].Start
		}
	}
	return at.Start
}

// forWords are between a person and the one that the person worked for.
var forWords = wordClass("forWords")

// capitalForWords are those of them that are no part of a name in capitals.
var capitalForWords = wordClass("capitalForWords")

// isCode reports whether a part is the number of a picture: one word of capitals and digits.
func isCode(s string) bool {
	return lex.WordEnd(s, 0) == len(s) && strings.ContainsAny(s, "0123456789") && s == strings.ToUpper(s) && len(s) > 5
}

// isAcronym reports whether a part is one word of two to six capitals.
func isAcronym(s string) bool {
	return lex.WordEnd(s, 0) == len(s) && lex.Case(s) == lex.Capital && len([]rune(s)) >= 2 && len([]rune(s)) <= 6
}

// sellerRegions are behind the name of one that sells pictures.
var sellerRegions = wordSet("sellerRegions")

// platforms are where a picture was published by an account.
var platforms = wordSet("platforms")

// onPlatform reports whether s is "on" and a platform, or one that sells pictures: "Ann Lee on Unsplash".
func (r *reader) onPlatform(s string) bool {
	name, ok := strings.CutPrefix(s, "on ")
	if !ok || platforms.Has(name) {
		return ok
	}
	m, known := r.Whole(name)
	return known && r.sellsPictures(m.Key)
}

// accounts are hosts whose paths name an account.
var accounts = wordSet("accounts")

// isAddress reports whether a part is the name of a host, with a path behind it or not.
func isAddress(s string) bool {
	k := strings.IndexByte(s, '.')
	return k > 0 && k+2 < len(s) && !strings.ContainsAny(s, " \u00a0")
}

func isYear(s string) bool {
	v, e := lex.Number(s, 0, 5)
	return e == 4 && v > 1900 && e == len(strings.TrimSpace(s))
}
