package attribute

import (
	"strings"

	"dateline/aggregator/news"
)

// mention is the name of an agency or another outlet in the text, and what the words beside it make of it.
type mention struct {
	at     span
	key    string // empty: not in the registry
	rule   string // empty: nothing; such a mention is no credit
	own    bool   // its own correspondent speaks
	longer bool   // an acronym with a word in capitals behind it: the name of something else, unless it was told
	words  int    // indexes of its first word and of the word behind its last
	behind int
	cue    int // index of the first word of a cue on the left, or words
	verb   int // index of the first word of a cue on the right, or 0
}

// mentions finds the names between start and end of the text with a cue beside them.
func (c *scan) mentions(p span) {
	c.words = cutWords(c.words[:0], c.s, p)
	list := c.words
	for k := 0; k < len(list); k++ {
		m, ok := c.named(list, k)
		if !ok {
			if n := c.cites(list, k, p.end); n > 0 {
				k += n - 1
			} else if n := c.channel(list, k, p.end); n > 0 {
				k += n - 1
			} else if n := c.attributed(list, k, p); n > 0 {
				k += n - 1
			}
			continue
		}
		c.judge(list, &m)
		if m.rule != "" {
			c.mention(list, m, p)
		}
		k = m.behind - 1
	}
}

// cutWords appends the words of a stretch of text to list.
func cutWords(list []span, s string, p span) []span {
	s = s[:p.end]
	for i := nextWord(s, p.start); i < p.end; {
		e := wordEnd(s, i)
		list = append(list, span{i, e})
		i = nextWord(s, e)
	}
	return list
}

// named reads an agency of the registry at word k, or an outlet that a word such as "newspaper" announces.
func (c *scan) named(list []span, k int) (mention, bool) {
	s := c.s
	if n, ok := c.r.names.match(s, list[k].start); ok && !bracketed(s, n) {
		m := mention{at: span{n.start, n.end}, key: n.key, words: k, behind: k + 1}
		m.longer = n.weak && continues(s, n.end)
		if m.longer && caseOf(s[n.start:n.end]) != capital {
			return mention{}, false // told Prime Minister
		}
		end := c.initials(n)
		for m.behind < len(list) && list[m.behind].start < end {
			m.behind++
		}
		return m, true
	}
	if k == 0 || !c.r.on(ruleQuoted) {
		return mention{}, false
	}
	prev := list[k-1].of(s)
	own := staff.has(prev)
	if !own && !outlets.has(prev) {
		return mention{}, false
	}
	m := mention{words: k, behind: k, own: own}
	between := s[list[k-1].end:list[k].start]
	if q := strings.IndexFunc(between, isQuote); q >= 0 {
		return c.quoted(list, m, list[k].start)
	}
	if strings.TrimSpace(between) != "" || caseOf(list[k].of(s)) == lower {
		return mention{}, false
	}
	if c.r.readPerson(s, list[k].start, 2) > list[k].start && own && !isLatin(list[k].of(s)) { // корреспондент Иван Иванов
		return mention{}, false
	}
	for m.behind < len(list) && m.behind-k < 5 {
		w := list[m.behind]
		if m.behind > k && s[list[m.behind-1].end:w.start] == "." { // Example.kz
			m.behind++
			continue
		}
		if caseOf(w.of(s)) == lower && !isDigit(rune(s[w.start])) || m.behind > k && !plainGap(s, list[m.behind-1].end, w.start) {
			break
		}
		m.behind++
	}
	m.at = span{list[k].start, list[m.behind-1].end}
	return m, true
}

// bracketed reports whether a name stands alone in brackets: the acronym of what stands before it.
func bracketed(s string, n name) bool {
	return before(s, n.start) == '(' && n.end < len(s) && s[n.end] == ')'
}

// initials returns where a name ends with its own acronym behind it, "Associated Press (AP)".
func (c *scan) initials(n name) int {
	if j := skipSpace(c.s, n.end); j+1 < len(c.s) && c.s[j] == '(' {
		if m, ok := c.r.names.match(c.s, j+1); ok && m.key == n.key && m.end < len(c.s) && c.s[m.end] == ')' {
			return m.end + 1
		}
	}
	return n.end
}

