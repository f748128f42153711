package attribute

import (
	"strings"

	"dateline/aggregator/attribute/agency"
	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"
)

// mention is the name of an agency or another outlet in the text, and what the words beside it make of it.
type mention struct {
	at      lex.Span
	key     string // empty: not in the registry
	rule    string // empty: nothing; such a mention is no credit
	own     bool   // its own correspondent speaks
	weak    bool   // an ordinary word or another thing's acronym as well
	longer  bool   // an acronym with a word in capitals behind it: the name of something else, unless it was told
	foreign bool   // an adjective says where it is from: британское агентство Reuters
	words   int    // indexes of its first word and of the word behind its last
	behind  int
	cue     int // index of the first word of a cue on the left, or words
	verb    int // index of the first word of a cue on the right, or 0
}

// mentions finds the names between start and end of the text with a cue beside them.
func (c *scan) mentions(p lex.Span) {
	list := c.r.words(p)
	prev := lex.Token{}
	for k := 0; k < len(list); k++ {
		t := list[k]
		behindOutlet := prev.Is(headOutlet)
		prev = t
		n := c.nameAt(list, k, behindOutlet, p)
		if n == 0 && t.Is(cueCiting) {
			n = c.cites(list, k, p.End)
		}
		if n == 0 && t.Is(headChannel) {
			n = c.channel(list, k, p.End)
		}
		if n == 0 && t.Is(cueNamed) {
			n = c.attributed(list, k, p)
		}
		if n > 1 {
			k += n - 1
			prev = list[k]
		}
	}
}

// nameAt reads a name at word k and files it where a cue is beside it; it returns how many words it took.
func (c *scan) nameAt(list []lex.Token, k int, behindOutlet bool, p lex.Span) (n int) {
	t := list[k]
	name := t.Is(headName)
	if t.Case == lex.Lower && !name && !behindOutlet && (k == 0 || !list[k-1].Is(cueBefore)) {
		return 0
	}
	if k+1 < len(list) && t.End-t.Start == 3 && isLower(lex.RuneAt(c.s, list[k+1].Start)) && strings.EqualFold(t.Of(c.s), "the") {
		name = false // the names that begin so go on with a capital
	}
	file := func(m mention, ok bool) {
		if n == 0 && ok {
			n = c.judged(list, m, k, p)
		}
	}
	if behindOutlet && !name {
		file(c.declined(list, k))
	}
	if n == 0 && (name || behindOutlet || c.isSite(list, k)) {
		file(c.named(list, k, behindOutlet))
	}
	if n == 0 && k > 0 && t.Case != lex.Lower && c.behindVerb(list, k) {
		m, ok := c.declined(list, k)
		if !ok {
			m, ok = c.unlisted(list, k)
		}
		file(m, ok)
	}
	if n == 0 && t.Case != lex.Lower {
		file(c.quotedSubject(list, k))
	}
	if n == 0 && t.Is(headNamed) {
		file(c.outlet(list, k))
	}
	return n
}

// behindVerb reports whether a cue may end before word k, words that say when or whence between.
func (c *scan) behindVerb(list []lex.Token, k int) bool {
	return list[k-1].Is(cueBefore|outletShort.class|timeWords.class|weekdays.class) ||
		lex.IsQuote(lex.Before(c.s, list[k].Start)) && isNational(list[k-1].Of(c.s))
}

