package page

import (
	"cmp"
	"regexp"
	"slices"
	"sort"
	"strings"

	"golang.org/x/net/html/atom"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// figure is a picture with what is said of it.
type figure struct {
	at      int32
	caption string
	credit  string // of an element or attribute of its own
	last    string // the last line, where the caption has several
	alt     string
}

// How long the text of a figure may be, in bytes, and of another element that calls itself a picture.
const (
	maxCaption = 8 << 10
	maxWords   = 1500
)

// isFigure reports whether an element is one picture with what is said of it.
func (d *document) isFigure(i int32) bool {
	n := &d.nodes[i]
	switch {
	case n.tag == atom.Img:
		return true
	case n.tag == atom.Figure:
	case n.trait&block == 0 || (n.a == nil || !n.a.words.has(figureWord)) && !d.hasCaption(i):
		return false
	}
	if n.end-i > maxText {
		return false
	}
	images, size, most := 0, 0, maxCaption
	if n.tag != atom.Figure {
		most = maxWords
	}
	for j := i + 1; j < n.end; j++ {
		switch m := &d.nodes[j]; {
		case m.tag == atom.Figure, m.tag == atom.H1, m.tag == atom.H2, m.tag == atom.Article:
			return false
		case m.tag == atom.Img:
			images++
		case m.isText:
			if size += len(m.text); size > most {
				return false
			}
		}
	}
	return images == 1 || n.tag == atom.Figure && images > 0
}

// hasCaption reports whether a child of an element says that it is a caption.
func (d *document) hasCaption(i int32) bool {
	n := &d.nodes[i]
	for j, left := i+1, 6; j < n.end && left > 0; j, left = d.nodes[j].end, left-1 {
		if a := d.nodes[j].a; a != nil && a.words.has(captionWord) {
			return true
		}
	}
	return false
}

// addFigure reads a figure. One inside a link that leads to another page is a teaser's.
func (d *document) addFigure(i int32) {
	n := &d.nodes[i]
	if n.to >= away {
		return
	}
	f := figure{at: i}
	if n.tag != atom.Img && d.hasOtherWords(i) {
		return
	}
	var rest []string
	var line, credit strings.Builder
	end := func() {
		if s := text.Line(line.String()); s != "" {
			rest = append(rest, s)
		}
		line.Reset()
	}
	for j := i; j < n.end; j++ {
		m := &d.nodes[j]
		switch {
		case m.isText:
			if s := line.String(); areApart(s, m.text) {
				if sep := joinFields(s); sep != "\n" {
					line.WriteString(sep)
				} else {
					end()
				}
			}
			line.WriteString(m.text)
		case m.tag == atom.Img:
			if m.a != nil {
				f.alt, f.credit, f.caption = first(f.alt, m.a.alt), first(f.credit, m.a.credit), first(f.caption, m.a.caption)
			}
		case m.trait&hard != 0:
			j = m.end - 1
		case j > i && isCredit(m):
			credit.WriteString(" " + d.textOf(j))
			j = m.end - 1
		case m.trait&block != 0:
			end()
		}
		for m.trait&block != 0 && j+1 < n.end && j+1 >= m.end {
			end()
			break
		}
	}
	end()
	f.credit = first(credit.String(), f.credit)
	if len(rest) > 1 && f.credit == "" && len(rest[len(rest)-1]) <= 120 {
		f.last, rest = rest[len(rest)-1], rest[:len(rest)-1]
	}
	f.caption = first(strings.Join(rest, " "), f.caption)
	if f.caption+f.credit+f.last+f.alt != "" {
		d.figures = append(d.figures, f)
	}
}

// hasOtherWords reports whether a box of a picture has words that are neither its caption nor its credit, such as a label or a title:
// some above the picture, or any beside an element that says it is the caption.
func (d *document) hasOtherWords(i int32) bool {
	seen, captioned, others, end := false, false, false, i // end: of the caption
	for j := i + 1; j < d.nodes[i].end; j++ {
		m := &d.nodes[j]
		switch {
		case m.tag == atom.Img:
			seen = true
		case m.isText && len(m.text) < maxWord && advertLabels()[text.Fold(strings.TrimSpace(m.text))]:
			return true
		case m.isText && j >= end && strings.TrimSpace(m.text) != "":
			if others = true; !seen {
				return true
			}
		case m.trait&hard != 0, isCredit(m) && (seen || m.a == nil || !m.a.words.has(bylineWord)):
			j = m.end - 1
		case (m.tag == atom.Figcaption || m.a != nil && m.a.words.has(captionWord)) && !d.hasImage(j):
			captioned, end = true, max(end, m.end)
		case seen && !m.isText && m.end-j < 20 && !d.hasImage(j) && isPhotoCredit(d.textOf(j)):
			j = m.end - 1
		}
	}
	return captioned && others
}

// isCredit reports whether an element in a figure is the credit of the picture.
func isCredit(n *node) bool {
	if n.tag == atom.Cite || n.tag == atom.Small {
		return true
	}
	if n.a == nil {
		return false
	}
	switch strings.ToLower(n.a.itemprop) {
	case "copyrightholder", "author", "credittext", "creator", "copyrightnotice", "accountableperson":
		return true
	}
	return n.a.words.has(creditWord)
}

// articleFigures returns the figures of the article: those in it, with the first one above it.
func (d *document) articleFigures(found bool) (out []figure) {
	for _, f := range d.figures {
		if found && d.found.has(f.at) && d.isOwnFigure(f.at) && d.speaksOfFigure(f) {
			out = append(out, f)
		}
	}
	return out
}

// speaksOfFigure reports whether what is said of a picture can be said of the article's: it has a word of the article, or there is nothing
// but a credit. That of the picture above the text that the head has need only be no notice.
func (d *document) speaksOfFigure(f figure) bool {
	caption := cmp.Or(f.caption, f.alt)
	switch {
	case d.proseLine == len(d.lines):
		return true
	case d.isPortrait(withoutCredit(caption)):
		return false
	case f.at > d.heading && d.inside(d.picture, f.at) && d.lineFrom(f.at) <= d.proseLine && d.isHeadPicture(d.picture):
		return !isNotice(caption)
	}
	return d.isOwnCaption(caption, none)
}

// leadPicture returns the one picture above the text of which nothing says that it is the article's; nil: there is none. It may be a
// sponsor's.
func (d *document) leadPicture() *news.Media {
	var lead *figure
	for i := range d.figures {
		f := &d.figures[i]
		if f.at <= d.heading || d.lineFrom(f.at) > d.proseLine {
			continue
		}
		if lead != nil {
			return nil
		}
		lead = f
	}
	if lead == nil || !d.found.has(lead.at) || !d.isOwnFigure(lead.at) || !d.inside(d.picture, lead.at) || d.speaksOfFigure(*lead) {
		return nil
	}
	if d.hasHeading(d.box(lead.at)) {
		return nil // of pictures of another event
	}
	if caption := cmp.Or(lead.caption, lead.alt); isNotice(caption) || d.isPortrait(withoutCredit(caption)) {
		return nil
	}
	m := lead.media()
	return &m
}

// isHeadPicture reports whether a picture is one that the head calls the page's.
func (d *document) isHeadPicture(i int32) bool {
	n := &d.nodes[i]
	if n.a == nil || n.a.own == nil {
		return false
	}
	name := pictureName(n.a.src)
	return name != "" && !isEmblem(name) && slices.Contains(d.head.pictures, name)
}

// pictureName returns the last name in the path of a picture's address, without its size and ending, which differ from place to place
// on one page: "a-800x600.jpg" is a.
func pictureName(address string) string {
	if i := strings.IndexAny(address, "?#"); i >= 0 {
		address = address[:i]
	}
	name := address[strings.LastIndexByte(address, '/')+1:]
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		name = name[:i]
	}
	return pictureSize.ReplaceAllString(name, "")
}