// quoted reads a name up to its closing quotation mark.
func (c *scan) quoted(list []span, m mention, start int) (mention, bool) {
	for k := m.words; k < len(list) && k < m.words+6; k++ {
		if q, _ := rune1(c.s, list[k].end); isQuote(q) {
			m.behind = k + 1
			m.at = span{start, list[k].end}
			return m, true
		}
	}
	return m, false
}

func isLatin(w string) bool { return w != "" && w[0] < 0x80 }

// continues reports whether a proper name goes on behind i: an ordinary word that spells an agency is none then.
func continues(s string, i int) bool {
	j := skipSpace(s, i)
	c, _ := rune1(s, j)
	e := wordEnd(s, j)
	return j > i && isUpper(c) && !weekdays.has(s[j:e])
}

// plainGap reports whether only spaces, hyphens or apostrophes stand between two words.
func plainGap(s string, start, end int) bool {
	return strings.Trim(s[start:end], " -‑'’.&\u00a0") == "" && !strings.Contains(s[start:end], ". ")
}

// judge looks for a cue on both sides of a mention.
func (c *scan) judge(list []span, m *mention) {
	k := m.words - 1
	m.cue = m.words
	adjacent := true
	for n := 0; k >= 0 && n < 4; n++ { // articles, adjectives, "agency", "correspondent"
		if broken(c.s, list[k].start, m.at.start) || strings.ContainsAny(c.s[list[k].end:list[k+1].start], ",(") {
			break
		}
		if rule, size := leftCues.lookup(c.s, list, k, -1); rule != "" && c.r.on(rule) {
			m.rule, m.cue = rule, k-size+1
			return
		}
		w := list[k].of(c.s)
		switch {
		case adjacent && staff.has(w):
			m.own = true
		case !between.has(w) && !outlets.has(w):
			k = -1
			continue
		}
		adjacent = adjacent && outlets.has(w)
		k--
	}
	if c.dative(list, m) || m.longer {
		return
	}
	if m.behind >= len(list) || m.words > 0 && offices.has(list[m.words-1].of(c.s)) {
		return
	}
	for j, n := m.behind, 0; j < len(list) && n < 4; j, n = j+1, n+1 {
		gap := c.s[list[j-1].end:list[j].start]
		if n == 0 {
			gap = c.s[max(m.at.end, list[j-1].end):list[j].start]
			gap = strings.TrimPrefix(gap, ")")
		}
		if broken(c.s, m.at.end, list[j].start) || n == 0 && strings.ContainsAny(gap, ",:(\"") {
			return
		}
		if rule, size := rightCues.lookup(c.s, list, j, +1); rule != "" && c.r.on(rule) {
			if j+size < len(list) { // Слова главы МИД РФ передает РИА «Новости»: the verb is the other's
				if _, ok := c.r.names.match(c.s, list[j+size].start); ok {
					return
				}
			}
			m.rule, m.verb, m.behind = rule, j, j
			if rule == ruleReport && tellsIt.has(list[j].of(c.s)) && c.toldBy(list, j) {
				m.rule = ruleTold
			}
			return
		}
		w := list[j].of(c.s)
		if (w == "said" || w == "says") && j > 0 && strings.EqualFold(list[j-1].of(c.s), "agency") && c.r.on(ruleReport) {
			m.rule, m.verb, m.behind = ruleReport, j, j
			return
		}
		if !behind.has(w) {
			return
		}
	}
}

// tellsIt are verbs that stand behind the name of whoever reported, and of whoever was told: "Reuters сообщил, что",
// "ТАСС сообщил источник".
var tellsIt = words("сообщил сообщила сообщило паведаміў паведаміла", " ")

// toldBy reports whether the subject of the verb at word k follows it.
func (c *scan) toldBy(list []span, k int) bool {
	if k+1 >= len(list) || strings.TrimSpace(c.s[list[k].end:list[k+1].start]) != "" {
		return false
	}
	w := list[k+1].of(c.s)
	return !ends.has(w) && !prepositions.has(w) && !weekdays.has(w) && !behind.has(w)
}

