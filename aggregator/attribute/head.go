package attribute

import (
	"strings"

	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"
)

// What may stand before the text at the head of a paragraph, in this order: update marks, then the dateline, with a
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
	case c.out.Marker == "" || c.marked.Field != field:
		c.out.Marker, c.marked = printed, ev
	case m.Start == c.marked.End+1 && s[c.marked.End] == '-':
		c.marked.End = m.End
		c.out.Marker = s[c.marked.Start:m.End]
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
	if b, starts := c.r.readBylineHead(c.s, i, p.End); starts != nil {
		for _, k := range starts {
			l, ok := c.r.readDateline(c.s, k, p.End)
			if !ok {
				continue
			}
			if b.persons[0].Empty() { // By NAME PLACE: the name ends where the dateline begins
				b.persons = nil
				from := opening(c.s, i)
				if c.r.nameList(c.s[:k], from, &b.persons); len(b.persons) == 0 || b.persons[len(b.persons)-1].End > k {
					continue
				}
			}
			c.byline(b)
			c.cut(i, k, b.rule)
			c.dateline(&l)
			return l.lead, true
		}
	}
	if k, l, ok := c.captioned(i, p.End); ok {
		c.cut(i, k, rulePhotoLabel)
		c.dateline(&l)
		return l.lead, true
	}
	if k, l, ok := c.titled(i, p.End); ok {
		c.cut(i, k, ruleTitleAgain)
		c.dateline(&l)
		return l.lead, true
	}
	if l, ok := c.styled(i, p.End); ok {
		c.dateline(&l)
		if l.start > i {
			return i, true
		}
		return l.lead, true
	}
	if list, k, ok := c.r.bylineSentence(c.s, i, p.End); ok && c.sentence == 0 && c.r.on(ruleByline) {
		c.people(list, ruleByline)
		c.cut(i, k, ruleByline)
		if l, ok := c.r.readDateline(c.s, k, p.End); ok {
			c.dateline(&l)
			return l.lead, true
		}
		return k, false
	}
	return i, false
}

// people files the persons and agencies of a list: the first agency is claimed to be the originator, further ones share the report.
func (c *scan) people(list people, rule string) {
	for _, p := range list.persons {
		c.person(p, rule)
	}
	for n, m := range list.agencies {
		if at := lex.Between(m.Start, m.End); n == 0 {
			c.claim(at, m.Key, rule)
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
func (c *scan) captioned(i, end int) (int, line, bool) {
	head := min(end, i+maxCaption+maxCredit)
	if !strings.ContainsAny(c.s[i:head], ":©") && !strings.Contains(c.s[i:head], "oto") && !strings.Contains(c.s[i:head], "ото") {
		return 0, line{}, false
	}
	ph, ok := c.r.labelledPhoto(c.s[:head], i, head)
	if !ok || ph.whole.End >= head {
		return 0, line{}, false
	}
	k := lex.SkipSpace(c.s, ph.whole.End)
	l, ok := c.r.readDateline(c.s, k, end)
	if !ok {
		return 0, line{}, false
	}
	c.photo(ph)
	return k, l, true
}

// titled reads the title at i once more, a dateline behind it.
func (c *scan) titled(i, end int) (int, line, bool) {
	t := strings.TrimSpace(c.it.Title)
	if t == "" || !strings.HasPrefix(c.s[i:end], t) || !c.r.on(ruleTitleAgain) {
		return 0, line{}, false
	}
	k := lex.Run(c.s, i+len(t), func(r rune) bool { return lex.IsSpace(r) || r == '.' })
	l, ok := c.r.readDateline(c.s, k, end)
	return k, l, ok
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
		c.claim(t.name, t.key, l.rule)
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
	if c.r.on(ruleBylineTag) {
		for _, p := range t.persons {
			c.person(p, ruleBylineTag)
		}
	}
	c.opened = at
	if d.Place != "" || d.Month != 0 || l.place.desk {
		c.out.Dateline = d
	}
	c.cut(l.start, l.lead, l.rule)
}
