package attribute

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"
)

// judge looks for a cue on both sides of a mention.
func (c *scan) judge(list []lex.Token, m *mention) {
	m.cue = m.words
	if c.judgeLeft(list, m) || c.nearCue(list, m) {
		if m.rule == ruleTold && m.verb == 0 && c.isObject(list, m) {
			m.rule = ""
		}
		return
	}
	if m.longer || m.behind >= len(list) {
		return
	}
	if m.words > 0 && offices.is(list[m.words-1]) && plainGap(c.s, list[m.words-1].End, m.at.Start) {
		return
	}
	c.judgeRight(list, m)
}

// isObject reports whether what follows one that was told makes it the object of the report itself: an infinitive, an office, a person of
// it of whom more is said, or the particle of the verb, as in "told Reuters to hand over" and "sagte der dpa ab".
func (c *scan) isObject(list []lex.Token, m *mention) bool {
	j := m.behind
	if j >= len(list) || !plainGap(c.s, max(m.at.End, list[j-1].End), list[j].Start) {
		return false
	}
	w, end := list[j].Of(c.s), list[j].End
	switch {
	case w == "to", partsOfAgency.Has(w):
		return true
	case verbParticles.Has(w):
		next, _ := lex.At(c.s, end)
		return strings.ContainsRune(",.:;!?", next)
	}
	who := j+1 < len(list) && plainGap(c.s, end, list[j+1].Start)
	return staff.is(list[j]) && who && (list[j+1].Of(c.s) == "who" || list[j+1].Of(c.s) == "whose")
}

var (
	// partsOfAgency are words behind the name of an agency that make it a part of the name of what was told.
	partsOfAgency = wordSet("partsOfAgency")
	// verbParticles are the particles of verbs that end a German clause: "sagte der dpa ab".
	verbParticles = wordSet("verbParticles")
)

// nearCue tries the cues that are no sequences of words.
func (c *scan) nearCue(list []lex.Token, m *mention) bool {
	for _, rule := range c.r.rules.nears {
		if rule.near(c, list, m) {
			return true
		}
	}
	return false
}

// judgeLeft looks for a cue before a mention, articles, adjectives and words such as "agency" left out.
func (c *scan) judgeLeft(list []lex.Token, m *mention) bool {
	adjacent := true
	for k, n := c.beforeDate(list, m.words-1), 0; k >= 0 && n < 6; k, n = k-1, n+1 {
		dated := n == 0 && k < m.words-1
		gap := c.s[list[k].End:list[k+1].Start]
		spoken := strings.Contains(gap, ":") && strings.IndexFunc(gap, lex.IsQuote) >= 0 // konstatuje: „Polityka ...
		if broken(c.s, list[k].Start, m.at.Start) || !dated && strings.ContainsAny(gap, ",(") || spoken {
			return false
		}
		if rule, size := c.r.cues.before.lookup(c.s, list, k); rule != "" {
			m.rule, m.cue = rule, k-size+1
			return true
		}
		w := list[k].Of(c.s)
		switch {
		case adjacent && staff.is(list[k]):
			m.own = true
		case isNational(w):
			m.foreign = true
		case list[k].Is(between.class | outlets.class | timeWords.class | weekdays.class), isMonth(c.s, list[k]):
		case c.quotesObject(list, k):
			m.rule, m.cue = ruleCitedBy, k-1
			return true
		case k+1 == m.words && isOutletCompound(w): // saksalaislehti Der Spiegel
		case outlets.is(list[k+1]) && (describes(list[k], c.s) || c.s[list[k].End:list[k+1].Start] == "-"): // das Springer-Blatt
		default:
			return false
		}
		adjacent = adjacent && (outlets.is(list[k]) || isNational(w))
	}
	return false
}

// isMonth reports whether a word is the name of a month: "napsal koncem ledna server Reuters".
func isMonth(s string, w lex.Token) bool {
	_, _, ok := lex.ReadMonth(s, w.Start)
	return ok
}

// quotes are verbs of quoting whose object may precede the name of the one that quotes.
var quotes = wordSet("quotes")

