package attribute

import (
	"strings"

	"dateline/aggregator/attribute/agency"
	"dateline/aggregator/attribute/lex"
	"dateline/aggregator/news"
)

// What may follow the text at the end of a paragraph: an update mark, the trailer with reporters and editors, a
// photo credit, the signature of the agency.

// markEnding reads an update mark in brackets at the end of a heading, and the end of a frame round it.
func (c *scan) markEnding(p lex.Span) int {
	if c.sentence > 0 || isProse(p.Of(c.s)) {
		return p.End
	}
	if m, from, rule := c.r.lastMark(c.s[:p.End], p.Start); !m.None() {
		c.mark(c.s, "text", m, rule)
		from = lex.SkipSpaceBack(c.s, from)
		c.cut(from, p.End, rule)
		return from
	}
	if c.markerAt.Field == "text" && isFrame(c.markerAt.Words) && strings.HasSuffix(c.s[:p.End], c.markerAt.Words) {
		from := lex.SkipSpaceBack(c.s, p.End-len(c.markerAt.Words))
		c.cut(from, p.End, ruleMarkFrame)
		return from
	}
	return p.End
}

const (
	maxCaption = 500 // bytes
	maxPhotos  = 16  // credits of one paragraph
)

// ending reads what follows the text of a paragraph: trailer, photo credit, signature. It returns where the
// text ends.
func (c *scan) ending(p lex.Span, next int, dated bool) int {
	end := c.markEnding(p)
	for _, rule := range c.r.rules.endings {
		end = rule.ending(c, p, end, next)
	}
	for n, from := 0, p.Start; from < end && n < maxPhotos; n++ {
		ph, ok := c.r.readPhoto(c.s, from, end)
		if !ok {
			break
		}
		last := ph.whole.End >= end
		if last && !dated && from == p.Start && !ph.caption.None() && len(ph.caption.Of(c.s)) <= maxCaption {
			c.pending = append(c.pending, pendingPhoto{ph, p, next})
			return p.Start
		}
		if dated || !last || from > p.Start {
			ph.caption = lex.Span{}
		}
		c.photo(ph)
		if last {
			end = lex.SkipSpaceBack(c.s, ph.whole.Start)
			c.cutEnding(p, max(end, from), next, ph.rule)
			break
		}
		c.cut(ph.whole.Start, ph.whole.End, ph.rule)
		from = ph.whole.End
	}
	for _, rule := range c.r.rules.ends {
		end = rule.end(c, p, end, next)
	}
	return end
}

// trailer reads who reported, wrote and edited.
func (c *scan) trailer(p lex.Span, end, next int) int {
	b, at, ok := c.r.readTrailer(c.s, p.Start, end)
	switch {
	case !ok:
		return end
	case at.End < end:
		c.byline(b)
		c.cut(at.Start, at.End, b.rule)
		return end
	}
	c.byline(b)
	end = lex.SkipSpaceBack(c.s, at.Start)
	c.cutEnding(p, max(end, p.Start), next, b.rule)
	return end
}

// datedEnding reads the names and the day in brackets that end a text.
func (c *scan) datedEnding(p lex.Span, end, next int) int {
	if next < len(c.s) {
		return end
	}
	list, at, ok := c.r.readDated(c.s, p.Start, end)
	if !ok {
		return end
	}
	c.people(list, ruleBylineDated)
	end = max(at.Start, p.Start)
	c.cutEnding(p, end, next, ruleBylineDated)
	return end
}

// sourceEnding reads the source of a text at the end of a paragraph: "... . Źródło: PAP." and "(vir: STA)". It returns where the text
// ends.
func (c *scan) sourceEnding(p lex.Span, end, next int) int {
	s := c.s[:end]
	k := strings.LastIndexByte(s[p.Start:], ':')
	if k < 0 || end-p.Start-k > 60 {
		return end
	}
	k += p.Start
	i, source := labelBefore(s, p.Start, k)
	j := lex.SkipSpaceBack(s, max(i, p.Start))
	if !source || i <= p.Start || !endsSentence(strings.TrimRight(s[p.Start:j], " ([")) {
		return end
	}
	at := lex.Between(skipTo(s, k+1), trimBack(s, k+1, len(strings.TrimRight(s, " .)]"))))
	m, ok := c.r.Whole(at.Of(s))
	if !ok || c.r.sellsPictures(m.Key) {
		return end
	}
	c.candidate(lex.Between(at.Start+m.Start, at.Start+m.End), m.Key, ruleSource)
	from := lex.SkipSpaceBack(s, i)
	if b := lex.Before(s, from); b == '(' || b == '[' {
		from = lex.SkipSpaceBack(s, from-1)
	}
	c.cutEnding(p, from, next, ruleSource)
	return from
}

// cutEnding cuts from end to the end of the paragraph; the line's end too where nothing is left of the paragraph.
func (c *scan) cutEnding(p lex.Span, end, next int, rule string) {
	if end <= p.Start {
		c.cut(p.Start, next, rule)
		return
	}
	c.cut(end, p.End, rule)
}

