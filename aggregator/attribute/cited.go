package attribute

import (
	"strings"

	"dateline/aggregator/news"
)

// Whom a text cites besides agencies and outlets: sources behind "citing" and "со ссылкой на", channels, and subjects
// of verbs of telling.

// cites reads "citing X", "со ссылкой на X" at word k; it returns how many words it took.
func (c *scan) cites(list []span, k, end int) int {
	rule, n := citing.lookup(c.s, list, k, +1)
	if rule == "" || !c.r.on(rule) {
		return 0
	}
	i := list[k+n-1].end
	for range 4 {
		at, ok := c.phrase(i, end)
		if !ok {
			break
		}
		if !c.sourceLike(at) {
			break
		}
		i = c.parties(at, rule)
		next, more := joined(c.s[:end], i)
		if !more {
			break
		}
		if _, ok := c.r.match(c.s, next); !ok {
			break
		}
		i = next
	}
	taken := n
	for k+taken < len(list) && list[k+taken].start < i {
		taken++
	}
	return taken
}

// wordsOf cites X of "Слова X передает АГЕНТСТВО".
func (c *scan) wordsOf(list []span, m mention) {
	if !c.r.on(ruleWordsOf) {
		return
	}
	for k := m.cue - 1; k >= 0 && m.cue-k < 10; k-- {
		if broken(c.s, list[k].start, m.at.start) {
			return
		}
		w := strings.ToLower(list[k].of(c.s))
		if (w == "слова" || w == "словы" || w == "заявление" || w == "высказывание") && k+1 < m.cue {
			c.parties(span{list[k+1].start, list[m.cue-1].end}, ruleWordsOf)
			return
		}
	}
}

// channel cites the channel or page on which something was published: "размещена в Telegram-канале X", where the
// same sentence says who reports it or that it was published.
func (c *scan) channel(list []span, k, end int) int {
	if k+1 >= len(list) || !c.r.on(ruleChannel) {
		return 0
	}
	kind := strings.ToLower(list[k+1].of(c.s))
	if !strings.HasPrefix(kind, "канал") && kind != "channel" {
		return 0
	}
	said := false
	for j := max(0, k-4); j < k; j++ {
		said = said || published.has(list[j].of(c.s))
	}
	rest := c.s[list[k].end:min(end, list[k].end+400)]
	if stop := strings.IndexAny(rest, ".\n"); stop >= 0 {
		rest = rest[:stop]
	}
	for i := nextWord(rest, 0); i < len(rest) && !said; i = nextWord(rest, wordEnd(rest, i)) {
		_, cue := leftCues[strings.ToLower(rest[i:wordEnd(rest, i)])]
		said = said || cue
	}
	if !said {
		return 0
	}
	at, ok := c.phrase(list[k].start, end)
	if !ok {
		return 0
	}
	c.cite(at, "", ruleChannel)
	n := 1
	for k+n < len(list) && list[k+n].start < at.end {
		n++
	}
	return n
}

// published are words that say that something stands on a channel.
var published = words("сообщил сообщила сообщили сообщило написал написала написали говорится размещена размещено размещены размещен опубликовал опубликовала опубликовано опубликована опубликованы сообщается сообщает пишет указано wrote posted published said reported паведамілі напісаў апублікавана размешчана паведаміў", " ")

// attributed cites whom a verb or a preposition of telling at word k names, if that is no agency or outlet: those are
// mentions.
func (c *scan) attributed(list []span, k int, p span) int {
	rule, n := attributions.lookup(c.s, list, k, +1)
	if rule == "" || !c.r.on(rule) || k+n >= len(list) {
		return 0
	}
	latin := isLatin(list[k].of(c.s))
	if !latin && n == 1 && !c.opensClause(list, k, p.start) {
		return 0
	}
	next := k + n
	for next < len(list)-1 && (outlets.has(list[next].of(c.s)) || staff.has(list[next].of(c.s)) || isLeading(list[next].of(c.s))) {
		next++
	}
	if broken(c.s, list[k].start, list[k+n].start) {
		return 0
	}
	if m, ok := c.named(list, next); ok {
		if c.r.kind(m.key) != news.KindMinistry {
			return 0
		}
		c.cite(m.at, m.key, rule)
		return m.behind - k
	}
	if gap := c.s[list[k+n-1].end:list[k+n].start]; strings.ContainsAny(gap, ",.:;()-–—") {
		return 0
	}
	w := list[k+n].of(c.s)
	if pronouns.has(w) && !leading.has(w) || weekdays.has(w) || ends.has(w) || nothings.has(w) || prepositions.has(w) && !leading.has(w) {
		return 0
	}
	at, ok := c.phrase(list[k+n-1].end, p.end)
	if !ok || (latin || carries.has(list[k].of(c.s)) && caseOf(w) == lower) && !informs(at.of(c.s)) {
		return 0
	}
	end := c.parties(at, rule)
	for k+n < len(list) && list[k+n].start < end {
		n++
	}
	return n
}

// carries are verbs of telling that have other objects too: what follows must be able to tell.
var carries = words("передает передают пишет пишут отмечает отмечают уточняет уточняют перадае піша адзначае удакладняе", " ")

// opensClause reports whether the verb at word k opens a clause: behind a comma, a dash or a quotation, at the head
// of a sentence, or behind "как" or "об этом".
func (c *scan) opensClause(list []span, k, start int) bool {
	if k == 0 {
		return true
	}
	if gap := c.s[list[k-1].end:list[k].start]; strings.ContainsAny(gap, ",.:;\"»”-–—") {
		return true
	}
	w := strings.ToLower(list[k-1].of(c.s))
	return w == "как" || w == "этом" || w == "гэтым" || w == "як"
}

// nothings are words behind a verb of telling that name nobody.
var nothings = words("он она они оно мы вы я это этом том том, ходе связи эфире итоге результате среднем целом частности также ранее сегодня вчера ён яна яны гэта интервью беседе разговоре комментарии соцсетях пресс-релизе", " ")