// pictureSize matches the size of a picture at the end of its name.
var pictureSize = regexp.MustCompile(`[-_]\d+x\d+$`)

// isPortrait reports whether a caption is the name of a person whom the article does not name, with the person's post or nothing: that
// of the author's portrait.
func (d *document) isPortrait(caption string) bool {
	n := d.namesOther(caption, none)
	return n > 0 && n == len(strings.Fields(caption)) || d.isBio(caption, none)
}

// isBio reports whether a text, which is line self or none, says what a person does for the house whom the article does not name.
func (d *document) isBio(s string, self int) bool {
	says := func(w string) bool { return postWords()[w] || bioWords()[w] }
	return d.namesOther(s, self) > 0 && slices.ContainsFunc(text.Words(text.Fold(s)), says)
}

// namesOther returns how many words the name has with which a text begins, of a person whom the article does not name; 0: there is none.
func (d *document) namesOther(s string, self int) int {
	words := strings.Fields(s)
	n := 0
	for n < len(words) && n < 4 && looksLikeName("Ann "+strings.TrimRight(words[n], ",.:")) {
		n++
		if strings.ContainsAny(words[n-1][len(words[n-1])-1:], ",.:") {
			break
		}
	}
	isPost := func(w string) bool { return postWords()[w] || bioWords()[w] }
	if n < 2 || slices.ContainsFunc(text.Words(text.Fold(strings.Join(words[:n], " "))), isPost) {
		return 0
	}
	if in, _, _ := d.shared(strings.Join(words[:n], " "), len(d.lines), self); in > 0 {
		return 0
	}
	return n
}

