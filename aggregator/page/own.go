package page

import (
	"cmp"
	"slices"

	"golang.org/x/net/html/atom"
)

// The article's own lines and pictures. Author boxes, embedded posts, quoted reports, comments and teasers stand inside the element of
// an article in many houses, under names in any language; what tells them is where they stand. The paragraphs of an article are children
// of one element. Behind the first of them, what is no child of that element is not the article's, unless it is a picture that stands
// alone in elements of its own.

// container returns the element that a line is a paragraph of: the parent of its paragraph, or the element that holds it with other
// lines between line breaks.
func (d *document) container(k int) int32 {
	i := d.nodes[d.lines[k].at].parent
	for i > 0 && d.nodes[i].trait&block == 0 {
		i = d.nodes[i].parent
	}
	n := &d.nodes[i]
	if n.tag != atom.P && k > 0 && d.inside(d.lines[k-1].at, i) || n.tag != atom.P && k+1 < len(d.lines) && d.inside(d.lines[k+1].at, i) {
		return i
	}
	return n.parent
}

// findProse finds the element whose paragraphs are the article's, the one with most prose of the part that was found, and the first
// line of prose in it.
func (d *document) findProse() {
	sizes := map[int32]int{}
	d.prosePart, d.proseLine = -1, len(d.lines)
	for k := range d.lines {
		if l := &d.lines[k]; d.found.has(l.at) && l.isProse() {
			at := d.container(k)
			if sizes[at] += l.size; d.prosePart < 0 || sizes[at] > sizes[d.prosePart] {
				d.prosePart = at
			}
		}
	}
	for k := range d.lines {
		if d.found.has(d.lines[k].at) && d.lines[k].isProse() && d.container(k) == d.prosePart {
			d.proseLine = k
			return
		}
	}
}

// isOwn reports whether a line is the article's.
func (d *document) isOwn(k int) bool { return k <= d.proseLine || d.container(k) == d.prosePart }

// isOwnName reports whether an element that is marked as the author's is of the article's author rather than of one who comments.
func (d *document) isOwnName(at int32) bool {
	k := d.lineFrom(at)
	return k < len(d.lines) && d.isOwn(k)
}

// isOwnFigure reports whether a picture is the article's: it stands before the first paragraph, or among the paragraphs, alone in the
// elements round it.
func (d *document) isOwnFigure(at int32) bool {
	if d.proseLine == len(d.lines) || at < d.lines[d.proseLine].at {
		return true
	}
	for i := d.nodes[at].parent; i > 0 && i != d.prosePart && d.inside(i, d.prosePart); i = d.nodes[i].parent {
		if d.lineFrom(i) != d.lineFrom(d.nodes[i].end) {
			return false // words beside the picture, such as a teaser's
		}
	}
	return d.inside(at, d.prosePart)
}

// lineFrom returns the index of the first line at a node or behind it.
func (d *document) lineFrom(i int32) int {
	k, _ := slices.BinarySearchFunc(d.lines, i, func(l line, i int32) int { return cmp.Compare(l.at, i) })
	return k
}
