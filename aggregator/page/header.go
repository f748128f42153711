package page

import (
	"strings"
	"unicode"

	"golang.org/x/net/html/atom"

	"dateline/aggregator/text"
)

// The header of an article: what is between its heading and its running text. Houses put bylines, times and the standfirst there,
// and newsletters, players and teasers too, in elements without a name that says so. A line of the header counts where nothing else in
// the box round it is text that can belong to another piece. A box is the largest element with neither the heading nor running text.

// box returns the box of the header round a node.
func (d *document) box(i int32) int32 {
	first := d.found.end
	if d.proseLine < len(d.lines) {
		first = d.lines[d.proseLine].at
	}
	for {
		p := d.nodes[i].parent
		if p <= 0 || d.inside(first, p) || d.heading > 0 && d.inside(d.heading, p) || p < d.found.start {
			return i
		}
		i = p
	}
}

// isHeader reports whether a line of the header is the article's.
func (d *document) isHeader(k int) bool {
	l := &d.lines[k]
	switch {
	case d.uncertain > 0 && d.inside(l.at, d.uncertain), l.at < d.heading, l.away(), !l.byline && isSentence(l.text) && !l.isProse():
		return false
	case l.isProse():
		return d.isSummary(k)
	case isPhotoCredit(l.text) && d.isBesidePortrait(l.at), d.isOfAnother(l.at), d.isHeading(k) && !l.byline && isSigned(l.text):
		return false
	}
	return d.isHeaderBox(d.box(l.at), k) && !d.isNoticed(k)
}

// isOfAnother reports whether a node is in a quotation or in the element of a work, whose author is another one.
func (d *document) isOfAnother(at int32) bool {
	for i := d.nodes[at].parent; i > 0 && !d.inside(d.heading, i); i = d.nodes[i].parent {
		if d.isOthers(i) {
			return true
		}
	}
	return false
}

// isSigned reports whether a line begins with a preposition that precedes an author.
func isSigned(s string) bool {
	first, _, _ := strings.Cut(text.Fold(s[:cutAt(s, maxWord)]), " ")
	return byWords[first]
}

// isBesidePortrait reports whether a node is in an element that is marked as the author's and has a picture.
func (d *document) isBesidePortrait(at int32) bool {
	for i := d.nodes[at].parent; i > 0 && !d.inside(d.heading, i); i = d.nodes[i].parent {
		if n := &d.nodes[i]; n.a != nil && isByline(n) {
			return d.hasImage(i)
		}
	}
	return false
}

// isNoticed reports whether a line above the text is of a notice of the house: a sentence right above it says nothing of the article, or it
// is what is said of a picture, not the first one, and has no word of the article.
func (d *document) isNoticed(k int) bool {
	if k == 0 || d.lines[k-1].at < d.heading || d.heading > 0 && d.inside(d.lines[k-1].at, d.heading) {
		return d.isOthersCaption(k)
	}
	l := &d.lines[k-1]
	if l.away() || advertLabels()[text.Fold(l.text)] || isArchiveLabel(l.text) {
		return true
	}
	ends := strings.ContainsAny(l.text[l.size-1:], ".!?") && countWords(l.text) > 2 && !isPhotoCredit(l.text) &&
		!isNamed(strings.TrimRight(l.text, "."))
	notice := (ends || l.isSentence()) && !d.isStandfirst(k-1) && (isTeaser(l.text) || !d.speaksOf(l.text, len(d.lines), k-1))
	return notice || !l.byline && d.isBio(l.text, k-1) || d.isOthersCaption(k) || d.isOthersCaption(k-1)
}

// isOthersCaption reports whether a line is right below a picture that is not the first one of the article, and has no word of the article.
func (d *document) isOthersCaption(k int) bool {
	if k == 0 {
		return false
	}
	i := d.pictureAbove(k)
	return i > 0 && i != d.picture && !d.isOwnCaption(d.lines[k].text, k)
}

// boxed is what is in a box.
type boxed struct {
	closed bool // by a heading, a form, a player or a text: nothing in it counts
	others int  // lines that can belong to another piece
	line   int  // the last of these
	away   bool // a link in it leads to another piece
}

