package page

import (
	"bytes"
	"hash/fnv"
	"net/url"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// node is an element or a text of a page. The nodes of a page are in document order, so that the subtree of node i is i up to, but
// without, its end.
type node struct {
	tag    atom.Atom // 0: a text, or an element of no standard name
	parent int32
	end    int32
	text   string // of a text, or of a script of type application/ld+json
	a      *attrs // nil: none that is read
	to     target // where the link leads that it is, or is in
	trait  trait
	isText bool // text rather than an element
	out    bool // furniture; see document.walk
}

// attrs are the attributes of an element that are read.
type attrs struct {
	class, id, role, itemprop, itemtype, rel string
	words, idWords                           wordSet // of class and id
	hidden                                   bool
	*own                                     // nil: none
}

// own are the attributes that are read of one element alone: html, link, base, meta, img or script.
type own struct {
	lang, href, content, name, property, alt, src, credit, caption, typ string
}

// value is a value of an attribute that a page may repeat.
type value struct {
	text  string
	words wordSet
}

const (
	maxNodes = 80_000 // of a page; what follows them is not read
	maxDepth = 128    // of elements in one another; deeper ones are siblings
)

// builder makes the tree of a page.
type builder struct {
	nodes  []node
	open   []int32          // elements that are not closed, the root first
	to     target           // where the innermost open link leads
	values map[string]value // of attributes
	page   *url.URL         // where the page comes from
}

// parse returns the nodes of a page from an address; the first is the root.
func parse(page []byte, address string) []node {
	z := html.NewTokenizer(bytes.NewReader(page))
	z.SetMaxBuf(MaxSize)
	from, err := url.Parse(address)
	if err != nil {
		from = new(url.URL)
	}
	b := &builder{nodes: make([]node, 1, 256+len(page)/64), open: []int32{0}, values: map[string]value{}, page: from}
	for len(b.nodes) < maxNodes {
		switch z.Next() {
		case html.ErrorToken:
			b.close(1)
			b.nodes[0].end = int32(len(b.nodes))
			return b.nodes
		case html.TextToken:
			b.addText(z)
		case html.StartTagToken:
			b.start(z, false)
		case html.SelfClosingTagToken:
			b.start(z, true)
		case html.EndTagToken:
			name, _ := z.TagName()
			if tag := tagOf(name); tag != 0 {
				b.endTag(tag)
			}
		}
	}
	b.close(1)
	b.nodes[0].end = int32(len(b.nodes))
	return b.nodes
}

func (b *builder) top() int32 { return b.open[len(b.open)-1] }

// close closes all open elements but the first n.
func (b *builder) close(n int) {
	for len(b.open) > n {
		i := b.top()
		b.nodes[i].end = int32(len(b.nodes))
		if b.nodes[i].tag == atom.A {
			b.to = b.nodes[b.nodes[i].parent].to
		}
		b.open = b.open[:len(b.open)-1]
	}
}

func (b *builder) addText(z *html.Tokenizer) {
	at := &b.nodes[b.top()]
	switch at.tag {
	case atom.Script:
		if at.a != nil && isJSON(at.a.typ) {
			at.text = string(z.Raw())
		}
		return
	case atom.Style, atom.Textarea:
		return
	}
	raw := z.Text()
	if len(bytes.TrimSpace(raw)) == 0 {
		if n := &b.nodes[len(b.nodes)-1]; len(raw) > 0 && n.isText && !strings.HasSuffix(n.text, " ") {
			n.text += " "
		} else if len(raw) > 0 {
			b.nodes = append(b.nodes, node{isText: true, parent: b.top(), end: int32(len(b.nodes) + 1), text: " ", to: b.to})
		}
		return
	}
	b.nodes = append(b.nodes, node{isText: true, parent: b.top(), end: int32(len(b.nodes) + 1), text: string(raw), to: b.to})
}

func isJSON(mediaType string) bool {
	t, _, _ := strings.Cut(mediaType, ";")
	return strings.EqualFold(strings.TrimSpace(t), "application/ld+json")
}

func (b *builder) start(z *html.Tokenizer, selfClosing bool) {
	name, more := z.TagName()
	tag := tagOf(name)
	is := traits[tag]
	if tag&custom != 0 {
		is = b.customTrait(string(name))
	}
	b.implied(tag, is)
	n := node{tag: tag, trait: is, parent: b.top(), to: b.to}
	if tag == atom.A {
		n.to = nowhere
	}
	if more {
		b.readAttrs(z, &n)
	}
	n.end = int32(len(b.nodes) + 1)
	b.nodes = append(b.nodes, n)
	if is&void != 0 || selfClosing && tag != atom.Script && tag != atom.A || len(b.open) >= maxDepth || tag == 0 {
		return
	}
	if tag == atom.A {
		b.to = n.to
	}
	b.open = append(b.open, int32(len(b.nodes)-1))
}

// custom is set in the tag of an element with a name of the house's own, with a hyphen (HTML section 4.13.3).
const custom atom.Atom = 1 << 31

// tagOf returns the tag of a name; 0: it is neither a standard name nor one with a hyphen.
func tagOf(name []byte) atom.Atom {
	if tag := atom.Lookup(name); tag != 0 {
		return tag
	}
	switch {
	case string(name) == "amp-img":
		return atom.Img
	case bytes.IndexByte(name, '-') < 0:
		return 0
	}
	h := fnv.New32a()
	h.Write(name)
	return custom | atom.Atom(h.Sum32())
}

// customTrait says how an element behaves that has a name of the house's own: as a block, but for one in a line.
func (b *builder) customTrait(name string) trait {
	switch top := b.nodes[b.top()]; {
	case wordsOf(name).has(furnitureWord):
		return hard | block
	case top.tag == atom.P, top.trait&inline != 0:
		return 0
	}
	return block
}

// implied closes what a start tag closes (HTML section 13.1.2.4): a paragraph before a block, an item of a list, a row or a cell before
// the next one, and a link before the next link.
func (b *builder) implied(tag atom.Atom, is trait) {
	switch top := b.nodes[b.top()].tag; {
	case top == atom.P && is&block != 0 && tag != atom.Br, tag == atom.A && top == atom.A, top == atom.Head && tag == atom.Body,
		(tag == atom.Li || tag == atom.Option || tag == atom.Tr || tag == atom.Td) && top == tag,
		(tag == atom.Dt || tag == atom.Dd) && (top == atom.Dt || top == atom.Dd):
		b.close(len(b.open) - 1)
	}
}

// endTag closes the element that an end tag names; one that is not open is passed over.
func (b *builder) endTag(tag atom.Atom) {
	is := traits[tag]
	for k := len(b.open) - 1; k > 0; k-- {
		if b.nodes[b.open[k]].tag == tag {
			b.close(k)
			return
		}
		if is&inline != 0 && b.nodes[b.open[k]].trait&block != 0 { // </b> does not close a block
			return
		}
	}
}

// trait says how elements of a name behave.
type trait uint8

const (
	void   trait = 1 << iota // has no end tag
	inline                   // its end tag closes no block
	block                    // begins and ends a line
	hard                     // is never part of an article
)

var traits = func() map[atom.Atom]trait {
	m := map[atom.Atom]trait{}
	for t, all := range map[trait][]atom.Atom{
		void: {atom.Area, atom.Base, atom.Br, atom.Col, atom.Embed, atom.Hr, atom.Img, atom.Input, atom.Link, atom.Meta, atom.Param,
			atom.Source, atom.Track, atom.Wbr},
		inline: {atom.A, atom.B, atom.Strong, atom.I, atom.Em, atom.Span, atom.Small, atom.Font, atom.Time, atom.Cite, atom.U, atom.Label},
		block: {atom.Address, atom.Article, atom.Aside, atom.Blockquote, atom.Body, atom.Br, atom.Caption, atom.Center, atom.Dd,
			atom.Details, atom.Div, atom.Dl, atom.Dt, atom.Fieldset, atom.Figcaption, atom.Figure, atom.Footer, atom.Form, atom.H1, atom.H2,
			atom.H3, atom.H4, atom.H5, atom.H6, atom.Header, atom.Hr, atom.Li, atom.Main, atom.Nav, atom.Ol, atom.P, atom.Pre,
			atom.Section, atom.Summary, atom.Table, atom.Td, atom.Th, atom.Tr, atom.Ul},
		hard: {atom.Head, atom.Script, atom.Style, atom.Template, atom.Noscript, atom.Nav, atom.Aside, atom.Footer, atom.Svg, atom.Math,
			atom.Iframe, atom.Object, atom.Video, atom.Audio, atom.Canvas, atom.Button, atom.Select, atom.Textarea, atom.Input, atom.Dialog,
			atom.Menu, atom.Title, atom.Details},
	} {
		for _, tag := range all {
			m[tag] |= t
		}
	}
	return m
}()