// quotesObject reports whether the word k is the object of a verb of quoting: "цитує його Reuters", "cituje Nováka deník Právo".
func (c *scan) quotesObject(list []lex.Token, k int) bool {
	if k == 0 || !quotes.Has(list[k-1].Of(c.s)) || !plainGap(c.s, list[k-1].End, list[k].Start) {
		return false
	}
	w := list[k].Of(c.s)
	return list[k].Case == lex.Title || len(w) <= 8 || offices.is(list[k]) || reportWords.Has(w) || outlets.is(list[k+1])
}

// describes reports whether a word before one such as "newspaper" may be an adjective: in small letters, and none that has another part.
func describes(w lex.Token, s string) bool {
	printed := w.Of(s)
	return w.Small && len(printed) > 6 && !w.Is(offices.class|jobs.class|staff.class|said.class|prepositions.class|pronouns.class) &&
		!w.Is(joiners.class|mentionJoiners.class|cueAfter)
}

// beforeDate returns the index of the word before the day that ends with the word k and is between commas, or k: "передає у п'ятницю,
// 15 січня, Reuters".
func (c *scan) beforeDate(list []lex.Token, k int) int {
	if k < 0 || k+1 >= len(list) || strings.TrimSpace(c.s[list[k].End:list[k+1].Start]) != "," {
		return k
	}
	from, day := k, false
	for ; k >= 0 && from-k < 7; k-- {
		w := list[k]
		_, _, month := lex.ReadMonth(c.s, w.Start)
		if !w.Digit && !month && !weekdays.is(w) && !prepositions.is(w) && w.End-w.Start > 2 {
			break
		}
		day = day || month || weekdays.is(w)
	}
	if !day || k < 0 {
		return from
	}
	return k
}

// judgeRight looks for a cue behind a mention, a few words such as "earlier" between.
func (c *scan) judgeRight(list []lex.Token, m *mention) {
	if m.weak && c.opensSentence(m.at.Start) && lex.Case(m.at.Of(c.s)) == lex.Title { // Trend reports show
		return
	}
	for j, n := m.behind, 0; j < len(list) && n < 4; j, n = j+1, n+1 {
		if n == 0 {
			gap := strings.TrimPrefix(c.s[max(m.at.End, list[j-1].End):list[j].Start], ")")
			if lex.IsQuote(lex.Before(c.s, m.at.Start)) { // а "Ройтерс" съобщава
				gap = strings.TrimLeftFunc(gap, lex.IsQuote)
			}
			if _, size := c.r.cues.after.lookup(c.s, list, j); strings.TrimSpace(gap) == "," && size > 1 { // Reuters, ki se sklicuje na vire
				gap = ""
			}
			if c.clitic(m, list[j], gap) { // Reuters:n mukaan
				gap = ""
			}
			if c.reportsLast(list, m, gap) {
				m.rule, m.verb = ruleCitedBy, j
				return
			}
			if strings.TrimSpace(gap) == "," && relatives.Has(list[j].Of(c.s)) {
				c.behindClause(list, m, j)
				return
			}
			if strings.ContainsAny(gap, ",:(\"") {
				return
			}
		}
		if broken(c.s, m.at.End, list[j].Start) {
			return
		}
		rule, size := c.r.cues.after.lookup(c.s, list, j)
		w := list[j].Of(c.s)
		if rule == "" && j > 0 && (w == "said" || w == "says") && (strings.EqualFold(list[j-1].Of(c.s), "agency") ||
			// state news agency SANA said
			m.words > 0 && m.key != "" && outlets.is(list[m.words-1]) && plainGap(c.s, list[m.words-1].End, m.at.Start)) {
			rule, size = ruleReport, 1
		}
		if rule == "" && j == m.behind && (w == "said" || w == "says") && c.r.Kind(m.key) == news.KindAgency &&
			(!m.weak || m.words > 0 && strings.EqualFold(list[m.words-1].Of(c.s), "the")) { // The AP said
			rule, size = ruleCitedBy, 1
		}
		if rule != "" {
			c.verb(list, m, rule, j, size)
			return
		}
		if !list[j].Is(behind.class | weekdays.class | timeWords.class) {
			return
		}
	}
}

