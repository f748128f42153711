package attribute

import (
	"slices"
	"strings"
)

// parties cites whom a phrase names and returns where it stopped reading: the agency with which the phrase begins;
// else the person with whom it ends, and the agency that the rest names ("официального представителя российского
// внешнеполитического ведомства Александра Лукашевича"); else the phrase as printed.
func (c *scan) parties(at span, rule string) int {
	s := c.s[:at.end]
	start := at.start
	for n := 0; n < 2; n++ { // the newspaper, агентство
		if e := wordEnd(s, start); outlets.has(s[start:e]) && skipTo(s, e) < at.end {
			start = skipTo(s, e)
		}
	}
	if m, ok := c.r.match(s, start); ok && (m.end >= at.end || !continues(s, m.end)) {
		c.cite(span{m.start, m.end}, m.key, rule)
		return m.end
	}
	person, ok := c.personAtEnd(at)
	if !ok {
		c.cite(span{trimPhrase(s, start, at.end), at.end}, "", rule)
		return at.end
	}
	c.cite(person, "", rule)
	for i := at.start; i < person.start; {
		if m, ok := c.r.match(s[:person.start], i); ok {
			c.cite(span{m.start, m.end}, m.key, rule)
			break
		}
		i = nextWord(s, wordEnd(s, i))
	}
	return at.end
}

// skipTo skips spaces and opening quotation marks.
func skipTo(s string, i int) int {
	return run(s, i, func(r rune) bool { return isSpace(r) || isQuote(r) })
}

// trimPhrase skips the articles that open a phrase.
func trimPhrase(s string, i, end int) int {
	for i < end {
		e := wordEnd(s, i)
		if e == i || e >= end || !isLeading(s[i:e]) {
			break
		}
		i = skipSpace(s, e)
	}
	return i
}

// personAtEnd reads the person with whose name a phrase ends: its last two or three words with capitals, where no
// word of an office or a house is among them and no preposition stands before them.
func (c *scan) personAtEnd(at span) (span, bool) {
	s := c.s
	var buf [16]span
	list := cutNames(buf[:0], s, at)
	k := len(list)
	for k > 0 {
		w := list[k-1].of(s)
		cs := caseOf(w)
		if cs == lower && !(particles.has(w) && k < len(list)) || nobody.has(w) || isDigit(rune(w[0])) {
			break
		}
		if offices.has(w) || cs == capital && len([]rune(w)) > 1 && k > 1 && hasLower(at.of(s)) && !isCapsName(list, k-1, s) {
			break
		}
		if k < len(list) && !plainGap(s, list[k-1].end, list[k].start) && !initialBefore(s, list[k-1].end) {
			break
		}
		k--
	}
	for k < len(list) && caseOf(list[k].of(s)) == lower {
		k++
	}
	n := len(list) - k
	if k > 0 && n > 0 && isPreposition(list[k-1].of(s)) {
		return span{}, false
	}
	switch {
	case n == 3 && !patronymic(list[k+1].of(s)) && !isLatin(list[k].of(s)):
		k++
	case n > 3:
		k = len(list) - 2
		if patronymic(list[k].of(s)) {
			k--
		}
	case n == 1 && (k == 0 || !offices.has(list[k-1].of(s))), n == 0:
		return span{}, false
	}
	p := span{list[k].start, list[len(list)-1].end}
	if n == 1 && len([]rune(p.of(s))) < 3 || c.r.places.city(p.of(s)) || c.r.places.region(p.of(s)) {
		return span{}, false
	}
	if _, ok := c.r.whole(p.of(s)); ok {
		return span{}, false
	}
	if slices.ContainsFunc(list[k:], func(w span) bool { return nobody.has(w.of(s)) }) {
		return span{}, false
	}
	return p, true
}

// cutNames cuts a phrase into the words of names, hyphens and apostrophes inside them.
func cutNames(list []span, s string, at span) []span {
	for i := nextWord(s[:at.end], at.start); i < at.end; {
		e := nameWord(s[:at.end], i)
		if e == i {
			e = wordEnd(s[:at.end], i)
		}
		if e == i {
			break
		}
		list = append(list, span{i, e})
		i = nextWord(s[:at.end], e)
	}
	return list
}

func hasLower(s string) bool { return strings.ToUpper(s) != s }

// isCapsName reports whether the word at k in capitals stands in a name all in capitals.
func isCapsName(list []span, k int, s string) bool {
	return k+1 < len(list) && caseOf(list[k+1].of(s)) == capital
}

// patronymic reports whether a Russian or Belarusian word is a patronymic, in any case.
func patronymic(w string) bool {
	w = strings.ToLower(w)
	for _, e := range []string{"ович", "евич", "овича", "евича", "овичу", "евичу", "овичем", "евичем", "овна", "евна", "овны", "евны", "овне", "евне", "овной", "евной", "ична", "ичны", "ичне", "ич", "ича", "ичу"} {
		if strings.HasSuffix(w, e) {
			return true
		}
	}
	return false
}

func isPreposition(w string) bool { return prepositions.has(w) }

var prepositions = words("in of at from to for the with on by и в во на из от по для у при под над с со of and de la du en ў з пра", " ")

// offices are words of a title before a person's name.
var offices = words(`Spokesman Spokeswoman Spokesperson Minister President Premier Chancellor Secretary Ambassador Director Chief Head Chairman
Chairwoman Chair Deputy Governor Mayor Senator General Colonel Major Captain Lieutenant Commander Admiral Professor Dr Doctor Mr Mrs Ms Sir Lord Prince
King Queen Pope Cardinal Bishop Patriarch Judge Justice Attorney Commissioner Coordinator Envoy Representative Member Leader Speaker Adviser Advisor Aide
Officer Analyst Expert Economist Editor Chargé Consul Vice Prime Foreign Interior Defense Defence Finance Press Executive CEO Congressman Rep Sen Gov Gen Col
spokesman spokeswoman spokesperson minister president premier chancellor secretary ambassador director chief head chairman chairwoman governor mayor senator
general colonel professor judge leader speaker adviser advisor aide officer analyst expert economist envoy representative member official lawyer
Президент Премьер Министр Глава Посол Депутат Сенатор Губернатор Генерал Полковник президент президента премьер министр министра глава главы главу посол посла депутат депутата представитель
представителя секретарь секретаря директор директора начальник начальника руководитель руководителя председатель председателя эксперт губернатор губернатора мэр спикер сенатор`, " ")
