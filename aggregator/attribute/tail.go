package attribute

import (
	"strings"
)

// What may stand behind the text at the end of a paragraph: an update mark, the trailer with reporters and editors, a
// photo credit, the signature of the agency.

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

const (
	maxCaption = 500 // bytes
	maxPhotos  = 16  // credits of one paragraph
)

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
	for n, from := 0, p.start; from < end && n < maxPhotos; n++ {
		ph, ok := c.r.readPhoto(c.s, from, end)
		if !ok {
			break
		}
		last := ph.whole.end >= end
		if last && !dated && from == p.start && !ph.caption.none() && len(ph.caption.of(c.s)) <= maxCaption {
			c.shots = append(c.shots, shot{ph, p, next})
			return p.start
		}
		if dated || !last || from > p.start {
			ph.caption = span{}
		}
		c.photo(ph)
		if last {
			end = skipSpaceBack(c.s, ph.whole.start)
			c.cutTail(p, max(end, from), next, ph.rule)
			break
		}
		c.cut(ph.whole.start, ph.whole.end, ph.rule)
		from = ph.whole.end
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
	if m, ok := c.r.whole(s[start:end]); ok && (c.sentence > 0 || c.out.Dateline != nil) {
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
		if m, ok := c.r.whole(s[i:end]); ok && !m.weak && endsSentence(s[start:i]) {
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