// dative reads a preposition before the name and a verb of telling further left: "a déclaré le maire à l'AFP",
// "sagte Muster der dpa".
func (c *scan) dative(list []span, m *mention) bool {
	k := m.words - 1
	for k > 0 && (list[k].of(c.s) == "l" || list[k].of(c.s) == "la" || outlets.has(list[k].of(c.s))) {
		k--
	}
	if k < 1 || !towards.has(list[k].of(c.s)) || !c.r.on(ruleTold) {
		return false
	}
	for j := k - 1; j >= max(0, k-8); j-- {
		if broken(c.s, list[j].start, m.at.start) {
			return false
		}
		if said.has(list[j].of(c.s)) {
			m.rule, m.cue = ruleTold, m.words
			if j+1 < k {
				c.parties(span{list[j+1].start, list[k-1].end}, ruleTold)
			}
			return true
		}
	}
	return false
}

var (
	towards = words("à a all alla der ao", " ")
	said    = words("déclaré dit indiqué affirmé confié expliqué précisé sagte erklärte dijo declaró afirmó señaló explicó aseguró detto dichiarato spiegato disse afirmou declarou explicou", " ")
)

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
		if c.r.agencies[m.key].Kind != news.KindMinistry {
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
	if !ok || latin && !informs(at.of(c.s)) {
		return 0
	}
	end := c.parties(at, rule)
	for k+n < len(list) && list[k+n].start < end {
		n++
	}
	return n
}

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

// mention files a mention: as a claim to be the originator, or as cited, and with it whom it told.
func (c *scan) mention(list []span, m mention, p span) {
	outlet := m.key == ""
	if outlet && m.own && m.rule == ruleReport && c.r.on(ruleOwnStaff) {
		m.rule = ruleOwnStaff
	}
	switch {
	case outlet && m.rule != ruleOwnStaff, !outlet && c.r.agencies[m.key].Kind == news.KindMinistry:
		c.cite(m.at, m.key, m.rule)
		return
	}
	c.claim(m.at, m.key, m.rule)
	if m.rule == ruleTold {
		c.told(list, m, p)
	}
	if m.rule == ruleReport {
		c.wordsOf(list, m)
	}
}

// told cites whom an agency was told by: the subject before an English "told", what follows a Russian "сообщили ТАСС".
func (c *scan) told(list []span, m mention, p span) {
	if m.cue < m.words && strings.HasPrefix(strings.ToLower(c.s[list[m.cue].start:]), "t") && isLatin(list[m.cue].of(c.s)) {
		if at, ok := c.subject(list, m.cue, p.start); ok {
			c.parties(at, ruleTold)
		}
		return
	}
	from := m.at.end
	switch {
	case m.verb > 0: // ТАСС сообщили в правительстве: the verb stands behind the name
		from = list[m.verb].end
	case m.cue == m.words: // see dative
		return
	}
	if at, ok := c.phrase(from, p.end); ok {
		c.parties(at, ruleTold)
	}
}

// subject returns the subject of the verb at word k: the words before it back to the beginning of the clause,
// an apposition between commas left out.
func (c *scan) subject(list []span, k, start int) (span, bool) {
	s := c.s
	end := k
	if end > 0 && strings.Contains(s[list[end-1].end:list[end].start], ",") { // NAME, one of the organizers, told
		end--
		for end > 0 && !strings.Contains(s[list[end-1].end:list[end].start], ",") {
			end--
		}
		if end == 0 {
			return span{}, false
		}
	}
	from := end
	for from > 0 && end-from < 9 {
		if from < end && !plainGap(s, list[from-1].end, list[from].start) || clauseWords.has(list[from-1].of(s)) {
			break
		}
		from--
	}
	if from == end || end-from == 9 && caseOf(list[from].of(s)) == lower {
		return span{}, false
	}
	for from < end && pronouns.has(list[from].of(s)) && end-from > 1 {
		from++
	}
	at := span{list[from].start, list[end-1].end}
	if end-from == 1 && pronouns.has(at.of(s)) {
		return at, false
	}
	return at, true
}

// clauseWords open a clause.
var clauseWords = words("that as and but while who which when if because has had have also later earlier he she said what how", " ")

// pronouns name nobody, and articles add nothing.
var pronouns = words("he she they it we i you who which that the a an as also later earlier this his her their one", " ")

