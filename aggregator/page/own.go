package page

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"golang.org/x/net/html/atom"
)

// The article's own lines. Author boxes, newsletters, players, embedded posts, quoted reports, comments and teasers are inside the
// element of an article in many houses, under names in any language; what shows them is where they are. The paragraphs of an article
// are of one kind: children of one element, or each alone in elements of one shape that are children of one element. What is of another
// kind is not running text. What is between the heading and the running text is in header.go.

// kind is where a line is: the element round it and its like, and the elements between that one and the text.
type kind struct {
	root  int32
	shape string // names and classes, "p" for a paragraph of any class, "" for text that is a child of root
}

// kindOf returns the kind of a line. Elements that hold this line alone, without a picture or furniture, are the line's own.
func (d *document) kindOf(k int) kind {
	i := d.blockOf(k)
	if k > 0 && d.blockOf(k-1) == i {
		return d.kinds[k-1]
	}
	shape, from, to := "", k, k+1
	if n := &d.nodes[i]; n.tag == atom.P { // its lines are one paragraph
		from, to = d.lineFrom(i), d.lineFrom(n.end)
	}
	for i > 0 && d.isAlone(from, to, i) {
		if n := &d.nodes[i]; n.tag == atom.P && shape == "" {
			shape = "p"
		} else {
			shape = d.shapeOf(i) + " " + shape
		}
		i = d.nodes[i].parent
	}
	return kind{i, strings.TrimSpace(shape)}
}

// blockOf returns the element that a line is a child of, not looking at those in the line.
func (d *document) blockOf(k int) int32 {
	i := d.nodes[d.lines[k].at].parent
	for i > 0 && d.nodes[i].trait&block == 0 {
		i = d.nodes[i].parent
	}
	return i
}

// shapeOf returns the name and the class of an element, without the figures by which houses number them.
func (d *document) shapeOf(i int32) string {
	n := &d.nodes[i]
	if n.a == nil || n.a.class == "" {
		return n.tag.String()
	}
	return n.tag.String() + "." + strings.TrimRight(n.a.class, "0123456789-_ ")
}

// isAlone reports whether an element holds no more than the lines from one up to another.
func (d *document) isAlone(from, to int, i int32) bool {
	if from > 0 && d.inside(d.lines[from-1].at, i) || to < len(d.lines) && d.inside(d.lines[to].at, i) {
		return false
	}
	switch d.nodes[i].tag {
	case atom.Body, atom.Main, atom.Html, 0:
		return false
	}
	for j := i; j < d.nodes[i].end; j++ {
		n := &d.nodes[j]
		switch {
		case n.tag == atom.Img && d.nodes[i].tag != atom.P, n.tag == atom.Form, n.tag == atom.Audio,
			n.out && n.tag != atom.Script && d.textOf(j) != "":
			return false
		}
	}
	return true
}

// group is the lines of one kind.
type group struct {
	kind
	prose int32 // bytes
	count int   // lines of prose
	first int   // the first of these
	part  bool  // of a text in several elements; see joinParts
}

// findProse finds the running text of the article: the kind of lines with most prose of the part that was found. Where the page may mean
// another kind, or several articles of one kind, there is none.
func (d *document) findProse() {
	d.kinds, d.boxes, d.picture = make([]kind, len(d.lines)), map[int32]boxed{}, d.firstPicture()
	headed := d.proseBefore(d.found.end)-d.proseBefore(d.heading) >= d.proseBefore(d.heading)-d.proseBefore(d.found.start)
	var all []*group // in the order of the page
	of := map[kind]*group{}
	for k := range d.lines { // what is above the heading is another piece's, unless the text is
		l := &d.lines[k]
		if !d.found.has(l.at) || d.heading > 0 && d.inside(l.at, d.heading) || headed && l.at < d.heading {
			d.kinds[k].root = -1
			continue
		}
		d.kinds[k] = d.kindOf(k)
		if !l.isProse() {
			continue
		}
		g := of[d.kinds[k]]
		if g == nil {
			g = &group{kind: d.kinds[k], first: k}
			of[g.kind] = g
			all = append(all, g)
		}
		g.prose, g.count = g.prose+l.size, g.count+1
	}
	all = d.joinParts(all)
	d.running, d.proseLine = kind{root: -1}, len(d.lines)
	if len(all) == 0 {
		return
	}
	best := slices.MaxFunc(all, func(a, b *group) int { return cmp.Compare(a.prose, b.prose) })
	if d.proseLine = best.first; d.isCertain(best, all) {
		d.running = best.kind
	} else {
		d.proseLine = all[0].first
		d.uncertain = d.elementOf(all[0], best)
	}
	d.endText()
	if d.running.root >= 0 && d.beginsWithAnother() {
		d.uncertain, d.running = max(d.running.root, 0), kind{root: -1}
		d.endText()
	}
	d.findFoot()
}

