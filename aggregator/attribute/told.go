package attribute

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute/lex"
)

// Whom a text says was told: the agency behind a preposition or an ending, and the one who told it.

// dative reads a preposition before the name and a verb of telling further left: "a déclaré le maire à l'AFP",
// "sagte Muster der dpa".
func (c *scan) dative(list []lex.Token, m *mention) bool {
	k := m.words - 1
	if k >= 0 && strings.IndexByte(c.s[list[k].End:m.at.Start], '-') >= 0 { // Sheikh Ahmad al-Sabah
		return false
	}
	for k > 0 && !towards.is(list[k]) && (list[k].Of(c.s) == "l" || list[k].Of(c.s) == "la" || outlets.is(list[k]) ||
		isNational(list[k].Of(c.s)) || list[k].Small && between.is(list[k])) {
		k--
	}
	if k >= 0 && !towards.is(list[k]) && (c.dativeName(list, m) || c.spokeIn(list, m, k)) {
		m.rule, m.cue = ruleCitedBy, m.words
		return true
	}
	if k < 0 || !towards.is(list[k]) {
		return c.spokeTo(list, m)
	}
	for j := k - 1; j >= max(0, k-14); j-- {
		if broken(c.s, list[j].Start, m.at.Start) {
			return false
		}
		if said.is(list[j]) {
			m.rule, m.cue = ruleTold, m.words
			if citedTowards.is(list[k]) {
				m.rule = ruleCitedBy
				return true
			}
			for j+1 < k && list[j+1].Is(pronouns.class|weekdays.class|timeWords.class) { // sagte er der dpa
				j++
			}
			if j+1 < k && k-j < 8 && c.r.mediaRank(m.key) == 0 {
				last := k - 1
				for last > j+1 && list[last].Is(weekdays.class|timeWords.class|prepositions.class) { // sagte Lee am Samstag der dpa
					last--
				}
				c.parties(lex.Between(list[j+1].Start, list[last].End), ruleTold)
			}
			return true
		}
	}
	if c.saidBehind(list, m) {
		m.rule, m.cue = ruleCitedBy, m.words
		return true
	}
	return false
}

// spokeTo reports whether a verb of telling and the one who spoke, a name, precede one that a text cites: "řekl Novák ČTK".
func (c *scan) spokeTo(list []lex.Token, m *mention) bool {
	j := m.words - 1
	for j > 0 && m.words-j < 4 && list[j].Case == lex.Title && plainGap(c.s, list[j].End, list[j+1].Start) {
		j--
	}
	if j == m.words-1 || j < 0 || list[m.words].Case != lex.Capital || // not sagte Stefan Reuter
		!plainGap(c.s, list[j].End, list[j+1].Start) ||
		strings.ContainsAny(c.s[list[m.words-1].End:m.at.Start], ",(:") || !list[j].Small || !said.is(list[j]) {
		return false
	}
	m.rule, m.cue = ruleCitedBy, m.words
	return true
}

// citedIn are words before the newspaper or channel in which one spoke.
var citedIn = wordSet("citedIn")

// spokeIn reports whether the word k says that one spoke in the newspaper or on the channel m: "a-t-il dit sur BFMTV".
func (c *scan) spokeIn(list []lex.Token, m *mention, k int) bool {
	if m.weak || c.r.mediaRank(m.key) == 0 || !citedIn.Has(list[k].Of(c.s)) {
		return false
	}
	for j := k - 1; j >= max(0, k-16) && !broken(c.s, list[j].Start, m.at.Start); j-- {
		if said.is(list[j]) {
			return true
		}
	}
	return c.saidBehind(list, m)
}

// dativeName reports whether a name has the ending of the one that was told and a verb of telling is shortly before it: "rekla je
// Petrovićeva Tanjugu".
func (c *scan) dativeName(list []lex.Token, m *mention) bool {
	printed := m.at.Of(c.s)
	if printed == c.r.Display(m.key, c.language) ||
		!slices.ContainsFunc(dativeEndings, func(e string) bool { return strings.HasSuffix(printed, e) }) {
		return false
	}
	for j := m.words - 1; j >= max(0, m.words-4); j-- {
		if broken(c.s, list[j].Start, m.at.Start) || strings.ContainsAny(c.s[list[j].End:list[j+1].Start], ",:(\"") {
			return false
		}
		if said.is(list[j]) {
			return true
		}
	}
	return false
}

// dativeEndings are endings of names of the one that was told.
var dativeEndings = wordList("dativeEndings")

// saidBehind reports whether a verb of telling follows a mention closely: "On je za Danas rekao".
func (c *scan) saidBehind(list []lex.Token, m *mention) bool {
	for j := m.behind; j < len(list) && j < m.behind+4; j++ {
		if broken(c.s, m.at.End, list[j].Start) || strings.ContainsAny(c.s[list[j-1].End:list[j].Start], ",:") {
			return false
		}
		if said.is(list[j]) {
			return true
		}
	}
	return false
}

// told cites whom an agency was told by: the subject before an English "told", what follows a Russian "сообщили ТАСС".
func (c *scan) told(list []lex.Token, m mention, p lex.Span) {
	if w := list[min(m.cue, len(list)-1)]; m.cue < m.words && tells.is(w) {
		if at, ok := c.subject(list, m.cue, p.Start); ok {
			c.parties(at, ruleTold)
		}
		return
	}
	from := m.at.End
	switch {
	case m.verb > 0: // ТАСС сообщили в правительстве: the verb follows the name
		from = list[m.verb].End
	case m.cue == m.words: // see dative
		return
	}
	at, ok := c.phrase(c.pastDay(from, p.End), p.End)
	w := c.r.word(c.s, at.Start)
	runsOn := false
	if lex.IsLatin(at.Of(c.s)) && w.Case == lex.Lower && !c.informs(at) {
		_, person := c.personAtEnd(at)
		runsOn = !person && !offices.is(w) || len(c.r.words(at)) > 6
	}
	if ok && !prepositions.is(w) && !runsOn {
		c.parties(at, ruleTold)
	}
}

// pastDay returns where the words end that say at i when something was told: "сообщил РИА Новости в среду источник".
func (c *scan) pastDay(i, end int) int {
	for range 2 {
		w := c.r.word(c.s[:end], c.r.nextWord(c.s[:end], i))
		day := c.r.word(c.s[:end], c.r.nextWord(c.s[:end], w.End))
		switch {
		case prepositions.is(w) && weekdays.is(day) && plainGap(c.s, w.End, day.Start):
			i = day.End
		case (timeWords.is(w) || weekdays.is(w)) && plainGap(c.s, i, w.Start):
			i = w.End
		default:
			return i
		}
	}
	return i
}

// tells are the English verbs of telling: their subject precedes them.
var tells = wordClass("tells")
