package attribute

import (
	"strings"
	"time"

	"dateline/aggregator/news"
)

// Input is one item with what is known of it.
type Input struct {
	Item   *news.Item  // authors, publisher, media credits, rights, origin, link, title, dates; not modified; nil: an empty item
	Text   string      // plain text of summary or content, "\n" between paragraphs
	Source news.Source // zero: none known
}

// Result is what [Registry.Credit] found.
type Result struct {
	Credits  news.Credits
	Evidence []news.Credit // every credit with field, offsets, words and rule, in the order found; also those that lost
	Lead     string        // the Text without what was cut: the pieces between the cuts, joined without anything between them
	Cuts     []Span        // what was cut, ascending and apart: dateline, marks, bylines, photo lines, furniture, space round them
}

// Span is a piece of the text, in bytes, and the rule that cut it.
type Span struct {
	Start, End int
	Rule       string
}

// Credit finds who made an item: in its text, else beside it, else by its source. It is pure, reads any input, and
// credits nobody who stands neither in the input nor in the registry. What wins over what is told in precedence.go.
func (r *Registry) Credit(in Input) Result {
	c := &scan{r: r, s: in.Text, it: in.Item, src: in.Source}
	if c.it == nil {
		c.it = &news.Item{}
	}
	c.language = c.it.Language
	if c.language == "" {
		c.language = c.src.Language
	}
	c.title()
	c.paragraphs()
	c.captions()
	c.above()
	for i, p := range c.prose {
		c.late = i >= 3
		c.mentions(p)
	}
	c.beside()
	c.settle()
	cuts, lead := joinCuts(c.s, c.cuts)
	return Result{Credits: c.out, Evidence: c.evidence, Lead: lead, Cuts: cuts}
}

// scan is the state of one reading.
type scan struct {
	r        *Registry
	s        string // the text
	it       *news.Item
	src      news.Source
	language string

	out      news.Credits
	marked   news.Evidence // of the update mark
	evidence []news.Credit
	claims   []claim
	cited    []news.Credit
	cuts     []Span

	printed  date   // of a page header
	lines    []span // without a sentence, before the dateline
	shots    []shot // photo credits of paragraphs that may be captions
	prose    []span // what is searched for names
	sentence int    // paragraphs of prose seen
	late     bool   // past the paragraphs that may name the originator
	words    []span // scratch
}

// shot is a photo credit and the paragraph that it closes.
type shot struct {
	photo photo
	para  span
	next  int // where the next paragraph begins
}

// cut takes a piece out of the lead.
func (c *scan) cut(start, end int, rule string) {
	if end > start {
		c.cuts = append(c.cuts, Span{start, end, rule})
	}
}

// evident builds the evidence of a piece of the text.
func (c *scan) evident(at span, rule string) news.Evidence {
	return news.Evidence{Field: "text", Start: at.start, End: at.end, Words: at.of(c.s), Rule: rule}
}

// agency builds the credit of an agency named in the text.
func (c *scan) agency(role news.Role, at span, key, rule string) news.Credit {
	cr := news.Credit{Role: role, Name: at.of(c.s), Agency: key, Evidence: c.evident(at, rule)}
	if key != "" {
		cr.Display = c.r.display(key, c.language)
	}
	return cr
}

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
	if m, is := c.r.names.whole(p.of(c.s)); !ok && is && len(c.out.Byline) > 0 && c.sentence == 0 && c.out.Dateline == nil {
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

// sourceLine reads "Источник: БЕЛТА", "Source: Reuters" and the like.
func (c *scan) sourceLine(p span, line string) bool {
	k := strings.IndexByte(line, ':')
	if k < 0 || k > 40 || len(line) > 160 || !sources.has(line[:k]) || !c.r.on(ruleSource) {
		return false
	}
	at := span{skipTo(c.s, p.start+k+1), p.end}
	if m, ok := c.r.names.whole(strings.TrimRight(at.of(c.s), ". ")); ok {
		c.claim(span{at.start + m.start, at.start + m.end}, m.key, ruleSource)
		return true
	}
	host := strings.TrimPrefix(strings.TrimPrefix(at.of(c.s), "https://"), "http://")
	host, _, _ = strings.Cut(host, "/")
	if key, ok := c.r.Host(host); ok && hostname(host) {
		c.claim(at, key, ruleSource)
		return true
	}
	return false
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
	d.Raw, d.Evidence = at.of(c.s), c.evident(at, l.shape)
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
		c.claim(t.name, t.key, l.shape)
	}
	if !t.second.none() {
		c.claim(t.second, t.secondKey, l.shape)
	}
	if !t.carrier.none() {
		cr := c.agency(news.Carrier, t.carrier, t.carrierKey, l.shape)
		c.evidence = append(c.evidence, cr)
		c.out.Other = append(c.out.Other, cr)
	}
	if c.r.on(ruleBylineTag) {
		for _, p := range t.persons {
			c.person(p, ruleBylineTag)
		}
	}
	c.out.Dateline = d
	c.cut(l.start, l.lead, l.shape)
}