// judged files a mention where a cue is beside it, and the names that a conjunction joins to it.
func (c *scan) judged(list []lex.Token, m mention, k int, p lex.Span) int {
	c.judge(list, &m)
	if m.rule == "" {
		return m.behind - k
	}
	c.mention(list, m, p)
	if m.verb > 0 && m.words > 1 && mentionJoiners.is(list[m.words-1]) && m.rule != ruleTold { // RT и ТАСС пишут
		for j := m.words - 2; j >= 0 && m.words-j < 4; j-- {
			if other, ok := c.r.Match(c.s, list[j].Start); ok && other.End == list[m.words-2].End &&
				plainGap(c.s, other.End, list[m.words-1].Start) {
				c.cite(lex.Between(other.Start, other.End), other.Key, m.rule)
				break
			}
		}
	}
	for m.verb == 0 && m.behind < len(list) { // съобщиха "Ройтерс" и Би Би Си
		next := m.behind
		gap := strings.Trim(c.s[list[next-1].End:list[next].Start], "\"«»“”„ ")
		if gap == "" && mentionJoiners.is(list[next]) && next+1 < len(list) {
			next++
		} else if gap != "," {
			break
		}
		for next+1 < len(list) && (outlets.is(list[next]) || isNational(list[next].Of(c.s))) { // nebo britského deníku The Guardian
			next++
		}
		other, ok := c.r.Match(c.s, list[next].Start)
		if !ok {
			break
		}
		end := next
		for end < len(list) && list[end].Start < other.End {
			end++
		}
		if end < len(list) && c.r.cues.after.rule(list[end:end+1]) != "" && plainGap(c.s, list[end-1].End, list[end].Start) {
			// Reuters, and AFP reported
			break
		}
		c.cite(lex.Between(other.Start, other.End), other.Key, m.rule)
		m.behind = end
	}
	return m.behind - k
}

// mentionJoiners join two names that are mentioned.
var mentionJoiners = wordClass("mentionJoiners")

// named reads an agency of the registry at word k, or an outlet that a word such as "newspaper" announces.
func (c *scan) named(list []lex.Token, k int, behindOutlet bool) (mention, bool) {
	s := c.s
	if n, ok := c.r.Match(s, list[k].Start); ok && !bracketed(s, n) {
		m := mention{at: lex.Between(n.Start, n.End), key: n.Key, weak: n.Weak, words: k, behind: k + 1}
		m.longer = n.Weak && continues(s, n.End)
		if m.longer && lex.Case(s[n.Start:n.End]) != lex.Capital {
			return mention{}, false // told Prime Minister
		}
		if c.isBody(list, k, n) || c.isSurname(n) {
			return mention{}, false
		}
		end := c.initials(n)
		for m.behind < len(list) && list[m.behind].Start < end {
			m.behind++
		}
		return m, true
	}
	if c.isSite(list, k) {
		return mention{at: lex.Between(list[k].Start, list[k+1].End), words: k, behind: k + 2}, true
	}
	if k == 0 || !behindOutlet {
		return mention{}, false
	}
	return c.behindOutletWord(list, k)
}

// behindOutletWord reads an outlet that the registry lacks at word k, behind a word such as "newspaper".
func (c *scan) behindOutletWord(list []lex.Token, k int) (mention, bool) {
	s := c.s
	own := staff.is(list[k-1])
	if !own && !outlets.is(list[k-1]) {
		return mention{}, false
	}
	m := mention{words: k, behind: k, own: own}
	// the Daily Herald
	if first := list[k-1].Of(s); !own && lex.IsLatin(first) && lex.Case(first) == lex.Title &&
		plainGap(s, list[k-1].End, list[k].Start) && !c.opensSentence(list[k-1].Start) {
		m.words = k - 1
	}
	between := s[list[k-1].End:list[k].Start]
	if q := strings.IndexFunc(between, lex.IsQuote); q >= 0 {
		return c.quoted(list, m, list[k].Start)
	}
	if !own && k > 1 && offices.is(list[k-2]) && c.r.readPerson(s, list[k].Start, 2) > list[k].Start { // the agency's spokesman Jan Roe
		return mention{}, false
	}
	if strings.TrimSpace(between) != "" || list[k].Case == lex.Lower || definiteOutlets.Has(list[k-1].Of(s)) && !lex.IsLatin(list[k].Of(s)) {
		return mention{}, false
	}
	if c.r.readPerson(s, list[k].Start, 2) > list[k].Start && own { // корреспондент Иван Иванов
		return mention{}, false
	}
	m.behind = c.nameRun(list, k)
	m.at = lex.Between(list[m.words].Start, list[m.behind-1].End)
	if m.behind == m.words+1 && isNational(strings.ToLower(m.at.Of(s))) { // the agency of the European Union
		return mention{}, false
	}
	if n := m.behind; n < len(list) && abbreviates(list[n].Of(s), list[k:n], s) && strings.TrimSpace(s[m.at.End:list[n].Start]) == "(" &&
		strings.HasPrefix(s[list[n].End:], ")") { // časnik Neue Zürcher Zeitung (NZZ)
		m.behind++
	}
	return m, true
}