// beginsWithAnother reports whether the running text begins with another story: a byline is between its paragraphs, and a word of the
// title below it alone.
func (d *document) beginsWithAnother() bool {
	byline := 0
	for k := d.proseLine + 1; k < d.proseLast && byline == 0; k++ {
		if l := &d.lines[k]; l.byline || isNamed(l.text) && isAuthorLabel(strings.SplitN(l.text, " ", 2)[0]) {
			byline = k
		}
	}
	if byline == 0 || d.speaksOfTitle(d.proseLine, byline) {
		return false
	}
	return d.speaksOfTitle(byline, d.proseLast+1)
}

// speaksOfTitle reports whether one of the lines from one up to another has a word of the title.
func (d *document) speaksOfTitle(from, to int) bool {
	for k := from; k < to; k++ {
		if n, _, _ := d.shared(d.lines[k].text, 0, none); n > 0 && d.lines[k].isProse() {
			return true
		}
	}
	return false
}

// elementOf returns the largest element round the first text of a page that has neither the heading nor the text that is longest: what is
// in it is another piece's. Where the first text is the longest one it is the element round it.
func (d *document) elementOf(firstText, longest *group) int32 {
	if firstText == longest {
		return max(longest.root, 0)
	}
	i := d.blockOf(firstText.first)
	for p := d.nodes[i].parent; p > 0 && !d.inside(d.heading, p) && !d.inside(d.lines[longest.first].at, p); p = d.nodes[p].parent {
		i = p
	}
	return i
}

// joinParts joins the parts of a text that are in three or more elements of one name and class beside one another, with up to three
// paragraphs of prose in each and nothing else.
func (d *document) joinParts(all []*group) (out []*group) {
	parts := map[kind][]*group{}
	for _, g := range all {
		if n := &d.nodes[max(g.root, 0)]; g.shape == "p" && g.count <= 3 && g.count == d.lineFrom(n.end)-d.lineFrom(g.root) {
			key := kind{n.parent, d.shapeOf(g.root)}
			parts[key], g.part = append(parts[key], g), true
		}
	}
	for _, g := range all {
		same := parts[kind{d.nodes[max(g.root, 0)].parent, d.shapeOf(max(g.root, 0))}]
		if len(same) < 3 || !g.part {
			out = append(out, g)
			continue
		}
		if g != same[0] {
			same[0].prose, same[0].count = same[0].prose+g.prose, same[0].count+g.count
			continue
		}
		out = append(out, g)
	}
	return out
}

// isCertain reports whether the lines of best are the article's running text: no other text precedes them that may be it, and they
// are not one entry among several.
func (d *document) isCertain(best *group, all []*group) bool {
	if d.isEntry(best, all) {
		return false
	}
	if a := d.nodes[max(best.root, 0)].a; a != nil && strings.EqualFold(a.itemprop, "articleBody") {
		return true
	}
	for _, g := range all {
		before := g != best && g.first < best.first && (g.count > 1 || !d.isStandfirst(g.first))
		if before && (8*g.prose > best.prose || best.shape != "p" && best.shape != "") {
			return false // of lines each in elements of its own those may be the first lines of other articles
		}
	}
	return true
}

// isHeading reports whether a line is a heading.
func (d *document) isHeading(k int) bool {
	for i := d.nodes[d.lines[k].at].parent; i > 0; i = d.nodes[i].parent {
		switch n := &d.nodes[i]; {
		case n.tag == atom.H1, n.tag == atom.H2, n.tag == atom.H3, n.tag == atom.H4, n.tag == atom.H5, n.tag == atom.H6:
			return true
		case n.trait&block != 0:
			return false
		}
	}
	return false
}

// hasHeading reports whether a part of the page has a heading.
func (d *document) hasHeading(i int32) bool {
	for j := i; j < d.nodes[i].end; j++ {
		switch d.nodes[j].tag {
		case atom.H2, atom.H3, atom.H4:
			return true
		}
	}
	return false
}

// isEntry reports whether a text is one of several under headings or times of their own, as in a live blog: of two in elements of one
// shape, or of three, of which the two others are, and it begins with a heading.
func (d *document) isEntry(best *group, all []*group) bool {
	if best.root <= 0 || !d.isHeadedGroup(best) {
		return false
	}
	others := map[string]int{}
	for _, g := range all {
		if g.root != best.root && g.root > 0 && d.nodes[g.root].parent == d.nodes[best.root].parent && d.isHeadedGroup(g) {
			others[d.shapeOf(g.root)]++
		}
	}
	if others[d.shapeOf(best.root)] > 0 {
		return true
	}
	for _, n := range others {
		if n > 1 && d.isHeading(d.lineFrom(best.root)) && !d.inside(d.heading, best.root) {
			return true
		}
	}
	return false
}

// isHeadedGroup reports whether the element round a text has other lines than its prose.
func (d *document) isHeadedGroup(g *group) bool {
	return d.lineFrom(d.nodes[g.root].end)-d.lineFrom(g.root) > g.count
}