// onlyNames reports whether no more than labelled names and initials of editors follow: "Autorka: Anna Nowak", "ann/ jar/".
func (c *scan) onlyNames(next int) bool {
	for next < len(c.s) {
		end := lineEnd(c.s, next)
		line := strings.TrimSpace(c.s[next:end])
		label, _, labelled := strings.Cut(line, ":")
		if len(line) > 80 || !(labelled && bylineLabels.Has(label)) && !areInitials(line) {
			return false
		}
		next = end + 1
	}
	return true
}

// areInitials reports whether a line is the initials of editors, each with a slash behind it: "ann/ jar/".
func areInitials(line string) bool {
	n := 0
	for f := range strings.FieldsSeq(line) {
		name, ok := strings.CutSuffix(f, "/")
		if n++; !ok || len(name) < 2 || len(name) > 4 || strings.ToLower(name) != name || strings.Trim(name, "abcdefghijklmnopqrstuvwxyz") != "" {
			return false
		}
	}
	return n > 0
}

// signature reads the agency that signs the last paragraph: "(dpa)" behind a sentence, or its name alone on a line.
func (c *scan) signature(p lex.Span, end, next int) int {
	start := p.Start
	if !c.onlyNames(next) || end-start < 2 {
		return end
	}
	s := c.s[:end]
	if m, ok := c.r.wholeFrom(s, start); ok && (c.sentence > 0 || !c.opened.None()) {
		at := lex.Between(m.Start, m.End)
		c.candidate(at, m.Key, ruleSignature)
		c.cut(start, end, ruleSignature)
		return start
	}
	if k := strings.LastIndexAny(s[start:], "(/["); k > 0 && end-start-k < 40 {
		i := start + k
		if s[end-1] == '/' {
			i = start + max(0, strings.LastIndexByte(s[start:end-1], '/'))
		}
		if t, ok := c.r.readTag(s, i); ok && t.end == end && endsSentence(s[start:i]) && len(t.persons) == 0 {
			c.candidate(t.name, t.key, ruleSignature)
			from := lex.SkipSpaceBack(s, i)
			c.cut(from, end, ruleSignature)
			return from
		}
		if list := c.r.readPeople(s, i+1, end-1); s[end-1] == ')' && endsSentence(s[start:i]) && len(list.agencies) > 0 && list.handles > 0 &&
			len(list.agencies)+list.handles == list.parts { // (stro, APA)
			c.people(list, ruleSignature)
			from := lex.SkipSpaceBack(s, i)
			c.cut(from, end, ruleSignature)
			return from
		}
	}
	if i, m, ok := c.slashed(s, start); ok {
		c.candidate(lex.Between(m.Start, m.End), m.Key, ruleSignature)
		from := lex.SkipSpaceBack(s, i)
		c.cut(from, end, ruleSignature)
		return from
	}
	if k := strings.LastIndexByte(strings.TrimRight(s[start:end], " "), ' '); k > 0 { // ... of the year. Reuter
		i := start + k + 1
		if m, ok := c.r.wholeFrom(s, i); ok && !m.Weak && endsSentence(s[start:i]) {
			c.candidate(lex.Between(m.Start, m.End), m.Key, ruleSignature)
			from := lex.SkipSpaceBack(s, i)
			c.cut(from, end, ruleSignature)
			return from
		}
	}
	return end
}

// slashed reads an agency behind a slash that only a full stop or a slash closes: "... до май./БТА". It returns
// where the slash is.
func (c *scan) slashed(s string, start int) (at int, m agency.Name, ok bool) {
	body := strings.TrimRight(s[start:], " ./")
	k := strings.LastIndexByte(body, '/')
	if k < 1 || len(body)-k > 40 || !endsSentence(body[:k]) {
		return 0, m, false
	}
	i := lex.SkipSpace(s, start+k+1)
	m, ok = c.r.wholeFrom(s[:start+len(body)], i)
	return start + k, m, ok && c.r.Kind(m.Key) == news.KindAgency
}

// captions files the photo credits whose paragraphs may be captions. They are cut whole where other text remains;
// where the caption is all there is, it stays and only the credit goes.
func (c *scan) captions() {
	for _, ph := range c.pending {
		c.photo(ph.photo)
		if len(c.prose) > 0 {
			c.cut(ph.para.Start, ph.next, ph.photo.rule)
			continue
		}
		c.cut(lex.SkipSpaceBack(c.s, ph.photo.whole.Start), ph.para.End, ph.photo.rule)
	}
}

// above cuts the lines without a sentence that are above the dateline: menus, headings, the title in other words.
func (c *scan) above() {
	if c.opened.None() {
		return
	}
	head := c.opened.Start
	for _, l := range c.lines {
		if l.End <= head {
			c.cut(l.Start, l.End, ruleAbove)
			for k := 0; k < len(c.prose); k++ {
				if l.Contains(c.prose[k]) {
					c.prose = append(c.prose[:k], c.prose[k+1:]...)
					k--
				}
			}
		}
	}
}
