package attribute

import (
	"cmp"
	"strings"

	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"
)

// What may precede the text at the head of a paragraph, in this order: update marks, then the dateline, with a
// byline, a caption or the title once more before it. Only the first three paragraphs of text are read so.

// title reads the update mark of the title; nothing else is read there.
func (c *scan) title() {
	t := c.it.Title
	m, _, rule := c.r.readMark(t, lex.SkipSpace(t, 0))
	if m.None() {
		m, _, rule = c.r.lastMark(t, 0)
	}
	if !m.None() {
		c.mark(t, "title", m, rule)
	}
}

// mark keeps the first update mark; one of the text comes before one of the title. Marks that a hyphen joins are one
// ("CORRECTED-UPDATE 2").
func (c *scan) mark(s, field string, m lex.Span, rule string) {
	printed := m.Of(s)
	if isFrame(printed) {
		printed += " " + printed
	}
	ev := news.Evidence{Field: field, Start: m.Start, End: m.End, Words: m.Of(s), Rule: rule}
	c.evidence = append(c.evidence, news.Credit{Role: "marker", Name: printed, Evidence: ev})
	switch {
	case c.out.Marker == "" || c.markerAt.Field != field:
		c.out.Marker, c.markerAt = printed, ev
	case m.Start == c.markerAt.End+1 && s[c.markerAt.End] == '-':
		c.markerAt.End = m.End
		c.out.Marker = s[c.markerAt.Start:m.End]
	}
}

// head reads marks, a byline, a caption and the dateline at the head of a paragraph, and returns where the text begins.
func (c *scan) head(p lex.Span) (lead int, found bool) {
	i := p.Start
	for range 4 {
		m, next, rule := c.r.readMark(c.s[:p.End], i)
		if m.None() {
			break
		}
		c.mark(c.s, "text", m, rule)
		c.cut(i, next, rule)
		i = next
	}
	l, ok := c.carried(i, p.End)
	if !ok {
		l, ok = c.r.readDateline(c.s, i, p.End)
	}
	if ok {
		c.dateline(&l)
		return l.lead, true
	}
	for _, rule := range c.r.rules.heads {
		if lead, found, ok := rule.head(c, i, p.End); ok {
			return lead, found
		}
	}
	return i, false
}

// bylineHead reads a byline and a dateline behind it.
func (c *scan) bylineHead(i, end int) (lead int, found, ok bool) {
	b, starts := c.r.readBylineHead(c.s, i, end)
	for _, k := range starts {
		l, ok := c.r.readDateline(c.s, k, end)
		if !ok || !l.place.known() && l.tag.name.None() && l.stop != '-' { // By NAME and NAME DEC. 10, 2018
			continue
		}
		if b.persons[0].Empty() { // By NAME PLACE: the name ends where the dateline begins
			b.persons = nil
			from := opening(c.s, i)
			if c.r.nameList(c.s[:k], from, &b.persons); len(b.persons) == 0 || b.persons[len(b.persons)-1].End > k {
				return i, false, false
			}
		}
		c.byline(b)
		c.cut(i, k, b.rule)
		c.dateline(&l)
		return l.lead, true, true
	}
	return i, false, false
}

// bylineSentence reads a byline that ends as a sentence, and a dateline behind it or none.
func (c *scan) bylineSentence(i, end int) (lead int, found, ok bool) {
	if c.sentence > 0 {
		return i, false, false
	}
	list, k, ok := c.r.readBylineSentence(c.s, i, end)
	if !ok {
		return i, false, false
	}
	c.people(list, ruleBylineSentence)
	c.cut(i, k, ruleBylineSentence)
	if l, ok := c.r.readDateline(c.s, k, end); ok {
		c.dateline(&l)
		return l.lead, true, true
	}
	return k, false, true
}

// people files the persons and agencies of a list: the first agency is claimed to be the originator, further ones share the report.
func (c *scan) people(list people, rule string) {
	for _, p := range list.persons {
		c.person(p, rule)
	}
	for n, m := range list.agencies {
		if at := lex.Between(m.Start, m.End); n == 0 {
			c.candidate(at, m.Key, rule)
		} else {
			c.joint(at, m.Key, rule)
		}
	}
}

