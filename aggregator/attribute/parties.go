package attribute

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute/lex"
)

// parties cites whom a phrase names and returns where it stopped reading: the agency with which the phrase begins;
// else the person with whom it ends, and the agency that the rest names ("официального представителя российского
// внешнеполитического ведомства Александра Лукашевича"); else the phrase as printed.
func (c *scan) parties(at lex.Span, rule string) int {
	at = c.pastOwn(at)
	s := c.s[:at.End]
	start := at.Start
	for n := 0; n < 2; n++ { // the newspaper, агентство
		if e := c.r.wordEnd(s, start); outlets.is(c.r.word(s, start)) && c.r.word(s, start).Case == lex.Lower && skipTo(s, e) < at.End {
			start = skipTo(s, e)
		}
	}
	if m, ok := c.r.Match(s, start); ok && (m.End >= at.End || !continues(s, m.End)) {
		c.cite(lex.Between(m.Start, m.End), m.Key, rule)
		return m.End
	}
	person, ok := c.personAtEnd(at)
	switch {
	case c.isCommonNoun(at):
		return at.End
	case !ok:
		if maker, ok := c.maker(c.trimPhrase(s, start, at.End), at.End); ok {
			c.cite(lex.Between(maker, at.End), "", rule)
		}
		return at.End
	}
	c.cite(person, "", rule)
	for i := at.Start; i < person.Start; {
		if m, ok := c.r.Match(s[:person.Start], i); ok && !continues(s[:person.Start], m.End) {
			c.cite(lex.Between(m.Start, m.End), m.Key, rule)
			break
		}
		i = c.r.nextWord(s, c.r.wordEnd(s, i))
	}
	return at.End
}

// pastOwn returns a phrase that begins with a word such as "own" up to the newspaper behind it, whose sources they are: "свои источники
// газета". Of "источники Reuters" it returns the agency.
func (c *scan) pastOwn(at lex.Span) lex.Span {
	list := c.r.words(at)
	if len(list) > 1 && commonNouns.Has(list[0].Of(c.s)) && plainGap(c.s, list[0].End, list[1].Start) {
		if m, ok := c.r.Match(c.s, list[1].Start); ok && !m.Weak && m.End >= at.End {
			return lex.Between(m.Start, at.End)
		}
	}
	if len(list) < 3 || !ownWords.Has(list[0].Of(c.s)) {
		return at
	}
	for k, w := range list[2:] {
		if w.Small && outlets.is(w) {
			return lex.Between(at.Start, list[k+1].End)
		}
	}
	return at
}

// ownWords are words such as "own" before sources.
var ownWords = wordSet("ownWords")

// isCommonNoun reports whether a phrase is a common noun alone, which names no party: "сообщили в компании во вторник".
func (c *scan) isCommonNoun(at lex.Span) bool {
	list := c.r.words(lex.Between(c.trimPhrase(c.s[:at.End], at.Start, at.End), at.End))
	for len(list) > 1 && (weekdays.is(list[len(list)-1]) || timeWords.is(list[len(list)-1]) || prepositions.is(list[len(list)-1])) {
		list = list[:len(list)-1]
	}
	if len(list) == 0 || list[0].Case != lex.Lower {
		return false
	}
	return commonNouns.Has(lex.Between(list[0].Start, list[len(list)-1].End).Of(c.s))
}

// maker returns where the maker is named in a phrase of a paper, "survey by the Marine Trust": its start where it is of none. It is not
// ok where nothing but the paper is named, "survey of voters".
func (c *scan) maker(start, end int) (at int, ok bool) {
	words := c.r.words(lex.Between(start, end))
	n := slices.IndexFunc(words, func(w lex.Token) bool { return w.Case != lex.Lower })
	if n < 0 {
		n = len(words)
	}
	k := slices.IndexFunc(words[:n], func(w lex.Token) bool { return papers.Has(w.Of(c.s)) })
	if k < 0 {
		return start, true
	}
	made := slices.ContainsFunc(words[k+1:n], func(w lex.Token) bool { return madeBy.Has(w.Of(c.s)) })
	if made && n < len(words) && skipTo(c.s, words[n-1].End) == words[n].Start {
		return c.trimPhrase(c.s, words[n].Start, end), true // research firm Gartner
	}
	return start, k > 0 && k == len(words)-1 // court documents
}

