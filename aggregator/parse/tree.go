package parse

import (
	"bytes"
	"strings"
)

// A tree is a document in well-formed XML and where its elements are in it, down to what an item's
// own source says. It is made by [repair] in one pass over the bytes.
type tree struct {
	format   string
	text     []byte
	elems    []elem // in document order, the root first
	channels []int  // the channel elements of RSS, the root of Atom
	items    []int
	bases    map[int]string // xml:base, by element
	langs    map[int]string // xml:lang as [text.CanonicalTag] returns it, by element
	cut      bool           // the document ends in the middle
	odd      map[int]string // items that are not taken as they are, by place in items: why
	left     []int          // items that are not taken at all
	beyond   int            // items that the tree does not hold
}

// An elem is one element. Its offsets are into the text of its tree.
type elem struct {
	key    string // its name in lower case, with the usual prefix of its namespace unless that is the format's own
	parent int    // -1: none
	next   int    // the element behind its last descendant
	start  int    // of the start tag
	inner  int    // behind the start tag
	end    int    // of the end tag; inner where the element is empty
	after  int    // behind the end tag
}

// deepest is how far down the tree is kept: root, channel, item, source, its authors, their names.
const deepest = 6

// children calls visit for every child of element i.
func (t *tree) children(i int, visit func(child int)) {
	for c := i + 1; c < t.elems[i].next; c = t.elems[c].next {
		visit(c)
	}
}

// child returns the first child of element i with one of the keys, the earlier key first; -1 if there is none.
func (t *tree) child(i int, keys ...string) int {
	for _, key := range keys {
		for c := i + 1; c < t.elems[i].next; c = t.elems[c].next {
			if t.elems[c].key == key {
				return c
			}
		}
	}
	return -1
}

// filled returns the first of the elements that has anything in it, -1 if none has.
func (t *tree) filled(elements ...int) int {
	for _, e := range elements {
		if e >= 0 && t.value(e) != "" {
			return e
		}
	}
	return -1
}

// last returns the last child of element i with that key, -1 if there is none: of a date given twice the
// later one counts, as it does in gofeed.
func (t *tree) last(i int, key string) int {
	last := -1
	t.children(i, func(c int) {
		if t.elems[c].key == key {
			last = c
		}
	})
	return last
}

// outer returns element i as it is in the document.
func (t *tree) outer(i int) []byte { return t.text[t.elems[i].start:t.elems[i].after] }

// tag returns the start tag of element i.
func (t *tree) tag(i int) []byte { return t.text[t.elems[i].start:t.elems[i].inner] }

// raw returns what is between the tags of element i.
func (t *tree) raw(i int) string {
	if e := t.elems[i]; e.end > e.inner {
		return string(t.text[e.inner:e.end])
	}
	return ""
}

// value returns the text of element i: references replaced, markup as it is; "" for i < 0.
func (t *tree) value(i int) string {
	if i < 0 {
		return ""
	}
	return strings.TrimSpace(unwrapped(characters(t.raw(i))))
}

// attr returns an attribute of element i, "" if it has none.
func (t *tree) attr(i int, name string) string { return attribute(t.tag(i), name) }

// attribute returns the value of an attribute of a well-formed start tag, "" if it has none: of the one with
// just that name, else of one that differs in prefix or case.
func attribute(tag []byte, name string) string {
	similar := ""
	i := 1 + nameLength(tag[1:])
	for i < len(tag) {
		for i < len(tag) && isSpace(tag[i]) {
			i++
		}
		n := nameLength(tag[i:])
		if n == 0 {
			break
		}
		key := string(tag[i : i+n])
		i += n
		for i < len(tag) && tag[i] != '"' && tag[i] != '\'' {
			i++
		}
		if i == len(tag) {
			break
		}
		end := bytes.IndexByte(tag[i+1:], tag[i])
		if end < 0 {
			break
		}
		value := tag[i+1 : i+1+end]
		if key == name {
			return strings.TrimSpace(unescape(string(value), nil))
		}
		if similar == "" && strings.EqualFold(local(key), name) {
			similar = strings.TrimSpace(unescape(string(value), nil))
		}
		i += end + 2
	}
	return similar
}

// characters returns the character data of s: CDATA sections as they are, references replaced elsewhere.
func characters(s string) string {
	if !strings.Contains(s, "<![CDATA[") {
		return unescape(s, nil)
	}
	var b strings.Builder
	b.Grow(len(s))
	for {
		before, rest, found := strings.Cut(s, "<![CDATA[")
		b.WriteString(unescape(before, nil))
		if !found {
			return b.String()
		}
		section, rest, _ := strings.Cut(rest, "]]>")
		b.WriteString(section)
		s = rest
	}
}

// lang returns the language in force at element i (XML 1.0 section 2.12), "" if none is declared.
func (t *tree) lang(i int) string {
	for ; i >= 0; i = t.elems[i].parent {
		if l, ok := t.langs[i]; ok {
			return l
		}
	}
	return ""
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// nameLength returns the length of the element or attribute name that s begins with: of ASCII letters,
// with at most one colon inside. 0: none.
func nameLength[T string | []byte](s T) int {
	colon := false
	i := 0
	for ; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_':
			continue
		case i > 0 && (c >= '0' && c <= '9' || c == '-' || c == '.') && s[i-1] != ':':
			continue
		case i > 0 && c == ':' && !colon:
			colon = true
			continue
		}
		break
	}
	if i > 0 && s[i-1] == ':' {
		return 0
	}
	return i
}

// register notes element i if it is a container of items or an item, and reports whether it is an item.
func (t *tree) register(i int) bool {
	e := t.elems[i]
	if e.parent < 0 {
		if t.format == "atom" {
			t.channels = append(t.channels, i)
		}
		return false
	}
	inRoot, inChannel := e.parent == 0, t.isContainer(e.parent)
	switch {
	case t.format == "atom" && inRoot && e.key == "entry", t.format != "atom" && inChannel && e.key == "item":
		t.items = append(t.items, i)
		return true
	case t.format != "atom" && inRoot && e.key == "channel":
		t.channels = append(t.channels, i)
	}
	return false
}

// isItemName reports whether an element called name may be an item.
func (t *tree) isItemName(name string) bool {
	if t.format == "atom" {
		return strings.EqualFold(local(name), "entry")
	}
	return strings.EqualFold(local(name), "item")
}

// isContainer reports whether element i is the root or a channel.
func (t *tree) isContainer(i int) bool {
	return i == 0 || i > 0 && t.elems[i].parent == 0 && t.elems[i].key == "channel" && t.format != "atom"
}

// endsInside reports whether a document that ends while so many containers are open is cut off. An RSS
// document whose channel is whole lacks nothing but the end tag of its root.
func (t *tree) endsInside(open int) bool {
	return t.format != "rss" || open != 1 || len(t.channels) == 0
}

// forget removes element i and all behind it.
func (t *tree) forget(i int) {
	t.elems = t.elems[:i]
	for len(t.items) > 0 && t.items[len(t.items)-1] >= i {
		t.items = t.items[:len(t.items)-1]
		delete(t.odd, len(t.items))
	}
	for len(t.channels) > 0 && t.channels[len(t.channels)-1] >= i {
		t.channels = t.channels[:len(t.channels)-1]
	}
}
