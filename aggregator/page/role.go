package page

import (
	"strings"

	"golang.org/x/net/html/atom"

	"dateline/aggregator/text"
)

// What the words before a name that is marked as the author's say of it: pages mark who edited, checked or translated the text as well.

// visibleAuthors adds the names that the article itself marks as its authors', but for those behind a label of another role.
func (d *document) visibleAuthors(a *Article) {
	isOther, job, signed, before := false, "", int32(0), len(a.Authors)
	for i, b := range d.names {
		if i+1 < len(d.names) && d.inside(d.names[i+1].at, b.at) {
			continue // a list of them
		}
		label, goesOn := d.labelOf(i)
		if label = strings.TrimSpace(strings.TrimPrefix(label, job)); !goesOn {
			isOther = namesOtherRole(label) || label == "" && d.isOtherAbove(i)
		}
		name := nameOf(b.text)
		if job = ""; name == "" {
			continue
		}
		if job = d.postOf(i); label != "" && !isListSign(job) {
			job = "" // the label of the next name
		}
		if isOtherPost(job) || isEditorOnly(job) && len(a.Authors) > before {
			d.setNotBy(name)
		}
		if bare, post, ok := cutLast(name); ok && isOtherPost(post) { // the post is in a block of its own
			d.setNotBy(bare)
			d.setNotBy(name)
		}
		if label == "" && !isSigned(name) && d.isElsewhere(b.at, signed) {
			continue
		}
		if signed == 0 && (isSigned(name) || isAuthorLabel(label)) && d.found.has(b.at) && d.isOwnName(b.at) {
			signed = d.ownBlock(b.at)
		}
		if !isOther && !HasRoleWord(name) && !d.notBy[text.Fold(name)] && d.found.has(b.at) && d.isOwnName(b.at) {
			a.addAuthor(Author{Name: name, Kind: Visible})
		}
	}
}

// cutLast cuts the last word off a name.
func cutLast(name string) (before, last string, ok bool) {
	i := strings.LastIndexByte(name, ' ')
	if i < 0 {
		return name, "", false
	}
	return name[:i], name[i+1:], true
}

// isElsewhere reports whether a name is in a block of another name and class than the one in which the author signs; 0: there is none.
func (d *document) isElsewhere(at, signed int32) bool {
	around := d.ownBlock(at)
	return signed > 0 && around != signed && d.shapeOf(around) != d.shapeOf(signed)
}

// isListSign reports whether a text begins with a sign that joins it to what is before it.
func isListSign(s string) bool { return strings.IndexAny(s, ",(|–—-/") == 0 }

const (
	maxJobNodes = 12 // between a name and what its bearer does
	maxJob      = 60 // bytes
)

// jobBehind returns the text right behind a name that is marked as the author's, in the element round it or the one round that: a post, a
// place or the next name, and where it is.
func (d *document) jobBehind(i int) (job string, found int32) {
	at := d.names[i].at
	around := d.nodes[d.nodes[at].parent].parent
	if len(d.textOf(around)) > maxFields {
		around = d.nodes[at].parent
	}
	from := d.nodes[at].end
	for j := from; j < d.nodes[max(around, 0)].end && j < from+maxJobNodes; j++ {
		if !d.nodes[j].isText {
			continue
		}
		s := text.Line(d.nodes[j].text)
		if len(s) > maxJob {
			break
		}
		if s != "" { // else it is white space, or marks that are not seen
			return s, j
		}
	}
	return "", 0
}

// isOtherAbove reports whether the text in the block before a name is a label by which the bearer did another thing than writing: it is
// short and ends in a colon or a preposition, or is the word of a role.
func (d *document) isOtherAbove(i int) bool {
	at := d.names[i].at
	if isSigned(d.names[i].text) {
		return false
	}
	for j := at - 1; j > max(at-maxJobNodes, 0); j-- {
		n := &d.nodes[j]
		if !n.isText || n.out || text.Line(n.text) == "" {
			continue
		}
		around := d.blockAround(j)
		if around == d.blockAround(at) || d.heading > 0 && d.inside(j, d.heading) || d.isOfNameBefore(i, j) {
			return false
		}
		s := n.text
		if !d.inside(at, around) {
			s = d.textOf(around)
		}
		s = strings.TrimSpace(text.Line(s))
		bare := strings.TrimRight(s, " :")
		words := text.Words(text.Fold(bare))
		isLabel := bare != s || len(words) > 0 && byWords[words[len(words)-1]] || IsOtherRole(bare) || isOtherPost(bare)
		return len(s) <= maxJob && isLabel && namesOtherRole(bare)
	}
	return false
}

// isOfNameBefore reports whether a text before a name is the one before that, or in an element with it alone, as a post is.
func (d *document) isOfNameBefore(i int, j int32) bool {
	if i == 0 || d.inside(d.names[i].at, d.names[i-1].at) {
		return false
	}
	before := d.names[i-1].at
	return d.inside(j, before) || !d.inside(d.names[i].at, d.roundBoth(before, j))
}

