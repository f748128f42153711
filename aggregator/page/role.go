package page

import (
	"slices"
	"strings"

	"dateline/aggregator/text"
)

// What the words before a name that is marked as the author's say of it: pages mark who edited, checked or translated the text as well.

// visibleAuthors adds the names that the article itself marks as its authors', but for those behind a label of another role.
func (d *document) visibleAuthors(a *Article) {
	isOther := false
	for i, b := range d.names {
		if i+1 < len(d.names) && d.inside(d.names[i+1].at, b.at) {
			continue // a list of them
		}
		if label, goesOn := d.labelOf(i); !goesOn {
			isOther = namesOtherRole(label)
		}
		if name := nameOf(b.text); name != "" && !isOther && !hasRoleWord(name) && d.found.has(b.at) && d.isOwnName(b.at) {
			a.addAuthor(Author{Name: name, Kind: Visible})
		}
	}
}

// labelOf returns the words before a name in its block, behind another name, a sentence or a field. It reports whether the name goes on a
// list of those before it, with nothing but a comma or "and" between.
func (d *document) labelOf(i int) (label string, goesOn bool) {
	at := d.names[i].at
	around, from := d.blockAround(at), int32(0)
	for k := i - 1; k >= 0 && from == 0; k-- {
		if n := d.names[k].at; !d.inside(at, n) {
			from = d.nodes[n].end
		}
	}
	listed := from > around
	for j := max(from, around+1); j < at; j++ {
		if n := &d.nodes[j]; n.isText && d.blockAround(j) == around {
			label += n.text
		}
	}
	label = strings.TrimSpace(label)
	if listed && (label == "" || label == "," || label == "&" || joinsNames[text.Fold(label)]) {
		return "", true
	}
	return label[strings.LastIndexAny(strings.TrimRight(label, "."), ".;|•·(,/")+1:], false
}

// joinsNames are the words between two names of a list.
var joinsNames = map[string]bool{"and": true, "und": true, "et": true, "y": true, "e": true, "i": true, "и": true, "og": true, "och": true,
	"en": true, "a": true, "і": true, "та": true}

// blockAround returns the block that a node is in.
func (d *document) blockAround(i int32) int32 {
	for i = d.nodes[i].parent; i > 0 && d.nodes[i].trait&block == 0; {
		i = d.nodes[i].parent
	}
	return i
}

// namesOtherRole reports whether a label before a name that is marked as the author's says that it is that of another: a label that begins
// as one of an author, as in "By the editor", says the author.
func namesOtherRole(label string) bool {
	words := text.Words(text.Fold(label))
	if len(words) == 0 || len(words) > maxRole || byWords[words[0]] || authorLabels[words[0]] {
		return false
	}
	return IsOtherRole(label) || slices.Contains(words, "by") && pictureWords[words[0]]
}

// hasRoleWord reports whether what is marked as a name begins or ends with the word of another role, as that of a box does which has the
// role and the name in elements of their own: "Utvikler Eirik Strand".
func hasRoleWord(name string) bool {
	words := text.Words(text.Fold(name))
	is := func(w string) bool { return roleWords[w] || taskWords[w] }
	return len(words) > 0 && (is(words[0]) || is(words[len(words)-1]))
}

const maxRole = 6 // words of a label that says what someone did
