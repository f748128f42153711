package page

import (
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/atom"

	"dateline/aggregator/text"
)

// line is a line of a page.
type line struct {
	text   string
	at     int32 // the first node of it
	linked int32 // bytes of it that are links
	size   int32 // bytes of it
	before int32 // bytes of prose in the lines before it
	byline bool  // marked as the author's name
	to     target
	words  int32 // of the longest text that is a link
	field  bool  // it goes on from the line above, as a post behind a name
}

// away reports whether a line leads to another piece rather than to a section or an author.
func (l *line) away() bool {
	return l.to >= away && l.words > 4 || !l.byline && l.to == story && l.words > 2
}

// byline is an element that is marked as the author's.
type byline struct {
	text string
	at   int32
}

// isProse reports whether a line is text rather than a heading, a label or a link.
func (l *line) isProse() bool {
	if l.size < 80 || 2*l.linked > l.size {
		return false
	}
	last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(l.text, "\"'»”“’)] "))
	return l.size >= 240 || strings.ContainsRune(".!?…:。", last) || strings.Contains(l.text[60:], ". ")
}

// isLink reports whether a line is a link as a whole, but for signs.
func (l *line) isLink() bool { return !l.byline && l.linked+2 > l.size }

// isLinks reports whether a line is one or more links and little else.
func (l *line) isLinks() bool { return !l.byline && 10*l.linked > 7*l.size }

// walk reads the lines and the figures of a node, without furniture.
func (d *document) walk(i int32) {
	n := &d.nodes[i]
	if n.isText {
		d.write(i, n)
		return
	}
	if i > 0 && d.isFurniture(i) {
		n.out = true
		if n.trait&(block|hard) != 0 {
			d.flush()
		}
		return
	}
	line := n.trait&block != 0
	if line {
		d.flush()
		if n.tag == atom.Br {
			return
		}
	}
	if d.isFigure(i) {
		d.flush()
		d.addFigure(i)
		return
	}
	others := d.isOthers(i)
	if others {
		d.others++
	}
	isAuthor := n.a != nil && isByline(n) && d.others == 0
	if isAuthor {
		d.addNames(i)
		d.authors++
	}
	for j, last := i+1, i; j < n.end; j, last = d.nodes[j].end, j {
		if isAuthor && last > i && d.nodes[last].tag == atom.Span && d.nodes[j].tag == atom.Span {
			d.flush() // the name and the post in elements of their own, without a space between them
		}
		d.walk(j)
		if isAuthor {
			d.line.byline = true
		}
		if d.isGlued(j, n.end) {
			d.flush()
		}
	}
	if line {
		d.flush()
	}
	if isAuthor {
		d.authors--
	}
	if others {
		d.others--
	}
}

// isGlued reports whether element j is marked as the author's and another one, such as a date, is next to it.
func (d *document) isGlued(j, end int32) bool {
	n, next := &d.nodes[j], d.nodes[j].end
	return n.a != nil && n.tag != atom.A && isByline(n) && next < end && (d.nodes[next].tag == atom.Span || d.nodes[next].tag == atom.Time)
}

// write adds a text to the line.
func (d *document) write(i int32, n *node) {
	d.part(i)
	d.written = i
	if d.text.Len() == 0 && d.line.at == 0 {
		d.line.at = i
	}
	d.text.WriteString(n.text)
	if n.to != 0 {
		d.line.linked += int32(len(strings.TrimSpace(n.text)))
		d.line.to = max(d.line.to, n.to)
		d.line.words = max(d.line.words, int32(len(strings.Fields(n.text))))
	}
}

const maxAuthorLine = 60 // bytes of a line that is an author's name, its label or a post

// flush ends the line.
func (d *document) flush() {
	if s := text.Line(strings.TrimSpace(d.text.String())); s != "" {
		d.line.text, d.line.size, d.line.before = s, int32(len(s)), d.total
		if d.authors > 0 && len(s) <= maxAuthorLine {
			d.line.byline = true
		}
		if d.line.isProse() {
			d.total += d.line.size
		}
		d.lines = append(d.lines, d.line)
	}
	d.line = line{}
	d.text.Reset()
}