// endText ends the running text before a line that says that other texts follow, before a link to one or a heading behind the last
// paragraph, and behind a rule with no more than two lines below it: what is said of the author, the rights or the house.
func (d *document) endText() {
	d.textEnd, d.proseLast = len(d.lines), d.proseLine
	for k := d.proseLine + 1; k < len(d.lines); k++ {
		if d.found.has(d.lines[k].at) && isEndLabel(d.lines[k].text) {
			d.textEnd = k
			break
		}
		if d.kinds[k] == d.running && d.lines[k].isProse() {
			d.proseLast = k
		}
	}
	if d.running.root < 0 {
		return
	}
	for k := d.proseLast + 1; k < d.textEnd; k++ {
		if d.lines[k].away() || d.isHeading(k) {
			d.textEnd = k
		}
	}
	last := d.lineFrom(d.nodes[d.running.root].end)
	for i := d.running.root + 1; i < d.nodes[d.running.root].end; i = d.nodes[i].end {
		if d.nodes[i].tag != atom.Hr {
			continue
		}
		if k := d.lineFrom(i); k > d.proseLine && last-k <= 2 {
			d.textEnd = min(d.textEnd, k)
			return
		}
	}
}

// isRunning reports whether a line is of the article's running text. Between its paragraphs a line that is no prose is another piece's, or
// says nothing of its makers, but for the credit of the picture above it.
func (d *document) isRunning(k int) bool {
	if d.running.root < 0 || k >= d.textEnd || !d.inText(k) {
		return false
	}
	l := &d.lines[k]
	switch {
	case k <= d.proseLine:
		return k == d.proseLine || !d.isNoticed(k)
	case k > d.proseLast && k < d.footEnd, l.isProse():
		return true
	}
	return d.isCaption(k) && (k < d.proseLast || l.isOfPicture())
}

// isBelowPicture reports whether a picture is right above a line.
func (d *document) isBelowPicture(k int) bool { return d.pictureAbove(k) > 0 }

// pictureAbove returns the picture right above a line; 0: there is none.
func (d *document) pictureAbove(k int) int32 {
	for i := d.lines[k].at - 1; i > d.lines[k-1].at; i-- {
		if d.nodes[i].tag == atom.Img {
			return i
		}
	}
	return 0
}

// isCaption reports whether a line of the running text is what is said of a picture of the article: it is right below one, a paragraph
// in the element of the picture.
func (d *document) isCaption(k int) bool {
	l := &d.lines[k]
	if k == 0 || !d.isBelowPicture(k) || l.isProse() && !d.hasImage(d.blockOf(k)) {
		return false
	}
	if d.isCaptioned(d.pictureAbove(k)) && !isPhotoCredit(l.text) {
		return false
	}
	return d.isOwnCaption(l.text, k)
}

// isOwn reports whether a line is the article's.
func (d *document) isOwn(k int) bool {
	return d.isRunning(k) || k < d.proseLine && d.isHeader(k) || d.isSource(k)
}

// isSource reports whether a line names the source of the text that ends before it, in an element that says so.
func (d *document) isSource(k int) bool {
	return k > 0 && k < d.textEnd && d.isRunning(k-1) && d.isNamedSource(k)
}

// isNamedSource reports whether a line beside the running text is in an element that says that it is a source.
func (d *document) isNamedSource(k int) bool {
	if d.kinds[k].root != d.running.root {
		return false
	}
	n := &d.nodes[d.nodes[d.lines[k].at].parent]
	return n.a != nil && n.a.words.has(sourceWord) && d.lines[k].size < 120
}

// isOwnName reports whether an element that is marked as the author's is of the article's author rather than of one who comments.
func (d *document) isOwnName(at int32) bool {
	k := d.lineFrom(at)
	if k == len(d.lines) || !d.inside(d.lines[k].at, at) {
		k-- // it is in a line that begins before it
	}
	return k >= 0 && d.kinds[k].root >= 0 && d.isNameLine(k, at) && d.isOwn(k)
}

// isOwnFigure reports whether a picture is the article's: it is in the header, or among the paragraphs, alone in the elements round
// it, and not with a link to another article.
func (d *document) isOwnFigure(at int32) bool {
	if d.proseLine == len(d.lines) || at < d.lines[d.proseLine].at {
		box := d.box(at)
		if k := d.lineFrom(box); d.nodes[at].tag == atom.Img && k < len(d.lines) && d.inside(d.lines[k].at, box) {
			return false // the portrait of the author, or an emblem
		}
		return d.isHeaderBox(box, -1) && !d.inBox(box).away
	}
	root := d.running.root
	if root < 0 || !d.inside(at, root) || d.lineFrom(at) > d.textEnd {
		return false
	}
	box := at
	for i := d.nodes[at].parent; i != root; i = d.nodes[i].parent {
		if d.lineFrom(i) != d.lineFrom(d.nodes[i].end) {
			return false // words beside the picture, such as a teaser's
		}
		box = i
	}
	return !d.inBox(box).away
}

// lineFrom returns the index of the first line at a node or behind it.
func (d *document) lineFrom(i int32) int {
	return sort.Search(len(d.lines), func(k int) bool { return d.lines[k].at >= i })
}
