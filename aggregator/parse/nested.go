package parse

import (
	"bytes"
	"cmp"
	"io"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// Most HTML of feeds is nested as it is written: every end tag ends the element that was begun last, and no start tag ends another
// element. Then the tree that a browser makes of it is that of its tags, and what may stay of it is copied in one pass. What is nested
// otherwise, or has elements about which browsers have rules of their own (tables, ruby, pre), is left to [throughTree]. Both return the
// same, byte for byte.

// An elementKind says what an element does to those around it (HTML section 13.2.6.4.7).
type elementKind int8

const (
	unlike  elementKind = iota // has rules of its own
	phrase                     // nothing
	format                     // nothing; its attributes are in the order of their names
	block                      // ends a paragraph
	heading                    // ends a paragraph, and a heading
	item                       // ends a paragraph, and an item of its list
	void                       // phrase without content
	rule                       // block without content
)

// kinds are those of the allowed elements, and of others that are read otherwise than by their tags. Of all else the tags go.
var kinds = func() map[atom.Atom]elementKind {
	out := map[atom.Atom]elementKind{}
	for k, elements := range map[elementKind]string{
		unlike:  `pre table caption thead tbody tfoot tr th td ruby rt rp html body frame image noscript noembed plaintext xmp ` + skipped,
		phrase:  `span kbd samp var sub sup cite q del ins mark abbr dfn picture time bdi`,
		format:  `a b code em i s small strong tt u`,
		block:   `p div blockquote ul ol dl figure figcaption section article aside header footer details summary`,
		heading: `h1 h2 h3 h4 h5 h6`,
		item:    `li dt dd`,
		void:    `br img wbr`,
		rule:    `hr`,
	} {
		for _, name := range strings.Fields(elements) {
			out[atom.Lookup([]byte(name))] = k
		}
	}
	return out
}()

// attrsAllowed are the attributes that may stay, by their names.
var attrsAllowed = func() map[string][]attrAllowed {
	out := map[string][]attrAllowed{}
	for _, a := range allowedAttrs {
		var on []atom.Atom
		for _, name := range strings.Fields(a.elements) {
			on = append(on, atom.Lookup([]byte(name)))
		}
		for _, name := range strings.Fields(a.names) {
			out[name] = append(out[name], attrAllowed{a.matching, on})
		}
	}
	return out
}()

type attrAllowed struct {
	matching *regexp.Regexp // nil: any value
	on       []atom.Atom    // none: all elements
}

// deepestNested is how many elements may be open. Browsers have a bound too, which is larger.
const deepestNested = 64

// nested copies HTML.
type nested struct {
	out   bytes.Buffer
	lines lines
	cleaner
	open       []nestedElement
	paragraphs int // open
	links      int // open, also those that do not stay
	attrs      []html.Attribute
}

type nestedElement struct {
	tag  atom.Atom
	kept bool
}

// copyNested returns what [throughTree] does of HTML that is nested as it is written; ok reports whether it is.
func copyNested(s string) (clean, plain string, ok bool) {
	var c nested
	c.out.Grow(len(s) + len(s)/8)
	for z := html.NewTokenizer(strings.NewReader(s)); ; {
		switch z.Next() {
		case html.ErrorToken:
			if z.Err() != io.EOF {
				return "", "", false
			}
			for len(c.open) > 0 {
				c.end(c.open[len(c.open)-1].tag)
			}
			clean, plain = finish(c.out.String(), &c.lines)
			return clean, plain, true
		case html.TextToken:
			t := string(z.Text())
			c.lines.open.WriteString(t)
			c.out.WriteString(html.EscapeString(t))
		case html.StartTagToken, html.SelfClosingTagToken:
			if !c.start(z) {
				return "", "", false
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if !c.end(atom.Lookup(name)) {
				return "", "", false
			}
		}
	}
}

// start copies a start tag. It reports whether the element is nested as it is written, as far as that is known.
func (c *nested) start(z *html.Tokenizer) bool {
	name, more := z.TagName()
	tag := atom.Lookup(name)
	k, known := kinds[tag]
	empty := k == void || k == rule
	if !known {
		return true
	}
	if k == unlike || len(c.open) == deepestNested || !c.fits(tag, k) {
		return false
	}
	if c.attrs = c.attrs[:0]; more {
		c.readAttrs(z, tag)
	}
	if k == format {
		slices.SortFunc(c.attrs, func(a, b html.Attribute) int { return cmp.Or(cmp.Compare(a.Key, b.Key), cmp.Compare(a.Val, b.Val)) })
	}
	kept := c.stays(tag)
	if kept {
		c.write(tag, empty)
	}
	if empty {
		return true
	}
	c.open = append(c.open, nestedElement{tag, kept})
	c.count(tag, 1)
	return true
}

// fits reports whether an element may begin here without ending another.
func (c *nested) fits(tag atom.Atom, k elementKind) bool {
	var around atom.Atom
	for _, o := range slices.Backward(c.open) {
		if o.kept {
			around = o.tag
			break
		}
	}
	switch {
	case c.paragraphs > 0 && (k == block || k == heading || k == item || k == rule):
		return false
	case k == heading:
		return kinds[around] != heading || around == 0
	case tag == atom.Li:
		return around == atom.Ul || around == atom.Ol
	case k == item:
		return around == atom.Dl
	case tag == atom.A:
		return c.links == 0
	}
	return true
}

// count notes that an element begins or ends.
func (c *nested) count(tag atom.Atom, n int) {
	switch tag {
	case atom.P:
		c.paragraphs += n
	case atom.A:
		c.links += n
	}
}

// readAttrs reads the attributes of a tag that may stay.
func (c *nested) readAttrs(z *html.Tokenizer, tag atom.Atom) {
	for more := true; more; {
		var key, value []byte
		key, value, more = z.TagAttr()
		for _, a := range attrsAllowed[string(key)] {
			if len(a.on) > 0 && !slices.Contains(a.on, tag) || a.matching != nil && !a.matching.Match(value) {
				continue
			}
			attr, ok := html.Attribute{Key: string(key), Val: string(value)}, true
			if len(a.on) > 0 && isAddress(attr.Key) {
				attr.Val, ok = allowedAddress(attr.Val)
			}
			if ok {
				c.attrs = append(c.attrs, attr)
			}
			break
		}
	}
}

// isAddress reports whether the attribute is one whose address is checked.
func isAddress(key string) bool { return key == "href" || key == "src" || key == "cite" }

// allowedAddress returns an address as the policy lets it through.
func allowedAddress(address string) (string, bool) {
	address = strings.TrimSpace(address)
	if strings.ContainsAny(address, " \t\n") {
		return "", false
	}
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "mailto" {
		return "", false
	}
	return u.String(), true
}

// stays completes the attributes that were read, and reports whether the element stays.
func (c *nested) stays(tag atom.Atom) (stays bool) {
	if len(c.attrs) == 0 {
		return tag != atom.A && tag != atom.Img
	}
	c.attrs, stays = c.completed(tag, c.attrs)
	return stays
}

// write writes a start tag.
func (c *nested) write(tag atom.Atom, empty bool) {
	c.lines.tag(tag)
	c.out.WriteByte('<')
	c.out.WriteString(tag.String())
	for _, a := range c.attrs {
		c.out.WriteByte(' ')
		c.out.WriteString(a.Key)
		c.out.WriteString(`="`)
		c.out.WriteString(html.EscapeString(a.Val))
		c.out.WriteByte('"')
	}
	if empty {
		c.out.WriteByte('/')
		c.lines.tag(tag)
	}
	c.out.WriteByte('>')
}

// end copies an end tag. It reports whether it ends the element that was begun last.
func (c *nested) end(tag atom.Atom) bool {
	switch k, known := kinds[tag]; {
	case !known, k == rule, k == void && tag != atom.Br: // </br> is read as <br>, the others as nothing
		return true
	}
	last := len(c.open) - 1
	if last < 0 || c.open[last].tag != tag {
		return false
	}
	if c.open[last].kept {
		c.lines.tag(tag)
		c.out.WriteString("</")
		c.out.WriteString(tag.String())
		c.out.WriteByte('>')
	}
	c.open = c.open[:last]
	c.count(tag, -1)
	return true
}
