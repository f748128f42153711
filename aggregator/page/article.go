package page

import (
	"slices"
	"strings"

	"golang.org/x/net/html/atom"

	"dateline/aggregator/text"
)

// findHeading finds the heading of the article: the one h1 outside furniture, or the h1 or h2 with the title of the head.
func (d *document) findHeading() {
	title := text.Fold(d.head.title)
	if d.linked != nil && title == "" {
		title = text.Fold(d.linked.title)
	}
	var only, named int32
	count, matches := 0, 0
	for i := int32(1); i < int32(len(d.nodes)); i++ {
		n := &d.nodes[i]
		if n.trait&hard != 0 || n.a != nil && n.a.hidden && n.tag != atom.Body {
			i = n.end - 1
			continue
		}
		if n.tag != atom.H1 && n.tag != atom.H2 {
			continue
		}
		s := text.Fold(d.textOf(i))
		if n.tag == atom.H1 {
			only, count = i, count+1
		}
		if s != "" && title != "" && (s == title || len(s) > 20 && strings.HasPrefix(title, s)) {
			named, matches = i, matches+1
		}
	}
	switch {
	case matches == 1:
		d.heading = named
	case matches == 0 && count == 1:
		d.heading = only
	}
}

func (d *document) headingText() string {
	if d.heading == 0 {
		return ""
	}
	return d.textOf(d.heading)
}

// maxText is how much of the text of a heading, a name or a caption is read, in bytes.
const maxText = 2000

// textOf returns the text of a node as one line, at most about maxText bytes of it.
func (d *document) textOf(i int32) string {
	var b strings.Builder
	before := ""
	for j := i; j < d.nodes[i].end && j < i+maxText && b.Len() < maxText; j++ {
		switch n := &d.nodes[j]; {
		case n.isText:
			if areApart(before, n.text) {
				b.WriteByte(' ')
			}
			b.WriteString(n.text)
			before = n.text
		case n.trait&block != 0:
			b.WriteByte(' ')
		}
	}
	return text.Line(b.String())
}

// inside reports whether node j is in the subtree of node i.
func (d *document) inside(j, i int32) bool { return i <= j && j < d.nodes[i].end }

// prose returns how many bytes of prose are in a node.
func (d *document) prose(i int32) int32 { return d.proseBefore(d.nodes[i].end) - d.proseBefore(i) }

// proseBefore returns how many bytes of prose are before a node.
func (d *document) proseBefore(i int32) int32 {
	k := d.lineFrom(i)
	if k == len(d.lines) {
		return d.total
	}
	return d.lines[k].before
}

// part is a stretch of a page.
type part struct{ start, end int32 }

func (p part) has(i int32) bool { return p.start <= i && i < p.end }

// findArticle finds the article. The errors are [ErrNone] and [ErrSeveral].
func (d *document) findArticle() error {
	body, err := d.body()
	if err != nil {
		return err
	}
	d.found = part{body, d.nodes[body].end}
	if d.heading == 0 || d.inside(d.heading, body) || d.heading > body {
		return nil
	}
	around := body
	for !d.inside(d.heading, around) {
		around = d.nodes[around].parent
	}
	d.found.start = d.heading
	if tag := d.nodes[around].tag; tag != atom.Body && tag != atom.Main && tag != atom.Html && tag != 0 && d.prose(around) == d.prose(body) {
		d.found.end = d.nodes[around].end
	}
	return nil
}

// body finds the element with the text of the article. The errors are those of findArticle.
func (d *document) body() (int32, error) {
	var bodies, articles []int32
	scope := int32(0)
	for i := int32(1); i < int32(len(d.nodes)); i++ {
		n := &d.nodes[i]
		switch {
		case n.isText:
		case n.out:
			i = n.end - 1
		case n.a != nil && strings.EqualFold(n.a.itemprop, "articleBody"):
			bodies = append(bodies, i)
			i = n.end - 1
		case n.tag == atom.Article && !d.listsArticles(i):
			articles = append(articles, i)
		case scope == 0 && (n.tag == atom.Main || n.a != nil && n.a.role == "main"):
			scope = i
		}
	}
	articles = outermost(d, articles)
	for _, all := range [][]int32{bodies, articles} {
		with := slices.DeleteFunc(slices.Clone(all), func(i int32) bool { return d.prose(i) == 0 })
		if len(with) > 0 {
			return d.best(with)
		}
		if len(all) == 1 && d.heading > 0 && d.inside(d.heading, all[0]) { // pictures with captions
			return all[0], nil
		}
	}
	if scope == 0 && !d.isHeaded() {
		return 0, ErrNone // the densest text may be any, such as a notice on cookies
	}
	return d.densest(scope)
}

// isHeaded reports whether the page has a heading of the first rank, or a line with the title of its head, which is then the heading.
func (d *document) isHeaded() bool {
	if d.heading > 0 || slices.ContainsFunc(d.nodes, func(n node) bool { return n.tag == atom.H1 && n.trait&hard == 0 }) {
		return true
	}
	title := text.Fold(d.head.title)
	for k := range d.lines {
		if s := text.Fold(d.lines[k].text); s != "" && (s == title || len(s) > 20 && strings.HasPrefix(title, s)) {
			d.heading = d.lines[k].at
			return true
		}
	}
	return false
}

