package parse

import (
	"bytes"
	"strings"

	"dateline/aggregator/text"
)

// Real feeds are not well-formed, and one bad byte must not lose the others. The rules of repairing are:
//   - what cannot be markup is text: a lone `<` or `&`, a `]]>` outside a section
//   - a reference to a name that HTML or the document knows becomes its characters, one to a character
//     that XML forbids vanishes
//   - comments, processing instructions and declarations vanish
//   - an end tag closes what it names and all that is open inside; where it names nothing open it vanishes
//   - an RSS item that begins inside an item ends that one first
//   - inside a text an element of HTML that has no end tag has none, and one whose end tag may be left out ends where HTML
//     ends it (see implied.go)
//   - attributes without quotes or value get them; of one given twice the first counts
//   - xml:base is renamed, since gofeed would rewrite addresses and ids by it, and is kept in [elem]
//   - a default namespace that makes the format's own elements foreign is replaced (see namespace.go)
//   - a document that ends in the middle loses its unfinished item or element and is marked as cut
//   - what is beyond a bound is left out alone, and its item is noted in [tree.odd] (see bounds.go)
//
// What is well-formed and within the bounds passes as it is, without a copy.
type repairer struct {
	in       []byte
	out      []byte // what differs from in, up to done
	done     int
	entities map[string]string
	t        *tree
	open     []openElement
	item     int            // place in open of the item being read; -1: none
	dropped  map[string]int // start tags left out inside the innermost open element whose end tags may follow, by name
	scope    scope
	count    int               // elements and sections so far
	limit    int               // of count
	ends     endTags           // of the field being read
	rewrites bool              // in is a tag written anew
	attrs    []attr            // of the tag being read
	names    map[string]string // element names met
	keys     map[string]string // element name -> key, where no element but the root declares a namespace
}

type openElement struct {
	name     string
	elem     int // in the tree; -1: too deep for it
	item     bool
	start    int // of its start tag in the text written
	children int // elements and sections inside it so far
}

// repair makes a tree of the document whose root element begins text.
func repair(format string, text []byte, entities map[string]string) *tree {
	t := &tree{format: format, elems: make([]elem, 0, 16+len(text)/128)}
	m := &repairer{in: text, entities: entities, t: t, names: map[string]string{}, keys: map[string]string{},
		item: -1, dropped: map[string]int{}, limit: max(MaxElements, len(text)/minElement)}
	for pos := 0; ; {
		lt := bytes.IndexByte(m.in[pos:], '<')
		if lt < 0 {
			m.finish(pos)
			return m.t
		}
		m.text(pos, pos+lt)
		pos += lt
		next := m.markup(pos)
		if next < 0 {
			m.finish(pos)
			return m.t
		}
		pos = next
		if len(m.open) == 0 {
			m.flush(pos)
			return m.t
		}
	}
}

// markup reads what the `<` at pos begins and returns what follows it, -1 where the document ends inside it.
func (m *repairer) markup(pos int) (next int) {
	s := m.in[pos:]
	switch {
	case bytes.HasPrefix(s, []byte("<![CDATA[")):
		end := after(s, "]]>")
		if end < 0 {
			return -1
		}
		return m.section(pos, pos+end)
	case bytes.HasPrefix(s, []byte("<!--")):
		return m.drop(pos, after(s, "-->"))
	case bytes.HasPrefix(s, []byte("<?")):
		return m.drop(pos, after(s, "?>"))
	case bytes.HasPrefix(s, []byte("<!")) && len(s) > 2 && nameLength(s[2:]) > 0:
		return m.drop(pos, after(s, ">"))
	case bytes.HasPrefix(s, []byte("</")):
		return m.endTag(pos)
	}
	if len(s) < 2 {
		return -1
	}
	return m.startTag(pos)
}

// drop leaves out the n bytes at pos and returns what follows, -1 for n < 0.
func (m *repairer) drop(pos, n int) int {
	if n < 0 {
		return -1
	}
	m.replace(pos, pos+n, "")
	return pos + n
}

// literal makes the `<` at pos text and returns what follows it.
func (m *repairer) literal(pos int) int {
	m.replace(pos, pos+1, "&lt;")
	return pos + 1
}

// charData repairs the text between two tags.
func (m *repairer) charData(start, end int) {
	for i := start; ; {
		n := bytes.Index(m.in[i:end], []byte("]]>"))
		if n < 0 {
			m.references(i, end)
			return
		}
		i += n + 2
		m.references(start, i)
		m.replace(i, i+1, "&gt;")
		i++
		start = i
	}
}