// papers are nouns of papers and inquiries.
var papers = wordSet("papers")

// madeBy are words before the name of the maker of a thing.
var madeBy = wordSet("madeBy")

// commonNouns are nouns that name no party where they have neither an adjective nor a complement.
var commonNouns = wordSet("commonNouns")

// skipTo skips spaces and opening quotation marks.
func skipTo(s string, i int) int {
	return lex.Run(s, i, func(r rune) bool { return lex.IsSpace(r) || lex.IsQuote(r) })
}

// trimPhrase skips the articles that open a phrase.
func (c *scan) trimPhrase(s string, i, end int) int {
	for i < end {
		e := c.r.wordEnd(s, i)
		if e == i || e >= end || !isLeading(c.r.word(s, i)) {
			break
		}
		i = lex.SkipSpace(s, e)
	}
	return i
}

// personAtEnd reads the person with whose name a phrase ends: its last two or three words with capitals, where no
// word of an office or an outlet is among them and no preposition precedes them.
func (c *scan) personAtEnd(at lex.Span) (lex.Span, bool) {
	s := c.s
	var buf [16]lex.Span
	list := cutNames(buf[:0], s, at)
	k := len(list)
	for k > 0 {
		w := list[k-1].Of(s)
		cs := lex.Case(w)
		if cs == lex.Lower && !(particles.Has(w) && k < len(list)) || notNames.Has(w) || lex.IsDigit(rune(w[0])) {
			break
		}
		if offices.Has(w) || cs == lex.Capital && len([]rune(w)) > 1 && k > 1 && hasLower(at.Of(s)) && !isCapsName(list, k-1, s) {
			break
		}
		if k < len(list) && !plainGap(s, list[k-1].End, list[k].Start) && !initialBefore(s, list[k-1].End) {
			break
		}
		k--
	}
	for k < len(list) && lex.Case(list[k].Of(s)) == lex.Lower {
		k++
	}
	n := len(list) - k
	if k > 0 && n > 0 && prepositions.Has(list[k-1].Of(s)) {
		return lex.Span{}, false
	}
	switch {
	case n == 3 && !patronymic(list[k+1].Of(s)) && !lex.IsLatin(list[k].Of(s)):
		k++
	case n > 3:
		k = len(list) - 2
		if patronymic(list[k].Of(s)) {
			k--
		}
	case n == 1 && (k == 0 || !offices.Has(list[k-1].Of(s))), n == 0:
		return lex.Span{}, false
	}
	p := lex.Between(list[k].Start, list[len(list)-1].End)
	if n == 1 && len([]rune(p.Of(s))) < 3 || c.r.places.City(p.Of(s)) || c.r.places.Region(p.Of(s)) {
		return lex.Span{}, false
	}
	if _, ok := c.r.Whole(p.Of(s)); ok {
		return lex.Span{}, false
	}
	if slices.ContainsFunc(list[k:], func(w lex.Span) bool { return notNames.Has(w.Of(s)) }) {
		return lex.Span{}, false
	}
	return p, true
}

// cutNames cuts a phrase into the words of names, hyphens and apostrophes inside them.
func cutNames(list []lex.Span, s string, at lex.Span) []lex.Span {
	for i := lex.NextWord(s[:at.End], at.Start); i < at.End; {
		e := nameWord(s[:at.End], i)
		if e == i {
			e = lex.WordEnd(s[:at.End], i)
		}
		if e == i {
			break
		}
		list = append(list, lex.Between(i, e))
		i = lex.NextWord(s[:at.End], e)
	}
	return list
}

func hasLower(s string) bool { return strings.ToUpper(s) != s }

// isCapsName reports whether the word at k in capitals is in a name all in capitals.
func isCapsName(list []lex.Span, k int, s string) bool {
	return k+1 < len(list) && lex.Case(list[k+1].Of(s)) == lex.Capital
}

// patronymics are the ends of patronymics.
var patronymics = wordList("patronymics")

// patronymic reports whether a Russian or Belarusian word is a patronymic, in any case.
func patronymic(w string) bool {
	w = strings.ToLower(w)
	for _, e := range patronymics {
		if strings.HasSuffix(w, e) {
			return true
		}
	}
	return false
}

var prepositions = wordClass("prepositions")

// offices are words of a title before a person's name.
var offices = wordClass("offices")