// isCaptioned reports whether a picture is in a figure with a caption or a credit.
func (d *document) isCaptioned(picture int32) bool {
	i := sort.Search(len(d.figures), func(i int) bool { return d.nodes[d.figures[i].at].end > picture })
	return i < len(d.figures) && d.figures[i].at <= picture && d.figures[i].caption+d.figures[i].credit+d.figures[i].last != ""
}

// firstPicture returns the first picture of the article; 0: there is none.
func (d *document) firstPicture() int32 {
	for i := d.found.start; i < d.found.end; i++ {
		switch n := &d.nodes[i]; {
		case n.out:
			i = n.end - 1
		case n.tag == atom.Img && n.to < away:
			return i
		}
	}
	return 0
}

// isOwnCaption reports whether a caption, which is line self of the text or none, has a word of the article, or is nothing but a credit. A
// notice of the house is none.
func (d *document) isOwnCaption(s string, self int) bool {
	s = withoutCredit(s)
	return strings.Trim(s, " .") == "" || !isNotice(s) && d.speaksOf(s, len(d.lines), self)
}

// media returns a figure as package attribute reads it.
func (f figure) media() news.Media {
	m := news.Media{Medium: "image", Description: cmp.Or(f.caption, f.alt), Title: f.alt, Copyright: labelled(f.credit)}
	if m.Copyright == "" {
		m.Copyright = f.last
	}
	if m.Copyright == "" {
		m.Credits = photographerOf(f.caption)
	}
	return m
}

// labelled returns a credit under a label that package attribute reads, unless it has a sign or a label.
func labelled(credit string) string {
	if credit == "" || strings.ContainsAny(credit, ":©") || isPhotoCredit(credit) {
		return credit
	}
	return "Photo: " + credit
}

// IsPicture reports whether a text begins with a word that precedes who made a picture, or with nothing.
func IsPicture(s string) bool {
	return strings.Trim(s, " ([©-–—") == "" || isPhotoCredit(strings.Trim(s, " (["))
}

// IsOtherRole reports whether a label says that who is named behind it neither wrote nor took a picture.
func IsOtherRole(label string) bool {
	return slices.ContainsFunc(text.Words(text.Fold(label)), func(w string) bool { return roleWords()[w] })
}

// IsOrigin reports whether a label says that the source of a text or of a picture follows.
func IsOrigin(label string) bool {
	return slices.ContainsFunc(text.Words(text.Fold(label)), func(w string) bool { return originWords()[w] })
}

// isPhotoCredit reports whether a credit says that it is of a picture.
func isPhotoCredit(credit string) bool {
	word, _, _ := strings.Cut(text.Fold(credit[:cutAt(credit, maxWord)]), " ")
	return pictureWords()[strings.Trim(word, ":.([/")]
}