// references repairs the ampersands of text or of an attribute's value.
func (m *repairer) references(start, end int) {
	for i := start; ; {
		amp := bytes.IndexByte(m.in[i:end], '&')
		if amp < 0 {
			return
		}
		i += amp
		value, size, plain := reference(m.in[i:end], m.entities)
		switch {
		case size == 0:
			m.replace(i, i+1, "&amp;")
			size = 1
		case !plain:
			m.replace(i, i+size, escaper.Replace(value))
		}
		i += size
	}
}

// startTag reads the start tag at pos.
func (m *repairer) startTag(pos int) int {
	nameEnd := pos + 1 + nameLength(m.in[pos+1:])
	if nameEnd == len(m.in) {
		return -1
	}
	if c := m.in[nameEnd]; nameEnd == pos+1 || !isSpace(c) && c != '>' && c != '/' {
		return m.literal(pos)
	}
	name := m.intern(m.in[pos+1 : nameEnd])
	if n := len(m.open); n > 0 && m.open[n-1].item && m.t.format == "rss" && strings.EqualFold(name, "item") {
		m.closeTo(n-1, pos)
	}
	attrs, end, ok := attributes(m.attrs[:0], m.in, nameEnd)
	m.attrs = attrs
	empty := ok && m.in[end-2] == '/'
	if !empty && m.isWord(name, pos) {
		return m.literal(pos)
	}
	if !ok {
		return m.badTag(pos, nameEnd)
	}
	m.closeImplied(name, pos)
	if reason := m.countChild(); reason != "" {
		return m.flatten(name, pos, end, empty, reason)
	}
	start := m.at(pos)
	m.attributes(name, attrs, end-pos > MaxToken)
	if !empty && m.inText() && voidInText[strings.ToLower(name)] {
		m.replace(end-1, end, "/>")
		empty = true
	}
	m.push(name, start, end, empty)
	return end
}

// attributes repairs the attributes of a tag, which is long where it is beyond the bounds.
func (m *repairer) attributes(name string, attrs []attr, long bool) {
	entered := m.scope.enter(m.in, attrs[:min(len(attrs), maxAttributes)])
	for i, a := range attrs {
		switch {
		case i >= maxAttributes:
			m.note(reasonAttributes)
		case long && a.end-a.value > maxValue:
			m.note(reasonText)
		case isTwice(m.in, attrs, i), i >= entered && bytes.HasPrefix(m.in[a.name:a.nameEnd], []byte("xmlns")):
		default:
			m.attribute(name, a)
			continue
		}
		m.replace(a.name, a.end+1, "")
	}
}

// attribute repairs one attribute and keeps what it says of the element.
func (m *repairer) attribute(name string, a attr) {
	key := ""
	if bytes.HasPrefix(m.in[a.name:a.nameEnd], []byte("xml")) {
		key = string(m.in[a.name:a.nameEnd])
	}
	switch {
	case key == "xml:base":
		if m.isKept() {
			m.t.bases = put(m.t.bases, len(m.t.elems), strings.TrimSpace(unescape(string(m.in[a.value:a.end]), m.entities)))
		}
		m.replace(a.name, a.nameEnd, "xml:base_")
	case key == "xml:lang":
		if m.isKept() {
			m.t.langs = put(m.t.langs, len(m.t.elems), text.CanonicalTag(unescape(string(m.in[a.value:a.end]), m.entities)))
		}
	case key == "xmlns" || strings.HasPrefix(key, "xmlns:"):
		if uri := m.scope.native(m.t.format, len(m.open), name, key); uri != "" {
			m.replace(a.value, a.end, uri)
			return
		}
	}
	for i := a.value; i < a.end; i++ {
		lt := bytes.IndexByte(m.in[i:a.end], '<')
		if lt < 0 {
			lt = a.end - i
		}
		m.references(i, i+lt)
		if i += lt; i < a.end {
			m.replace(i, i+1, "&lt;")
		}
	}
}

func put(m map[int]string, i int, s string) map[int]string {
	if m == nil {
		m = map[int]string{}
	}
	m[i] = s
	return m
}

// isKept reports whether the next element is kept in the tree.
func (m *repairer) isKept() bool {
	return len(m.open) < deepest && (len(m.open) == 0 || m.open[len(m.open)-1].elem >= 0)
}

