package attribute

import (
	"strings"

	"dateline/aggregator/news"
)

// What may stand before the text at the head of a paragraph, in this order: update marks, then the dateline, with a
// byline, a caption or the title once more before it. Only the first three paragraphs of text are read so.

// title reads the update mark of the title; nothing else is read there.
func (c *scan) title() {
	t := c.it.Title
	m, _, rule := c.r.readMark(t, skipSpace(t, 0))
	if m.none() {
		m, _, rule = c.r.lastMark(t, 0)
	}
	if !m.none() {
		c.mark(t, "title", m, rule)
	}
}

// mark keeps the first update mark; one of the text comes before one of the title. Marks that a hyphen joins are one
// ("CORRECTED-UPDATE 2").
func (c *scan) mark(s, field string, m span, rule string) {
	printed := m.of(s)
	if isFrame(printed) {
		printed += " " + printed
	}
	ev := news.Evidence{Field: field, Start: m.start, End: m.end, Words: m.of(s), Rule: rule}
	c.evidence = append(c.evidence, news.Credit{Role: "marker", Name: printed, Evidence: ev})
	switch {
	case c.out.Marker == "" || c.marked.Field != field:
		c.out.Marker, c.marked = printed, ev
	case m.start == c.marked.End+1 && s[c.marked.End] == '-':
		c.marked.End = m.end
		c.out.Marker = s[c.marked.Start:m.end]
	}
}

// head reads marks, a byline, a caption and the dateline at the head of a paragraph, and returns where the text begins.
func (c *scan) head(p span) (lead int, found bool) {
	i := p.start
	for range 4 {
		m, next, rule := c.r.readMark(c.s[:p.end], i)
		if m.none() {
			break
		}
		c.mark(c.s, "text", m, rule)
		c.cut(i, next, rule)
		i = next
	}
	if l, ok := c.r.readDateline(c.s, i, p.end); ok {
		c.dateline(&l)
		return l.lead, true
	}
	if b, starts := c.r.readBylineHead(c.s, i, p.end); starts != nil {
		for _, k := range starts {
			l, ok := c.r.readDateline(c.s, k, p.end)
			if !ok {
				continue
			}
			if b.persons[0].empty() { // By NAME PLACE: the name ends where the dateline begins
				b.persons = nil
				from := opening(c.s, i)
				if c.r.nameList(c.s[:k], from, &b.persons); len(b.persons) == 0 || b.persons[len(b.persons)-1].end > k {
					continue
				}
			}
			c.byline(b)
			c.cut(i, k, b.rule)
			c.dateline(&l)
			return l.lead, true
		}
	}
	if k, l, ok := c.captioned(i, p.end); ok {
		c.cut(i, k, rulePhotoLabel)
		c.dateline(&l)
		return l.lead, true
	}
	if k, l, ok := c.titled(i, p.end); ok {
		c.cut(i, k, ruleTitleAgain)
		c.dateline(&l)
		return l.lead, true
	}
	return i, false
}

// captioned reads a caption and a photo credit at i that a dateline follows in the same paragraph.
func (c *scan) captioned(i, end int) (int, line, bool) {
	if !strings.ContainsAny(c.s[i:end], "/:©") {
		return 0, line{}, false
	}
	ph, ok := c.r.readPhoto(c.s, i, end)
	if !ok || ph.whole.end >= end {
		return 0, line{}, false
	}
	k := skipSpace(c.s, ph.whole.end)
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
	k := run(c.s, i+len(t), func(r rune) bool { return isSpace(r) || r == '.' })
	l, ok := c.r.readDateline(c.s, k, end)
	return k, l, ok
}

// dateline files a dateline: place, date, agency, and the person in it.
func (c *scan) dateline(l *line) {
	d := &news.Dateline{Month: l.date.month, Day: l.date.day, Year: l.date.year}
	at := span{l.start, l.end}
	d.Raw, d.Evidence = at.of(c.s), c.evident(at, l.rule)
	if l.place.end > 0 && !l.place.desk {
		d.Place = c.s[l.place.start:l.place.end]
	}
	c.evidence = append(c.evidence, news.Credit{Role: "dateline", Name: d.Raw, Evidence: d.Evidence})
	t := l.tag
	if !t.name.none() {
		d.Agency = t.key
		if t.key == "" {
			d.Agency = t.name.of(c.s)
		}
		c.claim(t.name, t.key, l.rule)
	}
	if !t.second.none() {
		c.claim(t.second, t.secondKey, l.rule)
	}
	if !t.carrier.none() {
		cr := c.agency(news.Carrier, t.carrier, t.carrierKey, l.rule)
		c.evidence = append(c.evidence, cr)
		c.out.Other = append(c.out.Other, cr)
	}
	if c.r.on(ruleBylineTag) {
		for _, p := range t.persons {
			c.person(p, ruleBylineTag)
		}
	}
	c.out.Dateline = d
	c.cut(l.start, l.lead, l.rule)
}
