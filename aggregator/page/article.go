package page

import (
	"slices"
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

// isLinks reports whether a line is one or more links and little else.
func (l *line) isLinks() bool { return !l.byline && 10*l.linked > 7*l.size }

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
	for j := i; j < d.nodes[i].end && j < i+maxText && b.Len() < maxText; j++ {
		switch n := &d.nodes[j]; {
		case n.isText:
			b.WriteString(n.text)
		case n.trait&block != 0:
			b.WriteByte(' ')
		}
	}
	return text.Line(b.String())
}

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
	isAuthor := n.a != nil && isByline(n)
	if isAuthor {
		d.names = append(d.names, byline{d.textOf(i), i})
	}
	for j := i + 1; j < n.end; j = d.nodes[j].end {
		d.walk(j)
		if isAuthor {
			d.line.byline = true
		}
	}
	if line {
		d.flush()
	}
}

// write adds a text to the line.
func (d *document) write(i int32, n *node) {
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

// flush ends the line.
func (d *document) flush() {
	if s := text.Line(strings.TrimSpace(d.text.String())); s != "" {
		d.line.text, d.line.size, d.line.before = s, int32(len(s)), d.total
		if d.line.isProse() {
			d.total += d.line.size
		}
		d.lines = append(d.lines, d.line)
	}
	d.line = line{}
	d.text.Reset()
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
		all = slices.DeleteFunc(all, func(i int32) bool { return d.prose(i) == 0 })
		if len(all) > 0 {
			return d.best(all)
		}
	}
	return d.densest(scope)
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

// writeText writes the lines of the article, and where the running text begins and where its opening ends.
func (d *document) writeText(a *Article) {
	var b strings.Builder
	opened := false
	for k := range d.lines {
		l := &d.lines[k]
		if d.kinds[k].root < 0 || !d.isOwn(k) || l.isLinks() {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		if !d.isRunning(k) {
			b.WriteString(l.text)
			continue
		}
		if a.Opening.End == 0 {
			a.Opening.Start = b.Len()
		}
		b.WriteString(l.text)
		if !opened {
			a.Opening.End = b.Len()
			opened = l.isProse() && !d.isStandfirst(k)
		}
	}
	a.Text = b.String()
}

// visibleAuthors adds the names that the article itself marks as its authors'.
func (d *document) visibleAuthors(a *Article) {
	for _, b := range d.names {
		if d.found.has(b.at) && d.isOwnName(b.at) && looksLikeName(b.text) {
			a.addAuthor(Author{Name: b.text, Kind: Visible})
		}
	}
}
