package attribute

import (
	"strings"

	"dateline/aggregator/attribute/agency"
	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"
)

// The text is read paragraph by paragraph. One that is a credit or furniture as a whole is cut; of the others the head
// and the ending are read (head.go, ending.go), and what is left is the lead.

// paragraphs reads the text from top to bottom.
func (c *scan) paragraphs() {
	s := c.s
	breaks := c.flatBreaks()
	for start := 0; start < len(s); {
		for len(breaks) > 0 && breaks[0] <= start {
			breaks = breaks[1:]
		}
		end := lineEnd(s, start)
		next := min(end+1, len(s))
		if len(breaks) > 0 {
			end, next = breaks[0], breaks[0]
		}
		for next < len(s) && (s[next] <= ' ' || s[next] == 0x7f) {
			next++
		}
		p := lex.Between(start, end)
		for p.Start < p.End && (s[p.Start] <= ' ' || lex.IsSpace(lex.RuneAt(s, p.Start))) {
			_, n := lex.At(s, p.Start)
			p.Start += n
		}
		for p.End > p.Start && (s[p.End-1] <= ' ' || lex.IsSpace(lex.Before(s, p.End))) {
			_, n := lex.Last(s, p.End)
			p.End -= n
		}
		if !p.Empty() && !c.line(p, next) {
			c.paragraph(p, next)
		}
		start = next
	}
}

// line reads a paragraph that is a credit or furniture as a whole, and cuts it.
func (c *scan) line(p lex.Span, next int) bool {
	line := p.Of(c.s)
	for _, rule := range c.r.rules.lines {
		if rule.line(c, p, line) {
			c.cut(p.Start, next, rule.Name)
			return true
		}
	}
	return false
}

// titleLine reads the title once more above the text.
func (c *scan) titleLine(_ lex.Span, line string) bool {
	return c.opened.None() && c.sentence == 0 && c.isTitle(line)
}

// furnitureLine reads page furniture.
func (c *scan) furnitureLine(p lex.Span, line string) bool {
	return c.r.isFurniture(c.s, p, len(line)+8 > len(c.s)) && !c.opensReport(p)
}

// opensReport reports whether a line that looks like furniture is a dateline by itself.
func (c *scan) opensReport(p lex.Span) bool {
	if !c.opened.None() {
		return false
	}
	_, ok := c.r.readDateline(c.s, p.Start, p.End)
	return ok
}

func (c *scan) isTitle(line string) bool {
	return c.it.Title != "" && len(line) < 2*len(c.it.Title)+8 && lex.Fold(line) == lex.Fold(c.it.Title)
}

func (c *scan) rightsLine(p lex.Span, line string) bool {
	if !c.r.isRights(line) {
		return false
	}
	if c.out.Rights == "" {
		c.out.Rights = line
	}
	c.evidence = append(c.evidence, news.Credit{Role: "rights", Name: line, Evidence: c.evident(p, ruleRights)})
	if m, ok := c.r.holder(c.s, p.Start, p.End); ok {
		c.candidate(lex.Between(m.Start, m.End), m.Key, ruleRights)
	}
	return true
}

// numberLine reads the number of a document in a page's header; the line itself is left to the header's rule.
func (c *scan) numberLine(p lex.Span, _ string) bool {
	if h, ok := c.r.readHeader(c.s, p.Start, p.End); ok && !h.number.None() && c.out.Number == "" {
		c.out.Number = h.number.Of(c.s)
		c.candidate(h.number, "mfa-russia", ruleNumber)
	}
	return false
}

// headerLine reads the day and the time of a page's header.
func (c *scan) headerLine(p lex.Span, _ string) bool {
	h, ok := c.r.readHeader(c.s, p.Start, p.End)
	if ok && h.date.Month != 0 && c.printed.Month == 0 {
		c.printed = h.date
	}
	return ok
}

