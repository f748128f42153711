package attribute

import (
	"strings"

	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"
)

// Whom a text cites besides agencies and outlets: sources behind "citing" and "со ссылкой на", channels, and subjects
// of verbs of telling.

// cites reads "citing X", "со ссылкой на X" at word k; it returns how many words it took.
func (c *scan) cites(list []lex.Token, k, end int) int {
	rule, n := c.r.cues.citing.lookup(c.s, list, k)
	if rule == "" {
		return 0
	}
	i := list[k+n-1].End
	for range 4 {
		i = c.pastOutletWords(i, end)
		at, ok := c.phrase(i, end)
		if !ok {
			break
		}
		if w := c.r.word(c.s, at.Start); w.Case == lex.Lower && pronouns.is(w) && !c.informs(at) { // сославшись на то, что
			break
		}
		if !c.sourceLike(at) || citedOnly.Has(c.language) && isLower(lex.RuneAt(c.s, at.Start)) {
			break
		}
		i = c.parties(at, rule)
		next, more := c.r.joined(c.s[:end], i)
		if !more {
			break
		}
		if _, ok := c.r.Match(c.s, next); !ok {
			break
		}
		i = next
	}
	taken := n
	for k+taken < len(list) && list[k+taken].Start < i {
		taken++
	}
	return taken
}

// pastOutletWords returns where the name begins behind words such as "the newspaper" at i, or i where no name does.
func (c *scan) pastOutletWords(i, end int) int {
	at, reported := i, false
	for range 6 {
		at = skipTo(c.s[:end], at)
		w := c.r.word(c.s[:end], at)
		if w.Case != lex.Lower {
			break
		}
		if !outlets.is(w) && !between.is(w) && !isNational(w.Of(c.s)) && !reportWords.Has(w.Of(c.s)) {
			return i
		}
		reported = reported || reportWords.Has(w.Of(c.s))
		at = w.End
	}
	if _, ok := c.r.Match(c.s[:end], at); ok || !reported && (lex.IsUpper(lex.RuneAt(c.s, at)) || lex.IsDigit(lex.RuneAt(c.s, at))) {
		return at
	}
	return i
}

// reportWords are words between "citing" and the outlet whose report is cited: "a report by the Financial Times".
var reportWords = wordSet("reportWords")

// citedOnly are the languages in which only names are cited behind "citing": common nouns are not read.
var citedOnly = wordSet("citedOnly")

// sayings are what an agency passes on of the one whom it cites.
var sayings = wordSet("sayings")

// accountHeads are words with which a channel is named behind its platform.
var accountHeads = wordSet("accountHeads")

// wordsOf cites X of "Слова X передает АГЕНТСТВО".
func (c *scan) wordsOf(list []lex.Token, m *mention) {
	if m.key == "" || c.r.Kind(m.key) == news.KindMinistry {
		return
	}
	for k := m.cue - 1; k >= 0 && m.cue-k < 10; k-- {
		if broken(c.s, list[k].Start, m.at.Start) {
			return
		}
		w := strings.ToLower(list[k].Of(c.s))
		if sayings.Has(w) && k+1 < m.cue {
			c.parties(lex.Between(list[k+1].Start, list[m.cue-1].End), ruleWordsOf)
			return
		}
	}
}

// channel cites the channel or page on which something was published: "размещена в Telegram-канале X", where the
// same sentence says who reports it or that it was published.
func (c *scan) channel(list []lex.Token, k, end int) int {
	if k+1 >= len(list) {
		return 0
	}
	kind := strings.ToLower(list[k+1].Of(c.s))
	if !accountHeads.Has(kind) {
		return 0
	}
	said := false
	for j := max(0, k-4); j < k; j++ {
		said = said || published.is(list[j])
	}
	rest := c.s[list[k].End:min(end, list[k].End+400)]
	if stop := strings.IndexAny(rest, ".\n"); stop >= 0 {
		rest = rest[:stop]
	}
	for j := k + 1; j < len(list) && list[j].End <= list[k].End+len(rest); j++ {
		said = said || c.r.cues.before.rule(list[j:j+1]) != ""
	}
	if !said {
		return 0
	}
	at, ok := c.phrase(list[k].Start, end)
	if !ok {
		return 0
	}
	c.cite(at, "", ruleChannel)
	n := 1
	for k+n < len(list) && list[k+n].Start < at.End {
		n++
	}
	return n
}