// definiteOutlets are words for an outlet with an article behind them, which no name without quotation marks follows: "Според телевизията
// Иванов води".
var definiteOutlets = wordSet("definiteOutlets")

// nameRun returns the index of the word behind the name of an outlet that begins with the word k.
func (c *scan) nameRun(list []lex.Token, k int) int {
	s, behind := c.s, k
	for behind < len(list) && behind-k < 5 {
		w := list[behind]
		if behind > k && s[list[behind-1].End:w.Start] == "." { // Example.kz
			behind++
			continue
		}
		if behind > k && behind+1 < len(list) && isGivenName(w.Of(s)) && list[behind+1].Case == lex.Title &&
			plainGap(s, w.End, list[behind+1].Start) { // агенция ЕйшаНюз Харун Масих
			break
		}
		if behind > k && s[list[behind-1].End:w.Start] == "-" { // Airport-technology
			behind++
			continue
		}
		if _, ok := lex.ReadDate(s, w.Start); ok && behind > k { // Kurier 31 октября
			break
		}
		if c.joinsName(list, k, behind) { // Welt am Sonntag
			behind += 2
			continue
		}
		if lex.Case(w.Of(s)) == lex.Lower && !lex.IsDigit(rune(s[w.Start])) || behind > k && (!plainGap(s, list[behind-1].End, w.Start) ||
			lex.IsLatin(list[k].Of(s)) && !lex.IsLatin(w.Of(s)) && !w.Digit) { // Huffington Post Джон
			break
		}
		behind++
	}
	return behind
}

// joinsName reports whether the word n in small letters joins two words of a name in Latin letters that begins with the word k.
func (c *scan) joinsName(list []lex.Token, k, n int) bool {
	if n == k || n+1 >= len(list) || list[n].Case != lex.Lower || !connectors.is(list[n]) || list[n+1].Case == lex.Lower {
		return false
	}
	return lex.IsLatin(list[n].Of(c.s)) && plainGap(c.s, list[n-1].End, list[n].Start) && plainGap(c.s, list[n].End, list[n+1].Start)
}

// abbreviates reports whether a word is the first letters of others.
func abbreviates(w string, list []lex.Token, s string) bool {
	letters := ""
	for _, t := range list {
		letters += string(lex.RuneAt(s, t.Start))
	}
	return len(list) > 1 && w == letters
}

// isSite reports whether the name of a site that the registry lacks is at word k: Novini.bg.
func (c *scan) isSite(list []lex.Token, k int) bool {
	return k+1 < len(list) && list[k+1].Start == list[k].End+1 && c.s[list[k].End] == '.' &&
		(list[k].Case != lex.Lower || k > 0 && list[k-1].Is(cueBefore|outlets.class)) && domains.is(list[k+1]) &&
		(k+2 == len(list) || c.s[list[k+1].End] != '.' || list[k+2].Start > list[k+1].End+1)
}

// domains end the names of sites.
var domains = wordClass("domains")

// outlet reads the name of an outlet that ends with the word k, such as Herald: the words in title case before it, at least one.
func (c *scan) outlet(list []lex.Token, k int) (mention, bool) {
	s := c.s
	m := mention{words: k, behind: k + 1}
	for m.words > 0 && k-m.words < 4 {
		w := list[m.words-1]
		if w.Case != lex.Title || !plainGap(s, w.End, list[m.words].Start) || between.is(w) && w.Of(s) != "The" {
			break
		}
		m.words--
	}
	m.at = lex.Between(list[m.words].Start, list[k].End)
	return m, m.words < k && list[k].Case == lex.Title && (m.behind >= len(list) ||
		!plainGap(s, list[k].End, list[m.behind].Start) || list[m.behind].Case == lex.Lower)
}

// bracketed reports whether a name is alone in brackets: the acronym of what precedes it.
func bracketed(s string, n agency.Name) bool {
	return lex.Before(s, n.Start) == '(' && n.End < len(s) && s[n.End] == ')'
}