// bylineLine reads a byline that is a paragraph of its own, and the outlet below the name.
func (c *scan) bylineLine(p lex.Span, line string) bool {
	if list := c.r.readRoles(c.s, p.Start, p.End); list != nil && c.areRoles(list, line) {
		c.roles(c.r, c.s, list, c.evident)
		return true
	}
	b, ok := c.r.readByline(c.s, p.Start, p.End)
	if ok && len(b.persons) > 0 && b.persons[0].Start == p.Start && len(line)+2 > len(c.s) {
		return false // Ann Lee, AP: no text, so the credit of a picture
	}
	if !ok && len(c.out.Byline) > 0 && c.sentence == 0 && c.opened.None() {
		if m, is := c.r.Whole(line); is {
			m.Start, m.End = p.Start+m.Start, p.Start+m.End
			b, ok = byline{agency: m, rule: ruleByline}, true
		}
	}
	if ok {
		c.byline(b)
	}
	return ok
}

// contributedLine reads a line of contributors.
func (c *scan) contributedLine(p lex.Span, _ string) bool {
	b, ok := c.r.readContributed(c.s, p.Start, p.End)
	if ok {
		c.byline(b)
	}
	return ok
}

// byline adds the persons of a byline, and its agency as a claim.
func (c *scan) byline(b byline) {
	for _, p := range b.persons {
		c.person(p, b.rule)
	}
	if b.agency.Key != "" {
		c.candidate(lex.Between(b.agency.Start, b.agency.End), b.agency.Key, b.rule)
	}
}

func (c *scan) person(p lex.Span, rule string) {
	if p.Empty() {
		return
	}
	cr := news.Credit{Role: news.Byline, Name: p.Of(c.s), Evidence: c.evident(p, rule)}
	c.evidence = append(c.evidence, cr)
	c.out.Byline = addPerson(c.out.Byline, cr)
}

// addPerson adds a person who is not in the list yet.
func addPerson(list []news.Credit, cr news.Credit) []news.Credit {
	f := lex.Fold(cr.Name)
	for _, o := range list {
		if lex.Fold(o.Name) == f {
			return list
		}
	}
	return append(list, cr)
}

// sourceLine reads "Источник: БЕЛТА", "Source: Reuters" and the like. One that the registry lacks is cited.
func (c *scan) sourceLine(p lex.Span, line string) bool {
	k := strings.IndexByte(line, ':')
	if k < 0 || k > 40 || len(line) > 160 || !sources.Has(line[:k]) {
		return false
	}
	at := lex.Between(skipTo(c.s, p.Start+k+1), p.End)
	m, ok := c.r.Whole(strings.TrimRight(at.Of(c.s), ". "))
	if ok && c.r.sellsPictures(m.Key) || photoWords.is(c.r.word(c.s, at.Start)) { // of a picture
		return false
	}
	if ok {
		c.candidate(lex.Between(at.Start+m.Start, at.Start+m.End), m.Key, ruleSource)
		return true
	}
	host := strings.TrimPrefix(strings.TrimPrefix(at.Of(c.s), "https://"), "http://")
	host, _, _ = strings.Cut(host, "/")
	if key, ok := c.r.Host(host); ok && agency.IsHost(host) {
		c.candidate(at, key, ruleSource)
		return true
	}
	if at.Empty() || strings.ContainsAny(at.Of(c.s), "0123456789/") || strings.Count(at.Of(c.s), " ") > 7 {
		return false
	}
	c.cite(lex.Between(at.Start, trimBack(c.s, at.Start, at.End)), "", ruleSource)
	return true
}

var sources = wordSet("sources")

// paragraph reads a paragraph of text: what precedes the text itself, and what follows it.
func (c *scan) paragraph(p lex.Span, next int) {
	i, found := p.Start, false
	if c.opened.None() && c.sentence < 3 && len(c.lines) < 40 {
		i, found = c.head(p)
	}
	end := c.ending(lex.Between(i, p.End), next, found)
	if end > i && c.r.nextWord(c.s[:end], i) < end {
		c.prose = append(c.prose, lex.Between(i, end))
	}
	switch prose := isProse(p.Of(c.s)); {
	case found:
		c.sentence++
	case prose:
		c.sentence++
	case c.opened.None():
		c.lines = append(c.lines, lex.Between(p.Start, next))
	}
}
