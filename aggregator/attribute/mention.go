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
	weak   bool   // an ordinary word or another thing's acronym as well
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
	prev := head(0)
	for k := 0; k < len(list); k++ {
		h := c.r.heads.of(list[k].of(c.s))
		named := h&headName != 0 || prev&headOutlet != 0
		prev = h
		n := 0
		if named {
			n = c.mentioned(list, k, p)
		}
		if n == 0 && h&headCiting != 0 {
			n = c.cites(list, k, p.end)
		}
		if n == 0 && h&headChannel != 0 {
			n = c.channel(list, k, p.end)
		}
		if n == 0 && h&headAttribution != 0 {
			n = c.attributed(list, k, p)
		}
		if n > 1 {
			k += n - 1
			prev = c.r.heads.of(list[k].of(c.s))
		}
	}
}

// mentioned reads a name at word k and files it where a cue stands beside it; it returns how many words it took.
func (c *scan) mentioned(list []span, k int, p span) int {
	m, ok := c.named(list, k)
	if !ok {
		return 0
	}
	c.judge(list, &m)
	if m.rule != "" {
		c.mention(list, m, p)
	}
	return m.behind - k
}

// named reads an agency of the registry at word k, or an outlet that a word such as "newspaper" announces.
func (c *scan) named(list []span, k int) (mention, bool) {
	s := c.s
	if n, ok := c.r.match(s, list[k].start); ok && !bracketed(s, n) {
		m := mention{at: span{n.start, n.end}, key: n.key, weak: n.weak, words: k, behind: k + 1}
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
		if m, ok := c.r.match(c.s, j+1); ok && m.key == n.key && m.end < len(c.s) && c.s[m.end] == ')' {
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
	m.cue = m.words
	if c.judgeLeft(list, m) || c.dative(list, m) || m.longer || m.behind >= len(list) {
		return
	}
	if m.words > 0 && offices.has(list[m.words-1].of(c.s)) {
		return
	}
	c.judgeRight(list, m)
}

// judgeLeft looks for a cue before a mention, articles, adjectives and words such as "agency" left out.
func (c *scan) judgeLeft(list []span, m *mention) bool {
	adjacent := true
	for k, n := m.words-1, 0; k >= 0 && n < 4; k, n = k-1, n+1 {
		if broken(c.s, list[k].start, m.at.start) || strings.ContainsAny(c.s[list[k].end:list[k+1].start], ",(") {
			return false
		}
		if rule, size := leftCues.lookup(c.s, list, k, -1); rule != "" && c.r.on(rule) {
			m.rule, m.cue = rule, k-size+1
			return true
		}
		w := list[k].of(c.s)
		switch {
		case adjacent && staff.has(w):
			m.own = true
		case !between.has(w) && !outlets.has(w):
			return false
		}
		adjacent = adjacent && outlets.has(w)
	}
	return false
}

// judgeRight looks for a cue behind a mention, a few words such as "earlier" between.
func (c *scan) judgeRight(list []span, m *mention) {
	if m.weak && c.opensSentence(m.at.start) && caseOf(m.at.of(c.s)) == title { // Trend reports show
		return
	}
	for j, n := m.behind, 0; j < len(list) && n < 4; j, n = j+1, n+1 {
		if n == 0 {
			gap := strings.TrimPrefix(c.s[max(m.at.end, list[j-1].end):list[j].start], ")")
			if strings.ContainsAny(gap, ",:(\"") {
				return
			}
		}
		if broken(c.s, m.at.end, list[j].start) {
			return
		}
		rule, size := rightCues.lookup(c.s, list, j, +1)
		w := list[j].of(c.s)
		if rule == "" && j > 0 && (w == "said" || w == "says") && strings.EqualFold(list[j-1].of(c.s), "agency") {
			rule, size = ruleReport, 1
		}
		if rule != "" && c.r.on(rule) {
			c.verb(list, m, rule, j, size)
			return
		}
		if !behind.has(w) {
			return
		}
	}
}

// verb takes the verb at word j, of size words, as the cue of a mention, unless it belongs to what follows.
func (c *scan) verb(list []span, m *mention, rule string, j, size int) {
	if next := j + size; next < len(list) {
		if _, ok := c.r.match(c.s, list[next].start); ok { // Слова главы МИД РФ передает РИА «Новости»
			return
		}
		if w := list[next].of(c.s); m.weak && rule == ruleReport && plainGap(c.s, list[next-1].end, list[next].start) &&
			!ends.has(w) && !weekdays.has(w) && !prepositions.has(w) && !behind.has(w) && citing[strings.ToLower(w)] == "" { // TAP reported a loss
			return
		}
	}
	m.rule, m.verb, m.behind = rule, j, j
	if rule == ruleReport && tellsIt.has(list[j].of(c.s)) && c.toldBy(list, j) {
		m.rule = ruleTold
	}
}

// opensSentence reports whether a sentence begins at i.
func (c *scan) opensSentence(i int) bool {
	j := skipSpaceBack(c.s, i)
	r := before(c.s, j)
	return j == 0 || r == '\n' || r == '.' || r == '!' || r == '?'
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

// mention files a mention: as a claim to be the originator, or as cited, and with it whom it told.
func (c *scan) mention(list []span, m mention, p span) {
	outlet := m.key == ""
	if outlet && m.own && m.rule == ruleReport && c.r.on(ruleOwnStaff) {
		m.rule = ruleOwnStaff
	}
	switch {
	case outlet && m.rule != ruleOwnStaff, !outlet && c.r.kind(m.key) == news.KindMinistry:
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
	if w := list[min(m.cue, len(list)-1)].of(c.s); m.cue < m.words && tells.has(w) {
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
	at, ok := c.phrase(from, p.end)
	if ok && !prepositions.has(c.s[at.start:wordEnd(c.s, at.start)]) {
		c.parties(at, ruleTold)
	}
}

// tells are the English verbs of telling: their subject stands before them.
var tells = words("told tells said confirmed wrote spoke", " ")
