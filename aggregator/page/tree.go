package page

import (
	"bytes"
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
	text   string // of a text
	script []byte // of application/ld+json
	a      *attrs // nil: none that is read
	link   bool   // inside a link
	trait  trait
	isText bool // text rather than an element
	out    bool // furniture; see document.walk
}

// attrs are the attributes of an element that are read.
type attrs struct {
	class, id, role, itemprop, rel string
	hidden                         bool
	*own                           // nil: none
}

// own are the attributes that are read of one element alone: html, link, base, meta, img or script.
type own struct {
	lang, href, content, name, property, alt, credit, caption, typ string
}

const (
	maxNodes = 80_000 // of a page; what follows them is not read
	maxDepth = 128    // of elements in one another; deeper ones are siblings
)

// builder makes the tree of a page.
type builder struct {
	nodes  []node
	open   []int32           // elements that are not closed, the root first
	links  int               // open links
	values map[string]string // of attributes
}

// parse returns the nodes of a page; the first is the root.
func parse(page []byte) []node {
	z := html.NewTokenizer(bytes.NewReader(page))
	z.SetMaxBuf(MaxSize)
	b := &builder{nodes: make([]node, 1, 256+len(page)/64), open: []int32{0}, values: map[string]string{}}
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
			if tag := atom.Lookup(name); tag != 0 {
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
			b.links--
		}
		b.open = b.open[:len(b.open)-1]
	}
}

func (b *builder) addText(z *html.Tokenizer) {
	at := &b.nodes[b.top()]
	switch at.tag {
	case atom.Script:
		if at.a != nil && isJSON(at.a.typ) {
			at.script = bytes.Clone(z.Raw())
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
			b.nodes = append(b.nodes, node{isText: true, parent: b.top(), end: int32(len(b.nodes) + 1), text: " ", link: b.links > 0})
		}
		return
	}
	b.nodes = append(b.nodes, node{isText: true, parent: b.top(), end: int32(len(b.nodes) + 1), text: string(raw), link: b.links > 0})
}

func isJSON(mediaType string) bool {
	t, _, _ := strings.Cut(mediaType, ";")
	return strings.EqualFold(strings.TrimSpace(t), "application/ld+json")
}

func (b *builder) start(z *html.Tokenizer, selfClosing bool) {
	name, more := z.TagName()
	tag := atom.Lookup(name)
	is := traits[tag]
	b.implied(tag, is)
	n := node{tag: tag, trait: is, parent: b.top(), link: b.links > 0}
	if more {
		n.a = b.readAttrs(z, tag)
	}
	n.end = int32(len(b.nodes) + 1)
	b.nodes = append(b.nodes, n)
	if is&void != 0 || selfClosing && tag != atom.Script && tag != atom.A || len(b.open) >= maxDepth || tag == 0 {
		return
	}
	if tag == atom.A {
		b.links++
	}
	b.open = append(b.open, int32(len(b.nodes)-1))
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

// readAttrs reads the attributes of an element; nil: it has none that is read.
func (b *builder) readAttrs(z *html.Tokenizer, tag atom.Atom) *attrs {
	var a attrs
	var o own
	any, owns := false, false
	for {
		key, value, more := z.TagAttr()
		if p := a.field(string(key)); p != nil {
			*p, any = b.interned(value), true
		} else if p := o.field(string(key), tag); p != nil {
			*p, owns = string(value), true
		} else if string(key) == "style" {
			if isHidingStyle(value) {
				a.hidden, any = true, true
			}
		} else if string(key) == "hidden" || string(key) == "aria-hidden" && string(value) == "true" {
			a.hidden, any = true, true
		}
		if !more {
			break
		}
	}
	if owns {
		a.own = &o
	} else if ownsAttrs(tag) {
		a.own = new(own)
	}
	if !any && !owns {
		return nil
	}
	return &a
}

// isHidingStyle reports whether a style attribute keeps an element from being seen.
func isHidingStyle(value []byte) bool {
	s := strings.ToLower(strings.ReplaceAll(string(value), " ", ""))
	return strings.Contains(s, "display:none") || strings.Contains(s, "visibility:hidden")
}

// interned returns a value as a string, the same one for each time that a page repeats it.
func (b *builder) interned(value []byte) string {
	if s, ok := b.values[string(value)]; ok {
		return s
	}
	s := string(value)
	if len(b.values) < 4096 {
		b.values[s] = s
	}
	return s
}

// field returns where the value of an attribute is kept; nil: it is not read.
func (a *attrs) field(key string) *string {
	switch key {
	case "class":
		return &a.class
	case "id":
		return &a.id
	case "role":
		return &a.role
	case "itemprop":
		return &a.itemprop
	case "rel":
		return &a.rel
	}
	return nil
}

// ownsAttrs reports whether elements of a name have attributes that are read of them alone.
func ownsAttrs(tag atom.Atom) bool {
	switch tag {
	case atom.Html, atom.Link, atom.Base, atom.Meta, atom.Img, atom.Script:
		return true
	}
	return false
}

// field returns where the value of an attribute is kept; nil: it is not read.
func (o *own) field(key string, tag atom.Atom) *string {
	switch {
	case tag == atom.Html && key == "lang":
		return &o.lang
	case (tag == atom.Link || tag == atom.Base) && key == "href":
		return &o.href
	case tag == atom.Script && key == "type":
		return &o.typ
	case tag == atom.Meta:
		return o.metaField(key)
	case tag == atom.Img:
		return o.imageField(key)
	}
	return nil
}

func (o *own) metaField(key string) *string {
	switch key {
	case "content":
		return &o.content
	case "name":
		return &o.name
	case "property":
		return &o.property
	}
	return nil
}

func (o *own) imageField(key string) *string {
	switch key {
	case "alt":
		return &o.alt
	case "data-credit", "data-copyright", "data-author":
		return &o.credit
	case "data-caption", "data-description":
		return &o.caption
	}
	return nil
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