// published are words that say that something is on a channel.
var published = wordClass("published")

// attributed cites whom a verb or a preposition of telling at word k names, if that is no agency or outlet: those are
// mentions.
func (c *scan) attributed(list []lex.Token, k int, p lex.Span) int {
	rule, n := c.r.cues.attributions.lookup(c.s, list, k)
	if rule == "" || k+n >= len(list) {
		return 0
	}
	latin := lex.IsLatin(list[k].Of(c.s))
	if !latin && n == 1 && !c.opensClause(list, k, p.Start) {
		return 0
	}
	next := k + n
	for next < len(list)-1 && (outlets.is(list[next]) || staff.is(list[next]) ||
		isNational(list[next].Of(c.s)) || (list[next].Small || list[next].Case == lex.Capital) && between.is(list[next]) ||
		list[next].Is(weekdays.class|timeWords.class) || prepositions.is(list[next]) && weekdays.is(list[next+1]) ||
		isLower(lex.RuneAt(c.s, list[next].Start)) && outlets.is(list[next+1]) || list[next].Small && reportWords.Has(list[next].Of(c.s)) ||
		isLeading(list[next])) {
		next++
	}
	if broken(c.s, list[k].Start, list[k+n].Start) {
		return 0
	}
	if m, ok := c.named(list, next, next > 0 && list[next-1].Is(headOutlet)); ok {
		if c.r.Kind(m.key) != news.KindMinistry {
			return 0
		}
		c.cite(m.at, m.key, rule)
		return m.behind - k
	}
	if gap := c.s[list[k+n-1].End:list[k+n].Start]; strings.ContainsAny(gap, ",.:;()-–—") {
		return 0
	}
	w := list[k+n]
	if last := list[next]; next > k+n && outlets.is(last) && (next+1 == len(list) ||
		strings.ContainsAny(c.s[last.End:list[next+1].Start], ",.;:!?")) { // сообщает местное издание.
		return 0
	}
	if outlets.is(w) && (k+n+1 == len(list) || strings.ContainsAny(c.s[w.End:list[k+n+1].Start], ",.;:!?")) { // отмечает издание.
		return 0
	}
	if (pronouns.is(w) || prepositions.is(w)) && !leading.is(w) || weekdays.is(w) || ends.is(w) || notSources.is(w) {
		return 0
	}
	at, ok := c.phrase(list[k+n-1].End, p.End)
	if !ok || (latin || carries.is(list[k]) && w.Case == lex.Lower) && !c.informs(at) {
		return 0
	}
	if c.citesInside(list, k+n, at) {
		return 0
	}
	end := c.parties(at, rule)
	for k+n < len(list) && list[k+n].Start < end {
		n++
	}
	return n
}

// citesInside reports whether a cue and the name of an agency are in a phrase, whose words from k on are list's: "the scorecard obtained by
// Reuters", "сайт со ссылкой на ТАСС".
func (c *scan) citesInside(list []lex.Token, k int, at lex.Span) bool {
	for ; k+1 < len(list) && list[k+1].Start < at.End; k++ {
		if rule, n := c.r.cues.citing.lookup(c.s, list, k); rule != "" && k+n < len(list) && list[k+n].Start < at.End {
			return true
		}
		if !list[k].Is(cueBefore) || !lex.IsLatin(list[k].Of(c.s)) {
			continue
		}
		if rule, _ := c.r.cues.before.lookup(c.s, list, k); rule == "" {
			continue
		}
		if _, ok := c.r.Match(c.s, list[k+1].Start); ok {
			return true
		}
	}
	return false
}

// carries are verbs of telling that have other objects too: what follows must be able to report.
var carries = wordClass("carries")

// opensClause reports whether the verb at word k opens a clause: behind a comma, a dash or a quotation, at the head
// of a sentence, or behind "как" or "об этом".
func (c *scan) opensClause(list []lex.Token, k, start int) bool {
	if k == 0 {
		return true
	}
	if gap := c.s[list[k-1].End:list[k].Start]; strings.ContainsAny(gap, ",.:;\"»”-–—") {
		return true
	}
	return clauseHeads.Has(list[k-1].Of(c.s))
}

// clauseHeads are words before a verb of telling that opens a clause.
var clauseHeads = wordSet("clauseHeads")

// notSources are words behind a verb of telling that name notNames.
var notSources = wordClass("notSources")