// phrase returns the noun phrase at i: up to a comma, the end of the sentence, a verb of telling or a conjunction.
func (c *scan) phrase(i, end int) (span, bool) {
	s := c.s[:end]
	i = skipSpace(s, i)
	for i < end { // quotation marks and prepositions before it
		ch, n := rune1(s, i)
		if isQuote(ch) || isSpace(ch) {
			i += n
			continue
		}
		if e := wordEnd(s, i); e > i && isLeading(s[i:e]) {
			i = skipSpace(s, e)
			continue
		}
		break
	}
	last := i
	depth := 0
	for j, n := i, 0; j < end && n < 14; {
		ch, size := rune1(s, j)
		if isWord(ch) {
			e := wordEnd(s, j)
			w := s[j:e]
			if ends.has(w) || n > 0 && leftCues[strings.ToLower(w)] == ruleReport {
				break
			}
			if _, ok := readDate(s, j); ok {
				break
			}
			if n == 0 && isDigit(ch) {
				break
			}
			n++
			j, last = e, e
			continue
		}
		switch {
		case ch == '.' && initialBefore(s, j), ch == '.' && isLetter(next1(s, j+size)):
		case isQuote(ch):
			if depth == 0 && last > i && before(s, j) != ' ' && !opensQuote(s[i:j]) { // the end of a quotation around the phrase
				return span{i, last}, true
			}
			depth ^= 1
			if depth == 0 && last == j {
				last = j + size
			}
		case strings.ContainsRune(",.;:!?()[]\n", ch), isDash(ch) && isSpace(before(s, j)):
			return span{i, last}, last > i
		}
		j += size
	}
	return span{i, last}, last > i
}

func next1(s string, i int) rune { r, _ := rune1(s, i); return r }

func opensQuote(s string) bool { return strings.ContainsAny(s, "«“\"„") }

// leading are prepositions and articles before a cited phrase.
var leading = words("в во на у the a an its his her their об что ў la el le los las", " ")

// isLeading reports whether a word before a phrase adds nothing; "The Times" keeps its article.
func isLeading(w string) bool { return caseOf(w) == lower && leading.has(w) }

// ends are words behind a cited phrase.
var ends = words("that who which as said says saying about when after before что который которая которое которые о об як которого што якія reported reporting told and и і а но said to со ссылкой", " ")

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
		if _, ok := c.r.names.match(c.s, next); !ok {
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

// sourceLike reports whether a phrase names a source rather than a reason ("citing security concerns").
func (c *scan) sourceLike(at span) bool {
	if _, ok := c.r.names.match(c.s, at.start); ok {
		return true
	}
	s := at.of(c.s)
	if !isLatin(s) {
		return true // со ссылкой на is never a reason
	}
	return informs(s) || c.r.readPerson(c.s[:at.end], at.start, 2) > at.start
}

// informs reports whether a word of s is one of what can be cited.
func informs(s string) bool {
	for i := nextWord(s, 0); i < len(s); i = nextWord(s, wordEnd(s, i)) {
		if informants.has(s[i:wordEnd(s, i)]) {
			return true
		}
	}
	return false
}

// informants are words of what can be cited.
var informants = words(`source sources official officials ministry ministries spokesman spokeswoman spokesperson spokespersons representative representatives service office department agency
government police embassy media newspaper newspapers daily company report reports statement statements data document documents people person figures statistics
television tv radio channel broadcaster website researchers scientists analysts experts diplomat diplomats minister president lawyer lawyers witnesses residents
administration authorities authority commission committee council bank institute university union court prosecutor prosecutors military army officer officers intelligence
press journal times post magazine study survey memo letter email filing filings interview prosecutor's organization organisation group
fuentes fuente portavoz ministerio gobierno agencia diario sources porte ministère gouvernement agence quotidien fonti ministero fontes ministério jornal quellen ministerium regierung zeitung`, " ")

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
	w := strings.ToLower(list[k].of(c.s))
	if w != "telegram" && w != "телеграм" && w != "тэлеграм" || k+1 >= len(list) || !c.r.on(ruleChannel) {
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
	stop := strings.IndexAny(c.s[list[k].end:end], ".\n")
	rest := c.s[list[k].end:end]
	if stop >= 0 {
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