// behindClause looks for a cue behind the relative clause at word j: "видання X, яке раніше писало про це, повідомляє".
func (c *scan) behindClause(list []lex.Token, m *mention, j int) {
	for n := j + 1; n+1 < len(list) && n < j+12; n++ {
		gap := c.s[list[n].End:list[n+1].Start]
		if broken(c.s, list[j].Start, list[n+1].Start) {
			return
		}
		if strings.TrimSpace(gap) != "," {
			continue
		}
		if rule, size := c.r.cues.after.lookup(c.s, list, n+1); rule != "" {
			c.verb(list, m, rule, n+1, size)
		}
		return
	}
}

// relatives open a clause between the name of an outlet and its verb.
var relatives = wordSet("relatives")

// isOutletCompound reports whether a word is a compound that ends with one for a newspaper or a channel.
func isOutletCompound(w string) bool {
	return slices.ContainsFunc(outletCompounds, func(end string) bool { return endsWith(w, end) })
}

var outletCompounds = wordList("outletCompounds")

// clitic reports whether a word is the ending of a name, which a colon parts: "BBC:n".
func (c *scan) clitic(m *mention, w lex.Token, gap string) bool {
	return gap == ":" && w.Small && w.Start == m.at.End+1 && w.End-w.Start < 5
}

// finalVerbs are verbs of reporting that end a sentence whose subject is its first word: "Reuters, köprünün kapalı olduğunu bildirdi."
var finalVerbs = wordSet("finalVerbs")

// reportsLast reports whether a name opens a sentence that ends with a verb of reporting.
func (c *scan) reportsLast(list []lex.Token, m *mention, gap string) bool {
	if strings.Trim(gap, " ,") != "" || m.weak && lex.Case(m.at.Of(c.s)) != lex.Capital || !c.opensSentence(m.at.Start) {
		return false
	}
	for j := m.behind; j < len(list) && j < m.behind+30; j++ {
		last := j+1 == len(list) || strings.ContainsAny(c.s[list[j].End:list[j+1].Start], ".!?\n")
		if last {
			return finalVerbs.Has(list[j].Of(c.s)) || j > m.behind && finalVerbs.Has(c.s[list[j-1].Start:list[j].End])
		}
	}
	return false
}

// verb takes the verb at word j, of size words, as the cue of a mention, unless it belongs to what follows.
func (c *scan) verb(list []lex.Token, m *mention, rule string, j, size int) {
	if next := j + size; next < len(list) {
		if _, ok := c.r.Match(c.s, list[next].Start); ok { // Слова главы МИД РФ передает РИА «Новости»
			return
		}
		if w := list[next]; m.weak && rule == ruleReport && plainGap(c.s, list[next-1].End, list[next].Start) &&
			// TAP reported a loss
			!(ends.is(w) || weekdays.is(w) || prepositions.is(w) || behind.is(w) || c.r.cues.citing.rule(list[next:next+1]) != "") {
			return
		}
	}
	m.rule, m.verb, m.behind = rule, j, j
	if rule == ruleReport && tellsIt.is(list[j]) && c.toldBy(list, j) {
		m.rule = ruleTold
	}
}

// opensSentence reports whether a sentence begins at i.
func (c *scan) opensSentence(i int) bool {
	j := lex.SkipSpaceBack(c.s, i)
	r := lex.Before(c.s, j)
	return j == 0 || r == '\n' || r == '.' || r == '!' || r == '?'
}

// tellsIt are verbs that follow the name of the one that reported and of the one that was told: "Reuters сообщил, что",
// "ТАСС сообщил источник".
var tellsIt = wordClass("tellsIt")

// toldBy reports whether the subject of the verb at word k follows it.
func (c *scan) toldBy(list []lex.Token, k int) bool {
	if k+1 >= len(list) || strings.TrimSpace(c.s[list[k].End:list[k+1].Start]) != "" {
		return false
	}
	w := list[k+1]
	return !ends.is(w) && !prepositions.is(w) && !weekdays.is(w) && !behind.is(w)
}