// postOf returns the text right behind a name, unless it is the label of the next one.
func (d *document) postOf(i int) string {
	job, at := d.jobBehind(i)
	if d.isLabelOfNext(i, at, job) {
		return ""
	}
	return job
}

// isLabelOfNext reports whether the text behind a name says what the bearer of the next one did: it is in an element or a line with the
// next name alone, or with both, and no text follows the next name as a post follows one.
func (d *document) isLabelOfNext(i int, at int32, job string) bool {
	n := i + 1
	for n < len(d.names) && d.inside(d.names[n].at, d.names[i].at) {
		n++
	}
	if n == len(d.names) || at == 0 || at >= d.names[n].at {
		return false
	}
	name, next := d.names[i].at, d.names[n].at
	switch {
	case !d.inside(next, d.roundBoth(name, at)):
		return false
	case !d.inside(name, d.roundBoth(next, at)):
		return true
	}
	if above, below := d.hasBreak(d.nodes[name].end, at), d.hasBreak(at, next); above != below {
		return above
	}
	_, last, ok := cutLast(text.Fold(job))
	if !ok {
		last = text.Fold(job)
	}
	if isListSign(job) && last != "" && (strings.ContainsAny(last[len(last)-1:], ",)|/&") || joinsNames[last]) {
		return false
	}
	post, behind := d.jobBehind(n)
	return post == "" || n+1 < len(d.names) && behind >= d.names[n+1].at || isTime(post) || isListSign(post)
}

// roundBoth returns the smallest element round two nodes.
func (d *document) roundBoth(a, b int32) int32 {
	for a = d.nodes[a].parent; a > 0 && !d.inside(b, a); {
		a = d.nodes[a].parent
	}
	return a
}

// hasBreak reports whether a line break is between two nodes.
func (d *document) hasBreak(from, to int32) bool {
	for ; from < to; from++ {
		if d.nodes[from].tag == atom.Br {
			return true
		}
	}
	return false
}

// setNotBy says that a person did another thing than writing the article.
func (d *document) setNotBy(name string) {
	if d.notBy == nil {
		d.notBy = map[string]bool{}
	}
	if len(d.notBy) < maxMedia {
		d.notBy[text.Fold(name)] = true
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
	if i := strings.LastIndexAny(label, ";|•·(,/"); i >= 0 {
		label = label[i+1:]
	}
	return label[strings.LastIndex(label, ". ")+1:], false
}

// joinsNames are the words between two names of a list.
var joinsNames = map[string]bool{"and": true, "und": true, "et": true, "y": true, "e": true, "i": true, "и": true, "og": true, "och": true,
	"en": true, "a": true, "і": true, "та": true, "ja": true, "ve": true, "és": true, "și": true, "oraz": true}

// JoinsNames reports whether a text begins with a word or a sign between two names of a list, but for a comma.
func JoinsNames(s string) bool {
	first, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	return first == "&" || joinsNames[text.Fold(first)]
}

// blockAround returns the block that a node is in.
func (d *document) blockAround(i int32) int32 { return d.ownBlock(d.nodes[i].parent) }

// ownBlock returns a node that is a block, or else the block that it is in.
func (d *document) ownBlock(i int32) int32 {
	for i > 0 && d.nodes[i].trait&block == 0 {
		i = d.nodes[i].parent
	}
	return i
}

// namesOtherRole reports whether a label before a name that is marked as the author's says another thing than that it is the author's. What
// it may say is not bounded, while the words for an author are few: it is empty, or has only these and those of the house, as in "Text and
// photos by" and "From our correspondent". A date may precede it.
func namesOtherRole(label string) bool {
	words := text.Words(text.Fold(label))
	if len(words) > maxRole || IsOtherRole(label) {
		return true
	}
	for i := len(words) - 1; i >= 0; i-- {
		if strings.ContainsAny(words[i], "0123456789") {
			words = words[i+1:]
			break
		}
	}
	says := func(w string) bool { return authorLabels()[w] && !byWords[w] || writeWords()[w] || bioWords()[w] }
	author, picture := false, false
	for i, w := range words {
		author, picture = author || says(w) || i == 0 && byWords[w], picture || pictureWords()[w]
		if !says(w) && !byWords[w] && !pictureWords()[w] && !houseWords()[w] && !joinsNames[w] {
			return true
		}
	}
	return picture && !author
}

// HasRoleWord reports whether what is marked as a name begins or ends with the word of another role, as that of a box does which has the
// role and the name in elements of their own: "Utvikler Eirik Strand".
func HasRoleWord(name string) bool {
	words := text.Words(text.Fold(name))
	is := func(w string) bool { return roleWords()[w] || taskWords()[w] }
	return len(words) > 0 && (is(words[0]) || openingWords()[words[0]] || is(words[len(words)-1]))
}

const maxRole = 6 // words of a label that says what someone did
