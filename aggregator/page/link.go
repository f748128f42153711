package page

import (
	"bytes"
	"strings"

	"golang.org/x/net/html/atom"
)

// target is where a link leads; zero: there is no link.
type target uint8

// The targets of links.
const (
	nowhere target = iota + 1 // no address, a place on the page, the page itself, a mail or a script
	image                     // a picture
	away                      // another site
	section                   // a page of the site that does not look like an article's: a section, a topic, an author
	story                     // a page of the site that looks like an article's
)

// target returns where an address leads. A page whose address has three figures, two hyphens or a name with an ending looks like an
// article's.
func (b *builder) target(ref []byte) target {
	ref = bytes.TrimSpace(ref)
	if len(ref) == 0 || ref[0] == '#' {
		return nowhere
	}
	path, outside, ok := b.pathOf(ref)
	if !ok {
		return nowhere
	}
	if bytes.IndexByte(ref, '.') >= 0 && isPicture(ref) {
		return image
	}
	if outside {
		return away
	}
	if bytes.Equal(bytes.TrimRight(path, "/"), []byte(strings.TrimRight(b.page.Path, "/"))) {
		return nowhere
	}
	digits := 0
	for _, c := range path {
		if '0' <= c && c <= '9' {
			digits++
		}
	}
	if digits > 2 || bytes.Count(path, []byte("-")) > 1 || bytes.Contains(path, []byte(".htm")) {
		return story
	}
	return section
}

// pathOf returns the path of an address, and whether it is one of another site; ok is false for one that is no page's.
func (b *builder) pathOf(ref []byte) (path []byte, outside, ok bool) {
	if i := bytes.IndexAny(ref, ":/?#"); i >= 0 && ref[i] == ':' {
		if !hasPrefixFold(ref, "http:") && !hasPrefixFold(ref, "https:") {
			return nil, false, false
		}
		ref = ref[i+1:]
	}
	if rest, is := bytes.CutPrefix(ref, []byte("//")); is {
		end := bytes.IndexAny(rest, "/?#")
		if end < 0 {
			end = len(rest)
		}
		outside = !strings.EqualFold(strings.TrimPrefix(string(rest[:end]), "www."), strings.TrimPrefix(b.page.Host, "www."))
		ref = rest[end:]
	}
	if i := bytes.IndexAny(ref, "?#"); i >= 0 {
		ref = ref[:i]
	}
	return ref, outside, true
}

func hasPrefixFold(b []byte, prefix string) bool {
	return len(b) >= len(prefix) && strings.EqualFold(string(b[:len(prefix)]), prefix)
}

// isPicture reports whether the path of an address ends as that of a picture, or an address in its query does.
func isPicture(ref []byte) bool {
	for part := range bytes.FieldsFuncSeq(ref, func(r rune) bool { return r == '?' || r == '&' || r == '#' }) {
		i := bytes.LastIndexByte(part, '.')
		if i < 0 {
			continue
		}
		switch strings.ToLower(string(part[i+1:])) {
		case "jpg", "jpeg", "png", "webp", "gif", "avif":
			return true
		}
	}
	return false
}

// leadsAway reports whether a link in an element leads to another piece: one round a picture, one without text to the site itself, and
// one whose text is longer than a name.
func (d *document) leadsAway(box int32) bool {
	for i := box; i < d.nodes[box].end; i++ {
		n := &d.nodes[i]
		if n.tag != atom.A || n.to < away || n.out || n.a != nil && n.a.words.has(viewerWord) {
			continue
		}
		words := strings.Count(d.textOf(i), " ") + 1
		switch {
		case d.hasImage(i), words > 3, n.to == story && words > 2, n.to >= section && d.textOf(i) == "":
			return true
		}
	}
	return false
}

// hasImage reports whether an element has a picture in it.
func (d *document) hasImage(i int32) bool {
	for j := i + 1; j < d.nodes[i].end; j++ {
		if d.nodes[j].tag == atom.Img {
			return true
		}
	}
	return false
}