// carried reads a dateline behind the name of the agency that carries it: "Canadian Press - REGINA (CP) -".
func (c *scan) carried(i, end int) (line, bool) {
	m, ok := c.r.Match(c.s[:end], i)
	if !ok {
		return line{}, false
	}
	sep := readGap(c.s[:end], m.End)
	if !sep.dash || !sep.spaced {
		return line{}, false
	}
	l, ok := c.r.readDateline(c.s, sep.end, end)
	if !ok || !l.order.has('P') || !l.order.has('A') {
		return line{}, false
	}
	if m.Key != l.tag.key && l.tag.carrier.None() {
		l.tag.carrier, l.tag.carrierKey = lex.Between(m.Start, m.End), m.Key
	}
	l.start = i
	return l, true
}

// captioned reads a caption and a photo credit at i that a dateline follows in the same paragraph.
func (c *scan) captioned(i, end int) (lead int, found, ok bool) {
	head := min(end, i+maxCaption+maxCredit)
	if !c.r.table.Any(headLabel) && strings.IndexByte(c.s[i:head], ':') < 0 {
		return i, false, false
	}
	ph, ok := c.r.labelledPhoto(c.s[:head], i, head)
	if !ok || ph.whole.End >= head {
		return i, false, false
	}
	k := lex.SkipSpace(c.s, ph.whole.End)
	l, ok := c.r.readDateline(c.s, k, end)
	if !ok {
		return i, false, false
	}
	c.photo(ph)
	c.cut(i, k, rulePhotoLabel)
	c.dateline(&l)
	return l.lead, true, true
}

// titled reads the title at i once more, a dateline behind it.
func (c *scan) titled(i, end int) (lead int, found, ok bool) {
	t := strings.TrimSpace(c.it.Title)
	if t == "" || !strings.HasPrefix(c.s[i:end], t) {
		return i, false, false
	}
	k := lex.Run(c.s, i+len(t), func(r rune) bool { return lex.IsSpace(r) || r == '.' })
	l, ok := c.r.readDateline(c.s, k, end)
	if !ok {
		return i, false, false
	}
	c.cut(i, k, ruleTitleAgain)
	c.dateline(&l)
	return l.lead, true, true
}

// dateline files a dateline: place, date, agency, and the person in it.
func (c *scan) dateline(l *line) {
	d := &news.Dateline{Month: l.date.Month, Day: l.date.Day, Year: l.date.Year}
	at := lex.Between(l.start, l.end)
	d.Raw, d.Evidence = at.Of(c.s), c.evident(at, l.rule)
	if l.place.end > 0 && !l.place.desk {
		d.Place = c.s[l.place.start:l.place.end]
	}
	c.evidence = append(c.evidence, news.Credit{Role: "dateline", Name: d.Raw, Evidence: d.Evidence})
	t := l.tag
	if !t.name.None() {
		d.Agency = t.key
		if t.key == "" {
			d.Agency = t.name.Of(c.s)
		}
		d.Own = t.key != "" && t.key == cmp.Or(c.src.Agency, c.src.ID)
		c.candidate(t.name, t.key, l.rule)
	}
	if !t.second.None() {
		d.Agency = lex.Between(t.name.Start, t.second.End).Of(c.s)
		c.joint(t.second, t.secondKey, l.rule)
	}
	if !t.carrier.None() {
		cr := c.agency(news.Carrier, t.carrier, t.carrierKey, l.rule)
		c.evidence = append(c.evidence, cr)
		c.out.Other = append(c.out.Other, cr)
	}
	for _, rule := range c.r.rules.dated {
		rule.dated(c, l)
	}
	c.opened = at
	if d.Place != "" || d.Month != 0 || l.place.desk {
		c.out.Dateline = d
	}
	c.cut(l.start, l.lead, l.rule)
}

// bylineTag files the persons of a dateline's tag.
func (c *scan) bylineTag(l *line) {
	for _, p := range l.tag.persons {
		c.person(p, ruleBylineTag)
	}
}
