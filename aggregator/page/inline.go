package page

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/atom"

	"dateline/aggregator/text"
)

// Elements in a line without a space between them. Houses part the fields of a byline or a caption by style alone: the name in one
// element, the post or the place in the next. In running text an element may end within a word, as round an initial. So a boundary of
// elements parts two texts where a word of small letters ends and one with a capital begins, and in a byline where a link ends too.

// areApart reports whether two texts on both sides of a boundary of elements are words of their own.
func areApart(before, after string) bool {
	last, _ := utf8.DecodeLastRuneInString(before)
	next, _ := utf8.DecodeRuneInString(after)
	return unicode.IsLower(last) && unicode.IsUpper(next)
}

// areFields reports whether two texts in a byline are fields of their own: between them a link begins or ends, or the second one begins
// with a capital or a figure. A single letter is the initial of a word.
func areFields(before, after *node) bool {
	last, size := utf8.DecodeLastRuneInString(before.text)
	next, _ := utf8.DecodeRuneInString(after.text)
	initial := strings.TrimSpace(before.text[:len(before.text)-size]) == ""
	if initial || !unicode.IsLetter(last) || !unicode.IsLetter(next) && !unicode.IsDigit(next) {
		return false
	}
	return before.to != after.to || unicode.IsUpper(next) || unicode.IsDigit(next)
}

// maxFields is how long a line of fields is, in bytes.
const maxFields = 160

// part ends the line before text i, or its last word, where the text before it in the line is another field.
func (d *document) part(i int32) {
	n, before := &d.nodes[i], &d.nodes[max(d.written, 0)]
	switch {
	case d.text.Len() == 0 || !before.isText:
		return
	case (d.authors > 0 || d.line.byline) && areFields(before, n), areApart(before.text, n.text) && d.isShort(i):
	case areApart(before.text, n.text):
		d.text.WriteByte(' ')
		return
	default:
		return
	}
	if d.text.Len() <= maxFields && isAuthorLabel(d.text.String()) {
		d.text.WriteByte(' ')
		return
	}
	d.flush()
	d.line.field = true
}

// isShort reports whether the block round a text has few words.
func (d *document) isShort(i int32) bool {
	for i = d.nodes[i].parent; i > 0 && d.nodes[i].trait&block == 0; {
		i = d.nodes[i].parent
	}
	size, end := 0, min(d.nodes[i].end, i+64)
	for j := i + 1; j < end && size <= maxFields; j++ {
		size += len(d.nodes[j].text)
	}
	return end == d.nodes[i].end && size <= maxFields
}

// isAuthorLabel reports whether a text is a label before the name of the author.
func isAuthorLabel(s string) bool {
	f := text.Fold(strings.Trim(s, " :"))
	return authorLabels()[f] || byWords[f]
}

// byWords are the prepositions before the name of an author.
var byWords = map[string]bool{"by": true, "von": true, "par": true, "por": true, "di": true, "door": true, "af": true, "av": true}

// addNames adds the names in an element that is marked as the author's: its text, or of several fields those that are links, else the
// first one that is a name.
func (d *document) addNames(i int32) {
	d.fields = d.fields[:0]
	before := int32(0)
	for j := i + 1; j < min(d.nodes[i].end, i+maxText); j++ {
		n := &d.nodes[j]
		switch {
		case n.trait&block != 0:
			before = 0
		case !n.isText:
		case before > 0 && !areFields(&d.nodes[before], n):
			last := &d.fields[len(d.fields)-1]
			last.text, before = last.text+n.text, j
		default:
			d.fields, before = append(d.fields, byline{n.text, j}), j
		}
	}
	if len(d.fields) < 2 || d.hasBlock(i) {
		d.names = append(d.names, byline{d.textOf(i), i})
		return
	}
	count := len(d.names)
	for _, linked := range []bool{true, false} {
		for _, f := range d.fields {
			if f.text = text.Line(f.text); AreNames(f.text) && (!linked || d.nodes[f.at].to != 0) && (linked || len(d.names) == count) {
				d.names = append(d.names, f)
			}
		}
		if len(d.names) > count {
			return
		}
	}
}

// hasBlock reports whether an element has lines of its own in it.
func (d *document) hasBlock(i int32) bool {
	for j := i + 1; j < d.nodes[i].end; j++ {
		if n := &d.nodes[j]; n.trait&block != 0 && n.tag != atom.Br {
			return true
		}
	}
	return false
}

// joinFields returns what parts two fields of a caption: names and those who supplied the picture are one credit; "\n" is a line.
func joinFields(before string) string {
	before = strings.TrimSpace(before)
	if i := strings.LastIndex(before, ". "); i >= 0 {
		before = before[i+2:]
	}
	switch {
	case isPhotoCredit(before) && !strings.Contains(strings.Trim(before, " :"), " "):
		return " "
	case isPhotoCredit(before), AreNames(before):
		return " / "
	}
	return "\n"
}