// isHeaderBox reports whether a box of the header has nothing besides line k that can belong to another piece: no heading, form or
// player, and no other lines but names that are marked as the author's, credits of pictures below these, times, the standfirst, and links
// to sections. Negative: no line.
func (d *document) isHeaderBox(box int32, k int) bool {
	b := d.inBox(box)
	return !b.closed && (b.others == 0 || b.others == 1 && b.line == k)
}

// inBox returns what is in a box.
func (d *document) inBox(box int32) boxed {
	b, known := d.boxes[box]
	if !known {
		b = d.look(box)
		b.away = d.leadsAway(box)
		d.boxes[box] = b
	}
	return b
}

// look looks at what is in a box.
func (d *document) look(box int32) (b boxed) {
	for i := box; i < d.nodes[box].end; i++ {
		switch d.nodes[i].tag {
		case atom.Form, atom.Input, atom.Select, atom.Textarea, atom.Audio:
			b.closed = true
			return b
		}
	}
	signed := false // by the author: the credit of a picture below is of the article's
	for j := d.lineFrom(box); j < len(d.lines) && d.lines[j].at < d.nodes[box].end; j++ {
		l := &d.lines[j]
		switch {
		case l.byline && !l.away():
			signed = true
		case d.isStandfirst(j), signed && isPhotoCredit(l.text) && l.to == 0 && l.size <= 120:
		case d.isHeading(j), l.isProse(), l.away():
			b.closed = true
			return b
		case l.isLinks() && strings.Count(l.text, " ") < 2, isTime(l.text), d.isInTime(l.at), l.field && !isPhotoCredit(l.text):
		default:
			b.others, b.line = b.others+1, j
		}
	}
	return b
}

// isInTime reports whether a text is in a time element.
func (d *document) isInTime(at int32) bool {
	for i := d.nodes[at].parent; i > 0 && d.nodes[i].trait&block == 0; i = d.nodes[i].parent {
		if d.nodes[i].tag == atom.Time {
			return true
		}
	}
	return false
}

// isSentence reports whether a line ends as a sentence and has more words than a name with its label.
func isSentence(s string) bool {
	return strings.HasSuffix(s, ".") && strings.Count(s, " ") > 4 || strings.HasSuffix(s, "!") || strings.HasSuffix(s, "?")
}

// isTime reports whether a line has the figures of a date or a time and few words.
func isTime(s string) bool {
	digits := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	return digits > 3 && len(s) <= 100
}

// isSummary reports whether a line is the summary of the article that the head has.
func (d *document) isSummary(k int) bool {
	l := &d.lines[k]
	return l.size > 20 && strings.HasPrefix(d.head.description, text.Fold(l.text[:cutAt(l.text, 80)]))
}

// isStandfirst reports whether a line is the article's summary: the head has it, it is at the heading, in one element with it or in a
// heading right below, or it is in an element of such a name.
func (d *document) isStandfirst(k int) bool {
	l := &d.lines[k]
	if d.isSummary(k) {
		return true
	}
	if d.heading > 0 && d.proseLine < len(d.lines) {
		for i := d.nodes[l.at].parent; i > 0 && !d.inside(d.lines[d.proseLine].at, i); i = d.nodes[i].parent {
			if d.inside(d.heading, i) {
				return true
			}
		}
	}
	if d.isHeading(k) && k > 0 && !d.isBelowPicture(k) && d.heading > 0 && d.inside(d.lines[k-1].at, d.heading) {
		return true
	}
	for i := d.nodes[l.at].parent; i > 0 && d.isAlone(k, k+1, i); i = d.nodes[i].parent {
		if a := d.nodes[i].a; a != nil && a.words.has(standfirstWord) {
			return true
		}
	}
	return false
}

// cutAt returns where a text of at most n bytes ends that cuts no rune.
func cutAt(s string, n int) int {
	if len(s) <= n {
		return len(s)
	}
	for n > 0 && s[n]&0xc0 == 0x80 {
		n--
	}
	return n
}
