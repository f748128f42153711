package parse

import (
	"bytes"
	"unicode/utf8"
)

// The bounds of a document. What is beyond one is left out alone, the item that it belongs to is noted, and the rest of the
// document is read. So no item keeps the others from being read, and what is built of a document is at most some times
// its size.
const (
	MaxDepth    = 64      // elements, or objects and arrays, inside each other: the tags of deeper ones are left out, their text stays
	MaxElements = 200_000 // elements of a document, or one for every 16 bytes of a larger one: those beyond are left out likewise
	MaxItems    = 2_000   // those that are not stored come first, in document order
	MaxToken    = 1 << 20 // bytes of one tag or text, or of a string of JSON: it is cut
	MaxList     = 200     // persons, categories or media of one item; those beyond are left out
)

// What gofeed and encoding/xml take quadratic time for.
const (
	maxAttributes = 256   // of one element
	maxNamespaces = 256   // declared by the elements around one
	maxChildren   = 4_096 // elements and CDATA sections inside one that is no container of items, or values of one item of JSON
)

const (
	minElement = 16      // bytes of an element, on average, in a document with more than MaxElements
	maxValue   = 1 << 14 // bytes of an attribute in a tag that is too long
)

// Why an item was shortened or left out.
const (
	reasonDepth      = "nested deeper than 64 elements"
	reasonElements   = "more than 4096 elements in one"
	reasonDocument   = "too many elements in the document"
	reasonAttributes = "more than 256 attributes in one tag"
	reasonText       = "a text longer than 1 MiB"
	reasonItems      = "more than 2000 items in the document"
	reasonDamaged    = "damaged"
)

// countChild counts one more element or section, in the document and in the innermost open element. It returns why that is
// one too many, "" where it is not.
func (m *repairer) countChild() string {
	m.count++
	n := len(m.open)
	if n > 0 {
		o := &m.open[n-1]
		if o.children++; o.children > maxChildren && !m.t.isContainer(o.elem) {
			return reasonElements
		}
	}
	switch {
	case m.count > m.limit:
		return reasonDocument
	case n >= MaxDepth:
		return reasonDepth
	}
	return ""
}

// note notes that the item being read is not taken as it is.
func (m *repairer) note(reason string) {
	if m.item >= 0 {
		m.t.note(len(m.t.items)-1, reason)
	}
}

// note notes that item i is not taken as it is. The first reason counts.
func (t *tree) note(i int, reason string) {
	if t.odd == nil {
		t.odd = map[int]string{}
	}
	if t.odd[i] == "" {
		t.odd[i] = reason
	}
}

// flatten leaves out the start tag from pos to end and the end tag that belongs to it.
func (m *repairer) flatten(name string, pos, end int, empty bool, reason string) int {
	m.note(reason)
	if m.item < 0 && m.t.isItemName(name) {
		m.t.beyond++
	}
	if !empty {
		m.dropped[name]++
	}
	return m.drop(pos, end-pos)
}

// section reads the CDATA section from pos to end. One too many becomes text.
func (m *repairer) section(pos, end int) int {
	const before, behind = len(cdataStart), len(cdataEnd)
	content := m.in[pos+before : end-behind]
	long := len(content) > MaxToken
	if long {
		m.note(reasonText)
		content = shorten(content)
	}
	switch reason := m.countChild(); {
	case reason != "":
		m.note(reason)
		m.replace(pos, end, escaper.Replace(string(content)))
	case long:
		m.replace(pos+before, end-behind, string(content))
	}
	return end
}

// text reads the text between two tags.
func (m *repairer) text(start, end int) {
	if end-start <= MaxToken {
		m.charData(start, end)
		return
	}
	m.note(reasonText)
	s := shorten(m.in[start:end])
	m.within(start, end, s, func() { m.charData(0, len(s)) })
}

// shorten returns a text, escaped or not, of at most MaxToken bytes: without pictures inside it, else its beginning, which
// ends in no tag, reference or character.
func shorten(s []byte) []byte {
	s = withoutData(s)
	if len(s) <= MaxToken {
		return s
	}
	s = s[:MaxToken]
	for len(s) > 0 && !utf8.RuneStart(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	if r, _ := utf8.DecodeLastRune(s); r == utf8.RuneError && len(s) > 0 {
		s = s[:len(s)-1]
	}
	if amp := bytes.LastIndexByte(s, '&'); amp >= 0 && len(s)-amp < maxReference && bytes.IndexByte(s[amp:], ';') < 0 {
		s = s[:amp]
	}
	for _, tag := range []struct{ open, end string }{{"<", ">"}, {"&lt;", "&gt;"}} {
		lt := bytes.LastIndex(s, []byte(tag.open))
		if lt >= 0 && !bytes.Contains(s[lt:], []byte(tag.end)) && !bytes.Contains(s[lt:], []byte(">")) {
			s = s[:lt]
		}
	}
	return s
}

// maxData is the length of a data: address that stays in a text that is too long.
const maxData = 1024

// withoutData leaves out what long data: addresses hold.
func withoutData(s []byte) []byte {
	out := make([]byte, 0, min(len(s), MaxToken))
	for {
		i := bytes.Index(s, []byte("data:"))
		if i < 0 {
			return append(out, s...)
		}
		i += len("data:")
		out = append(out, s[:i]...)
		s = s[i:]
		n := 0
		for n < len(s) && isData(s[n]) {
			n++
		}
		if n <= maxData {
			out = append(out, s[:n]...)
		}
		s = s[n:]
	}
}

// isData reports whether c may be in a data: address (RFC 2397).
func isData(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || bytes.IndexByte([]byte("+/=%;,.-_:!*()~$@"), c) >= 0
}
