package attribute

import (
	"strings"

	"dateline/aggregator/news"
)

// The text is read paragraph by paragraph. One that is a credit or furniture as a whole is cut; of the others the head
// and the tail are read (head.go, tail.go), and what is left is the lead.

// paragraphs reads the text from top to bottom.
func (c *scan) paragraphs() {
	s := c.s
	for start := 0; start < len(s); {
		end := start + strings.IndexByte(s[start:], '\n')
		next := end + 1
		if end < start {
			end, next = len(s), len(s)
		}
		for next < len(s) && (s[next] <= ' ' || s[next] == 0x7f) {
			next++
		}
		p := span{start, end}
		for p.start < p.end && (s[p.start] <= ' ' || isSpace(next1(s, p.start))) {
			_, n := rune1(s, p.start)
			p.start += n
		}
		for p.end > p.start && (s[p.end-1] <= ' ' || isSpace(before(s, p.end))) {
			_, n := lastRune(s, p.end)
			p.end -= n
		}
		if !p.empty() && !c.line(p, next) {
			c.paragraph(p, next)
		}
		start = next
	}
}

// line reads a paragraph that is a credit or furniture as a whole, and cuts it.
func (c *scan) line(p span, next int) bool {
	line := p.of(c.s)
	switch {
	case c.out.Dateline == nil && c.sentence == 0 && c.isTitle(line):
		c.cut(p.start, next, ruleTitleAgain)
	case c.rightsLine(p, line):
		c.cut(p.start, next, ruleRights)
	case c.headerLine(p):
		c.cut(p.start, next, ruleHeader)
	case c.bylineLine(p):
		c.cut(p.start, next, ruleByline)
	case c.sourceLine(p, line):
		c.cut(p.start, next, ruleSource)
	case c.r.isFurniture(line, len(line)+8 > len(c.s)) && !c.opensReport(p):
		c.cut(p.start, next, ruleFurniture)
	default:
		return false
	}
	return true
}

// opensReport reports whether a line that looks like furniture is a dateline by itself.
func (c *scan) opensReport(p span) bool {
	if c.out.Dateline != nil {
		return false
	}
	_, ok := c.r.readDateline(c.s, p.start, p.end)
	return ok
}

func (c *scan) isTitle(line string) bool {
	return c.it.Title != "" && c.r.on(ruleTitleAgain) && len(line) < 2*len(c.it.Title)+8 && foldWords(line) == foldWords(c.it.Title)
}

func (c *scan) rightsLine(p span, line string) bool {
	if !c.r.isRights(line) {
		return false
	}
	if c.out.Rights == "" {
		c.out.Rights = line
	}
	c.evidence = append(c.evidence, news.Credit{Role: "rights", Name: line, Evidence: c.evident(p, ruleRights)})
	if m, ok := c.r.firstName(c.s, p.start, p.end); ok {
		c.claim(span{m.start, m.end}, m.key, ruleRights)
	}
	return true
}

func (c *scan) headerLine(p span) bool {
	h, ok := c.r.readHeader(c.s, p.start, p.end)
	if !ok {
		return false
	}
	if c.r.on(ruleNumber) && !h.number.none() && c.out.Number == "" {
		c.out.Number = h.number.of(c.s)
		c.claim(h.number, "mfa-russia", ruleNumber)
	}
	if c.r.on(ruleHeader) && h.date.month != 0 && c.printed.month == 0 {
		c.printed = h.date
	}
	return true
}

func (c *scan) bylineLine(p span) bool {
	b, ok := c.r.readByline(c.s, p.start, p.end)
	if m, is := c.r.whole(p.of(c.s)); !ok && is && len(c.out.Byline) > 0 && c.sentence == 0 && c.out.Dateline == nil {
		m.start, m.end = p.start+m.start, p.start+m.end
		b, ok = byline{agency: m, rule: ruleByline}, true // the house below the name
	}
	if !ok {
		b, ok = c.r.readContributed(c.s, p.start, p.end)
	}
	if !ok {
		return false
	}
	c.byline(b)
	return true
}

// byline adds the persons of a byline, and its agency as a claim.
func (c *scan) byline(b byline) {
	for _, p := range b.persons {
		c.person(p, b.rule)
	}
	if b.agency.key != "" {
		c.claim(span{b.agency.start, b.agency.end}, b.agency.key, b.rule)
	}
}

func (c *scan) person(p span, rule string) {
	if p.empty() {
		return
	}
	cr := news.Credit{Role: news.Byline, Name: p.of(c.s), Evidence: c.evident(p, rule)}
	c.evidence = append(c.evidence, cr)
	c.out.Byline = addPerson(c.out.Byline, cr)
}

// addPerson adds a person who is not in the list yet.
func addPerson(list []news.Credit, cr news.Credit) []news.Credit {
	f := foldWords(cr.Name)
	for _, o := range list {
		if foldWords(o.Name) == f {
			return list
		}
	}
	return append(list, cr)
}

// sourceLine reads "Источник: БЕЛТА", "Source: Reuters" and the like. One that the registry lacks is cited.
func (c *scan) sourceLine(p span, line string) bool {
	k := strings.IndexByte(line, ':')
	if k < 0 || k > 40 || len(line) > 160 || !sources.has(line[:k]) || !c.r.on(ruleSource) {
		return false
	}
	at := span{skipTo(c.s, p.start+k+1), p.end}
	if m, ok := c.r.whole(strings.TrimRight(at.of(c.s), ". ")); ok {
		c.claim(span{at.start + m.start, at.start + m.end}, m.key, ruleSource)
		return true
	}
	host := strings.TrimPrefix(strings.TrimPrefix(at.of(c.s), "https://"), "http://")
	host, _, _ = strings.Cut(host, "/")
	if key, ok := c.r.Host(host); ok && hostname(host) {
		c.claim(at, key, ruleSource)
		return true
	}
	if at.empty() || strings.ContainsAny(at.of(c.s), "0123456789/") || strings.Count(at.of(c.s), " ") > 7 {
		return false
	}
	c.cite(span{at.start, trimBack(c.s, at.start, at.end)}, "", ruleSource)
	return true
}

var sources = words("source; sources; источник; источники; по материалам; по информации; крыніца; fuente; quelle; quellen; fonte; źródło; джерело; первоисточник", ";")

// paragraph reads a paragraph of text: what stands before the text itself, and what stands behind it.
func (c *scan) paragraph(p span, next int) {
	i, found := p.start, false
	if c.out.Dateline == nil && c.sentence < 3 && len(c.lines) < 40 {
		i, found = c.head(p)
	}
	end := c.tail(span{i, p.end}, next, found)
	if end > i && nextWord(c.s[:end], i) < end {
		c.prose = append(c.prose, span{i, end})
	}
	switch prose := isProse(p.of(c.s)); {
	case found:
		c.sentence++
	case prose:
		c.sentence++
	case c.out.Dateline == nil:
		c.lines = append(c.lines, span{p.start, next})
	}
}