// listsArticles reports whether a node is a list of articles rather than one: most of its prose is in two or more articles in it.
func (d *document) listsArticles(i int32) bool {
	count, within := 0, int32(0)
	for j := i + 1; j < d.nodes[i].end; j++ {
		if d.nodes[j].tag == atom.Article {
			if p := d.prose(j); p > 0 {
				count, within = count+1, within+p
			}
			j = d.nodes[j].end - 1
		}
	}
	return count > 1 && 2*within > d.prose(i)
}

// outermost returns the nodes that are in no other of the list, which is in document order.
func outermost(d *document, all []int32) (out []int32) {
	for _, i := range all {
		if len(out) == 0 || !d.inside(i, out[len(out)-1]) {
			out = append(out, i)
		}
	}
	return out
}

// best returns the one article among several elements: the only one, the one with the heading, or the one beside which the others are
// short.
func (d *document) best(all []int32) (int32, error) {
	if len(all) == 1 {
		return all[0], nil
	}
	for _, i := range all {
		if d.heading > 0 && d.inside(d.heading, i) {
			return i, nil
		}
	}
	slices.SortStableFunc(all, func(a, b int32) int { return int(d.prose(b) - d.prose(a)) })
	if d.prose(all[0]) >= 4*d.prose(all[1]) {
		return all[0], nil
	}
	return 0, ErrSeveral
}

// densest finds the deepest element of scope with nearly all of its prose.
func (d *document) densest(scope int32) (int32, error) {
	total := d.prose(scope)
	if total == 0 {
		return 0, ErrNone
	}
	at := scope
	for {
		next := int32(0)
		for j := at + 1; j < d.nodes[at].end; j = d.nodes[j].end {
			if !d.nodes[j].isText && 10*d.prose(j) >= 8*total {
				next = j
			}
		}
		if next == 0 || d.nodes[next].tag == atom.P {
			break
		}
		at = next
	}
	if d.isList(at) {
		return 0, ErrSeveral
	}
	return at, nil
}

// isList reports whether a node is a list of articles: headings in it that are links, or several headings of the same rank with no h1
// that is the page's.
func (d *document) isList(i int32) bool {
	links, firsts := 0, 0
	for j := i; j < d.nodes[i].end; j++ {
		n := &d.nodes[j]
		switch n.tag {
		case atom.H1, atom.H2, atom.H3, atom.H4:
			if n.tag == atom.H1 {
				firsts++
			}
			for k := j; k < n.end; k++ {
				if d.nodes[k].to != 0 {
					links++
					break
				}
			}
		case atom.Article:
			if d.prose(j) > 0 {
				links++
			}
		}
	}
	return links > 1 || firsts > 1 && d.heading == 0
}

const maxArticle = 256 << 10 // bytes of the text of an article that are read

// writeText writes the lines of the article, and where the running text begins and where its opening ends.
func (d *document) writeText(a *Article) {
	var b strings.Builder
	opened, foot := false, -1
	for k := range d.lines {
		l := &d.lines[k]
		if d.kinds[k].root < 0 || !d.isOwn(k) || l.isLinks() && (d.isRunning(k) || l.words > 4 || l.isLink()) {
			continue
		}
		if b.Len()+len(l.text) > maxArticle {
			break
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		if k > d.proseLast && foot < 0 {
			foot = b.Len()
		}
		if d.isCaption(k) {
			a.Captions = append(a.Captions, l.text)
		}
		if !d.isRunning(k) && !l.isProse() || a.Opening.End == 0 && (d.isNote(k) || d.isOfArchive(k)) {
			b.WriteString(l.text)
			continue
		}
		if a.Opening.End == 0 {
			a.Opening.Start = b.Len()
		}
		b.WriteString(l.text)
		if !opened {
			a.Opening.End = b.Len()
			opened = l.isProse() && !d.isStandfirst(k) && !d.isNote(k)
		}
	}
	a.Text, a.Foot = b.String(), foot
	a.Aside = foot >= 0 && !d.isReport(d.proseLast)
	if foot < 0 {
		a.Foot = len(a.Text)
	}
}

// isOfArchive reports whether a line is below a heading by which it is of another time.
func (d *document) isOfArchive(k int) bool {
	return k > 0 && d.isHeading(k-1) && !d.inside(d.lines[k-1].at, d.heading) && isArchiveLabel(d.lines[k-1].text)
}

// isArchiveLabel reports whether a line of few words says that what follows is of another time.
func isArchiveLabel(s string) bool {
	return len(s) <= maxJob && slices.ContainsFunc(text.Words(text.Fold(s)), func(w string) bool { return archiveWords()[w] })
}

// isNote reports whether a line is all in italics, as a note of the editors is.
func (d *document) isNote(k int) bool {
	i, italic := d.nodes[d.lines[k].at].parent, int32(0)
	for ; i > 0 && d.nodes[i].trait&block == 0; i = d.nodes[i].parent {
		if tag := d.nodes[i].tag; tag == atom.I || tag == atom.Em {
			italic = i
		}
	}
	return italic > 0 && d.nodes[italic].end == d.nodes[i].end
}
