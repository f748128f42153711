package page

import (
	"slices"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/atom"
)

// The foot of an article: the lines of the running text's kind below its last paragraph of prose. Houses put bylines and signatures
// there, and teasers of other stories in paragraphs of the same kind: a lead-in ("Comment of the week") or a link, and the name of who
// wrote that story below it. A line of the foot counts only right below a sentence of the text or a signature.

// findFoot finds the line with which the foot has ended: what is there and below is another piece's.
func (d *document) findFoot() {
	d.footEnd = min(d.proseLast+1, d.textEnd)
	isOthers := func(k int) bool { return isTeaser(d.lines[k].text) || d.isBio(d.lines[k].text, k) }
	if d.running.root < 0 || d.proseLast < len(d.lines) && isOthers(d.proseLast) {
		return
	}
	for d.footEnd < d.textEnd && d.isFoot(d.footEnd) {
		k := d.footEnd
		l := &d.lines[k]
		if l.isSentence() && isOthers(k) || isPhotoCredit(l.text) && !isNamed(d.lines[k-1].text) && d.picture == 0 {
			return
		}
		d.footEnd++
		if l.isSentence() && !d.speaksOf(l.text, k, k) {
			return
		}
		if countWords(l.text) == 0 && k+1 < d.textEnd && d.lines[k+1].isSentence() {
			continue // a rule in signs
		}
		pictured := k+1 < d.textEnd && isNamed(l.text) && isPhotoCredit(d.lines[k+1].text)
		if !l.isSentence() && !l.isSignature() && !pictured {
			break
		}
	}
	for k := d.footEnd; k < d.textEnd && d.footEnd > d.proseLast+1; k++ {
		if d.inText(k) && d.lines[k].isSentence() && !d.lines[d.footEnd-1].isSentence() {
			d.footEnd-- // a byline with a text of its own
			return
		}
	}
}

// isFoot reports whether a line goes on from the one above it: nothing that leads to another story is between, and it is no link.
func (d *document) isFoot(k int) bool {
	l := &d.lines[k]
	if !d.inText(k) && !d.isNamedSource(k) || !l.byline && 2*l.linked > l.size {
		return false
	}
	for i := d.lines[k-1].at + 1; i < l.at; i++ {
		n := &d.nodes[i]
		if n.tag == atom.Img && (n.to >= away || !l.isOfPicture()) || n.out && d.leadsOn(i) || isChart(n) && IsOrigin(l.text) {
			return false
		}
		if n.out {
			i = n.end - 1
		}
	}
	return true
}

// isChart reports whether an element can be a chart, whose source the line below it names.
func isChart(n *node) bool {
	switch n.tag {
	case atom.Svg, atom.Canvas, atom.Iframe, atom.Object, atom.Table:
		return true
	}
	return false
}

// leadsOn reports whether a part of the page that is no part of the article has a link to a story.
func (d *document) leadsOn(i int32) bool {
	for j := i; j < d.nodes[i].end; j++ {
		if n := &d.nodes[j]; n.tag == atom.A && (n.to == story || n.to >= away && strings.Count(d.textOf(j), " ") > 1) {
			return true
		}
	}
	return false
}

// inText reports whether a line is of the kind of the running text.
func (d *document) inText(k int) bool {
	own, r := d.kinds[k], d.running
	return own.root == r.root && (own.shape == r.shape || own.shape == "p" || own.shape == "") && !d.isHeading(k)
}

// isSentence reports whether a line is a sentence rather than a lead-in: it ends as one, with more words than a title, and is no link.
func (l *line) isSentence() bool {
	s := strings.TrimRight(l.text, "\"'»”’)] ")
	last, _ := utf8.DecodeLastRuneInString(s)
	if 2*l.linked > l.size || !strings.ContainsRune(".…。!?", last) {
		return false
	}
	return last == '。' || strings.Count(s, " ") > 3 && (strings.ContainsRune(".…", last) || len(s) < len(l.text))
}

// isOfPicture reports whether a line is a sentence or has a word for a picture.
func (l *line) isOfPicture() bool {
	return l.isSentence() || slices.ContainsFunc(strings.Fields(l.text), func(w string) bool { return isPhotoCredit(strings.Trim(w, "(.,")) })
}

// isSignature reports whether a line is a signature in brackets or between strokes.
func (l *line) isSignature() bool {
	first, _ := utf8.DecodeRuneInString(l.text)
	last, _ := utf8.DecodeLastRuneInString(l.text)
	return l.size <= 60 && l.linked == 0 && (first == '(' && last == ')' || last == '/' || first == '（' && last == '）')
}

// isNamed reports whether a line is a word and names, as "Text: Ann Lee" is.
func isNamed(s string) bool {
	_, names, _ := strings.Cut(s, " ")
	return AreNames(names)
}

const maxByline = 300 // bytes of a line of names

// isNameLine reports whether the line in which a name is marked is nothing but a byline. In the header a post or a time may follow
// the names; a label of more than a word is read in the text.
func (d *document) isNameLine(k int, at int32) bool {
	if d.nodes[at].trait&block != 0 {
		return true
	}
	l := &d.lines[k]
	if l.size > maxByline {
		return false
	}
	rest, before := l.text, len(l.text)
	from := sort.Search(len(d.names), func(i int) bool { return k == 0 || d.names[i].at > d.lines[k-1].at })
	for _, b := range d.names[from:] {
		if k+1 < len(d.lines) && b.at > d.lines[k+1].at {
			break
		}
		if i := strings.Index(l.text, b.text); i >= 0 {
			before, rest = min(before, i), strings.Replace(rest, b.text, " ", 1)
		}
	}
	label := strings.TrimSpace(l.text[:before])
	if n := countWords(label); n > 3 || n > 1 && strings.HasSuffix(label, ":") {
		return false
	}
	if k < d.proseLine {
		return !isSentence(l.text)
	}
	return countWords(rest) <= 3 && !strings.Contains(rest, ":")
}

// countWords counts the words of a text, without signs.
func countWords(s string) (n int) {
	for w := range strings.FieldsSeq(s) {
		if strings.ContainsFunc(w, unicode.IsLetter) {
			n++
		}
	}
	return n
}