// initials returns where a name ends with its own acronym behind it, "Associated Press (AP)".
func (c *scan) initials(n agency.Name) int {
	if j := lex.SkipSpace(c.s, n.End); j+1 < len(c.s) && c.s[j] == '(' {
		if m, ok := c.r.Match(c.s, j+1); ok && m.Key == n.Key && m.End < len(c.s) && c.s[m.End] == ')' {
			return m.End + 1
		}
	}
	return n.End
}

// quoted reads a name up to its closing quotation mark.
func (c *scan) quoted(list []lex.Token, m mention, start int) (mention, bool) {
	for k := m.words; k < len(list) && k < m.words+6; k++ {
		if q, _ := lex.At(c.s, list[k].End); lex.IsQuote(q) {
			m.behind = k + 1
			m.at = lex.Between(start, list[k].End)
			return m, true
		}
	}
	return m, false
}

// continues reports whether a proper name goes on behind i: an ordinary word that spells an agency is none then.
func continues(s string, i int) bool {
	j := lex.SkipSpace(s, i)
	c, _ := lex.At(s, j)
	e := lex.WordEnd(s, j)
	return j > i && lex.IsUpper(c) && !weekdays.Has(s[j:e])
}

// plainGap reports whether only spaces, hyphens or apostrophes are between two words.
func plainGap(s string, start, end int) bool {
	return strings.Trim(s[start:end], " -‑'’.&\u00a0") == "" && !strings.Contains(s[start:end], ". ")
}

var (
	towards = wordClass("towards")
	// citedTowards are those of languages whose texts are cited from, no more.
	citedTowards = wordClass("citedTowards")
	said         = wordClass("said")
)

// mention files a mention: as a claim to be the originator, or as cited, and with it whom it told.
func (c *scan) mention(list []lex.Token, m mention, p lex.Span) {
	outlet := m.key == ""
	if m.rule == ruleReport {
		for _, rule := range c.r.rules.reports {
			rule.report(c, list, &m)
		}
	}
	switch {
	case outlet && m.rule != ruleOwnStaff, m.rule == ruleCitedBy, m.foreign && m.cue < m.words && c.src.Agency != m.key,
		m.rule == ruleReport && c.src.Agency != m.key && c.reportsPast(list, m),
		!outlet && (c.r.Kind(m.key) == news.KindMinistry || c.r.Kind(m.key) == news.KindMedia && c.src.Agency != m.key):
		c.cite(m.at, m.key, m.rule)
		return
	}
	c.candidate(m.at, m.key, m.rule)
	if m.rule == ruleTold && (m.at.Start < c.first || c.src.Agency == m.key) {
		c.told(list, m, p)
	}
}

// reportsPast reports whether the words beside a report say that it is not the one at hand: "Ранее ТАСС сообщал", "Im Sommer 1976
// meldete die dpa".
func (c *scan) reportsPast(list []lex.Token, m mention) bool {
	from, to := min(m.cue, m.words), max(m.behind, m.verb+1)
	for k := max(0, from-4); k < min(len(list), to+3); k++ {
		w := list[k]
		switch {
		case w.End <= m.at.Start && clauseBetween(c.s[w.End:m.at.Start]), w.Start >= m.at.End && clauseBetween(c.s[m.at.End:w.Start]):
		case k+1 >= from && pastWords.Has(w.Of(c.s)), k > 0 && seasons.Has(w.Of(c.s)) && citedIn.Has(list[k-1].Of(c.s)):
			return true
		}
	}
	return false
}

// clauseBetween reports whether a clause or a quotation ends in s, which is between a name and a word beside it.
func clauseBetween(s string) bool {
	inner := strings.TrimFunc(s, func(r rune) bool { return r == ' ' || lex.IsQuote(r) })
	return strings.ContainsAny(s, ".,:;!?()–—\n") || strings.Contains(s, " - ") || strings.IndexFunc(inner, lex.IsQuote) >= 0
}

var (
	// pastWords say beside a report that it was made before the one at hand.
	pastWords = wordSet("pastWords")
	// seasons say behind a preposition that a report is of another time of the year.
	seasons = wordSet("seasons")
)

// ownStaff makes the report of a correspondent of an outlet that the registry lacks the outlet's own.
func (c *scan) ownStaff(_ []lex.Token, m *mention) {
	if m.key == "" && m.own {
		m.rule = ruleOwnStaff
	}
}