// markedTail reads an update mark in brackets at the end of a heading, and the end of a frame round it.
func (c *scan) markedTail(p span) int {
	if c.sentence > 0 || isProse(p.of(c.s)) {
		return p.end
	}
	if m, from, rule := c.r.lastMark(c.s[:p.end], p.start); !m.none() {
		c.mark(c.s, "text", m, rule)
		from = skipSpaceBack(c.s, from)
		c.cut(from, p.end, rule)
		return from
	}
	if c.marked.Field == "text" && isFrame(c.marked.Words) && strings.HasSuffix(c.s[:p.end], c.marked.Words) {
		from := skipSpaceBack(c.s, p.end-len(c.marked.Words))
		c.cut(from, p.end, ruleMarkFrame)
		return from
	}
	return p.end
}

// tail reads what stands behind the text of a paragraph: trailer, photo credit, signature. It returns where the
// text ends.
func (c *scan) tail(p span, next int, dated bool) int {
	end := c.markedTail(p)
	if b, at, ok := c.r.readTrailer(c.s, p.start, end); ok {
		c.byline(b)
		if at.end >= end {
			end = skipSpaceBack(c.s, at.start)
			c.cutTail(p, max(end, p.start), next, b.rule)
		} else {
			c.cut(at.start, at.end, b.rule)
		}
	}
	if ph, ok := c.r.readPhoto(c.s, p.start, end); ok {
		switch {
		case dated || ph.whole.end < end || ph.caption.none() || len(ph.caption.of(c.s)) > 500:
			if dated || ph.whole.end < end {
				ph.caption = span{}
			}
			c.photo(ph)
			if ph.whole.end >= end {
				end = skipSpaceBack(c.s, ph.whole.start)
				c.cutTail(p, max(end, p.start), next, ph.rule)
			} else {
				c.cut(ph.whole.start, ph.whole.end, ph.rule)
			}
		default:
			c.shots = append(c.shots, shot{ph, p, next})
			return p.start
		}
	}
	if next >= len(c.s) {
		end = c.signature(p.start, end)
	}
	return end
}

// cutTail cuts from end to the end of the paragraph; the line's end too where nothing is left of the paragraph.
func (c *scan) cutTail(p span, end, next int, rule string) {
	if end <= p.start {
		c.cut(p.start, next, rule)
		return
	}
	c.cut(end, p.end, rule)
}

// signature reads the agency that signs the last paragraph: "(dpa)" behind a sentence, or its name alone on a line.
func (c *scan) signature(start, end int) int {
	if !c.r.on(ruleSignature) || end-start < 2 {
		return end
	}
	s := c.s[:end]
	if m, ok := c.r.names.whole(s[start:end]); ok && (c.sentence > 0 || c.out.Dateline != nil) {
		at := span{start + m.start, start + m.end}
		c.claim(at, m.key, ruleSignature)
		c.cut(start, end, ruleSignature)
		return start
	}
	if k := strings.LastIndexAny(s[start:], "(/["); k > 0 && end-start-k < 40 {
		i := start + k
		if s[end-1] == '/' {
			i = start + max(0, strings.LastIndexByte(s[start:end-1], '/'))
		}
		if t, ok := c.r.readTag(s, i); ok && t.end == end && endsSentence(s[start:i]) && len(t.persons) == 0 {
			c.claim(t.name, t.key, ruleSignature)
			from := skipSpaceBack(s, i)
			c.cut(from, end, ruleSignature)
			return from
		}
	}
	if k := strings.LastIndexByte(strings.TrimRight(s[start:end], " "), ' '); k > 0 { // ... of the year. Reuter
		i := start + k + 1
		if m, ok := c.r.names.whole(s[i:end]); ok && !m.weak && endsSentence(s[start:i]) {
			c.claim(span{i + m.start, i + m.end}, m.key, ruleSignature)
			from := skipSpaceBack(s, i)
			c.cut(from, end, ruleSignature)
			return from
		}
	}
	return end
}

// captions files the photo credits whose paragraphs may be captions. They are cut whole where other text remains;
// where the caption is all there is, it stays and only the credit goes.
func (c *scan) captions() {
	for _, sh := range c.shots {
		c.photo(sh.photo)
		if len(c.prose) > 0 {
			c.cut(sh.para.start, sh.next, sh.photo.rule)
			continue
		}
		c.cut(skipSpaceBack(c.s, sh.photo.whole.start), sh.para.end, sh.photo.rule)
	}
}

// above cuts the lines without a sentence that stand above the dateline: menus, headings, the title in other words.
func (c *scan) above() {
	if c.out.Dateline == nil || !c.r.on(ruleAbove) {
		return
	}
	head := c.out.Dateline.Evidence.Start
	for _, l := range c.lines {
		if l.end <= head {
			c.cut(l.start, l.end, ruleAbove)
			for k := 0; k < len(c.prose); k++ {
				if l.holds(c.prose[k]) {
					c.prose = append(c.prose[:k], c.prose[k+1:]...)
					k--
				}
			}
		}
	}
}

// when returns the item's own date: as published, else as updated, else as its page's header prints it.
func (c *scan) when() time.Time {
	switch {
	case !c.it.Published.IsZero():
		return c.it.Published
	case !c.it.Updated.IsZero():
		return c.it.Updated
	case c.printed.year != 0:
		return time.Date(c.printed.year, time.Month(c.printed.month), c.printed.day, 0, 0, 0, 0, time.UTC)
	}
	return time.Time{}
}
