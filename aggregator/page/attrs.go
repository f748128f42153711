package page

import (
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// readAttrs reads the attributes of an element.
func (b *builder) readAttrs(z *html.Tokenizer, n *node) {
	tag := n.tag
	var a attrs
	var o own
	any, owns := false, false
	for {
		key, value, more := z.TagAttr()
		if p := a.field(string(key)); p != nil {
			v := b.interned(value)
			*p, any = v.text, true
			switch p {
			case &a.class:
				a.words = v.words
			case &a.id:
				a.idWords = v.words
			}
		} else if p := o.field(string(key), tag); p != nil {
			*p, owns = string(value), true
		} else if string(key) == "style" {
			if isHidingStyle(value) {
				a.hidden, any = true, true
			}
		} else if string(key) == "hidden" || string(key) == "aria-hidden" && string(value) == "true" {
			a.hidden, any = true, true
		} else if tag == atom.A && string(key) == "href" {
			n.to = b.target(value)
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
	if any || owns {
		n.a = &a
	}
}

// isHidingStyle reports whether a style attribute keeps an element from being seen.
func isHidingStyle(value []byte) bool {
	s := strings.ToLower(strings.ReplaceAll(string(value), " ", ""))
	return strings.Contains(s, "display:none") || strings.Contains(s, "visibility:hidden")
}

// interned returns a value, the same one for each time that a page repeats it.
func (b *builder) interned(raw []byte) value {
	if v, ok := b.values[string(raw)]; ok {
		return v
	}
	s := string(raw)
	v := value{s, wordsOf(s)}
	if len(b.values) < 4096 {
		b.values[s] = v
	}
	return v
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
	case "itemtype":
		return &a.itemtype
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
	case "src":
		return &o.src
	case "data-credit", "data-copyright", "data-author":
		return &o.credit
	case "data-caption", "data-description":
		return &o.caption
	}
	return nil
}