// push opens the element whose start tag extends from start, in the text written, to end, and closes it if
// it is empty.
func (m *repairer) push(name string, start, end int, empty bool) {
	o := openElement{name: name, elem: -1, start: start}
	if m.isKept() {
		e := elem{key: m.key(name), parent: -1, start: start, inner: m.at(end)}
		if len(m.open) > 0 {
			e.parent = m.open[len(m.open)-1].elem
		}
		o.elem = len(m.t.elems)
		m.t.elems = append(m.t.elems, e)
		o.item = m.t.register(o.elem)
		if o.item {
			m.item = len(m.open)
		}
	}
	m.open = append(m.open, o)
	if empty {
		m.pop(m.at(end), m.at(end))
	}
}

// pop closes the innermost element; its end tag extends from end to after.
func (m *repairer) pop(end, after int) {
	o := m.open[len(m.open)-1]
	m.open = m.open[:len(m.open)-1]
	m.scope.leave(len(m.open))
	clear(m.dropped)
	if m.item == len(m.open) {
		m.item = -1
	}
	if o.elem >= 0 {
		e := &m.t.elems[o.elem]
		if m.item >= 0 && len(m.open) == m.item+1 && end-e.inner > MaxToken {
			m.note(reasonText) // its pieces are within the bounds, the whole is not
		}
		e.end, e.after, e.next = end, after, len(m.t.elems)
	}
}

// endTag reads the end tag at pos.
func (m *repairer) endTag(pos int) int {
	nameEnd := pos + 2 + nameLength(m.in[pos+2:])
	gt := bytes.IndexByte(m.in[nameEnd:], '>')
	if gt < 0 {
		return -1
	}
	if nameEnd == pos+2 {
		return m.literal(pos)
	}
	end := nameEnd + gt + 1
	name := m.intern(m.in[pos+2 : nameEnd])
	if m.dropped[name] > 0 {
		m.dropped[name]--
		return m.drop(pos, end-pos)
	}
	depth := len(m.open) - 1
	for depth >= 0 && m.open[depth].name != name {
		depth--
	}
	if depth < 0 {
		for depth = len(m.open) - 1; depth >= 0 && !strings.EqualFold(m.open[depth].name, name); depth-- {
		}
	}
	if depth < 0 {
		return m.drop(pos, end-pos)
	}
	m.closeTo(depth+1, pos)
	if want := m.open[depth].name; want != name || gt > 0 {
		start := m.at(pos)
		m.replace(pos, end, "</"+want+">")
		m.pop(start, m.at(end))
	} else {
		m.pop(m.at(pos), m.at(end))
	}
	return end
}

// closeTo closes all elements from depth inwards before pos.
func (m *repairer) closeTo(depth, pos int) {
	for len(m.open) > depth {
		start := m.at(pos)
		m.replace(pos, pos, "</"+m.open[len(m.open)-1].name+">")
		m.pop(start, m.at(pos))
	}
}

// finish closes the document at pos, where it ends too early.
func (m *repairer) finish(pos int) {
	m.flush(pos)
	m.in, m.done = nil, 0
	depth := 0
	for depth < len(m.open) && m.t.isContainer(m.open[depth].elem) {
		depth++
	}
	m.t.cut = depth < len(m.open) || m.t.endsInside(depth)
	if depth < len(m.open) {
		first := m.open[depth].elem
		m.t.text = m.t.text[:m.t.elems[first].start]
		m.t.forget(first)
		m.open = m.open[:depth]
	}
	m.out, m.t.text = m.t.text[:len(m.t.text):len(m.t.text)], nil
	m.closeTo(0, 0)
	m.t.text = m.out
}

// intern returns name as a string, the same one each time.
func (m *repairer) intern(name []byte) string {
	if s, ok := m.names[string(name)]; ok {
		return s
	}
	s := string(name)
	m.names[s] = s
	return s
}

// at returns where the byte at pos is in the text that is written.
func (m *repairer) at(pos int) int { return len(m.out) + pos - m.done }

// replace puts s for the bytes from start to end.
func (m *repairer) replace(start, end int, s string) {
	m.out = append(append(m.out, m.in[m.done:start]...), s...)
	m.done = end
}

// flush makes the text out of what was written and what was not touched up to pos.
func (m *repairer) flush(pos int) {
	if m.done == 0 && len(m.out) == 0 {
		m.t.text = m.in[:pos]
		return
	}
	m.t.text = append(m.out, m.in[m.done:pos]...)
}
