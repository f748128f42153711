package parse

import (
	"bytes"
	"maps"
	"strings"
	"unicode/utf8"
)

// detect finds out what text is. For a feed in XML it returns "rss", "rdf" or "atom", where the root
// element begins and the entities that the document declares; for a JSON document "json" and where it
// begins. For anything else it returns a [*NotFeedError].
func detect(text []byte) (format string, start int, entities map[string]string, err error) {
	root, entities := prologue(text, 0)
	if f := rootFormat(text[root:]); f != "" {
		return f, root, entities, nil
	}
	if root < len(text) && text[root] == '{' {
		return "json", root, nil, nil
	}
	// A program's warnings printed before the document do not make it another one.
	if i := bytes.Index(text[root:], []byte("<?xml")); i > 0 && !bytes.Contains(bytes.ToLower(text[:root+i]), []byte("<html")) {
		again, entities := prologue(text, root+i)
		if f := rootFormat(text[again:]); f != "" {
			return f, again, entities, nil
		}
	}
	return "", 0, nil, &NotFeedError{What: whatIs(text, root), Snippet: snippet(text)}
}

// rootFormat returns the format of the document whose root element begins at s, "" if it is none of ours.
func rootFormat(s []byte) string {
	switch strings.ToLower(local(tagName(s))) {
	case "rss":
		return "rss"
	case "rdf":
		return "rdf"
	case "feed":
		return "atom"
	case "entry": // an Atom Entry Document (RFC 4287 section 2)
		if gt := bytes.IndexByte(s, '>'); gt > 0 && bytes.Contains(s[:gt], []byte(atom10)) {
			return "atom"
		}
	}
	return ""
}

// whatIs names what begins at root and is no feed.
func whatIs(text []byte, root int) string {
	head := strings.ToLower(string(text[:min(root+512, len(text))]))
	switch {
	case root == len(text) && len(bytes.TrimSpace(text)) == 0:
		return "empty"
	case root < len(text) && (text[root] == '{' || text[root] == '['):
		return "JSON"
	case strings.Contains(head, "<!doctype html"):
		return "HTML"
	}
	if root == len(text) {
		return "text"
	}
	name := tagName(text[root:])
	if lower := strings.ToLower(name); lower == "html" || pageNames[lower] && !bytes.Contains(text[:root], []byte("<?xml")) {
		return "HTML"
	}
	if name == "" {
		return "text"
	}
	return name
}

// prologue returns where what follows white space, comments, processing instructions and the document
// type at i begins (XML 1.0 section 2.8), and the entities declared there.
func prologue(text []byte, i int) (int, map[string]string) {
	var entities map[string]string
	for i < len(text) {
		rest := text[i:]
		end := -1
		switch {
		case isSpace(rest[0]):
			i++
			continue
		case bytes.HasPrefix(rest, []byte("<?")):
			end = after(rest, "?>")
		case bytes.HasPrefix(rest, []byte("<!--")):
			end = after(rest, "-->")
		case bytes.HasPrefix(rest, []byte("<!")):
			end = doctypeEnd(rest)
			if end > 0 {
				entities = declaredEntities(rest[:end])
			}
		}
		if end < 0 {
			return i, entities
		}
		i += end
	}
	return i, entities
}

// after returns the offset behind the first end in s, -1 if it has none.
func after(s []byte, end string) int {
	i := bytes.Index(s, []byte(end))
	if i < 0 {
		return -1
	}
	return i + len(end)
}

// doctypeEnd returns the offset behind the declaration that s begins with, internal subset included; -1 if it does not end.
func doctypeEnd(s []byte) int {
	depth := 0
	var quote byte
	for i := 2; i < len(s); i++ {
		c := s[i]
		switch {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '<':
			depth++
		case c == '>' && depth == 0:
			return i + 1
		case c == '>':
			depth--
		case c == '[':
			depth++
		case c == ']':
			depth--
		}
	}
	return -1
}

// tagName returns the name of the start tag that s begins with, "" if it begins with none.
func tagName(s []byte) string {
	if len(s) == 0 || s[0] != '<' {
		return ""
	}
	return string(s[1 : 1+nameLength(s[1:])])
}

// local returns a name without its prefix.
func local(name string) string {
	return name[strings.IndexByte(name, ':')+1:]
}

// snippet returns the beginning of text, white space squeezed, at most 200 characters.
func snippet(text []byte) string {
	s := string(text[:min(len(text), 2000)])
	s = strings.Join(strings.Fields(strings.ToValidUTF8(s, "")), " ")
	if utf8.RuneCountInString(s) > 200 {
		s = string([]rune(s)[:200])
	}
	return s
}

// pageNames are the elements that pages and parts of pages begin with. Others of HTML, such as data, map and svg, are also the
// roots of documents that are none.
var pageNames = names(`html head body title meta link script style div span p a b i u em strong font br hr center h1 h2 h3 h4 h5 h6
	table ul ol li dl form iframe frameset img noscript nav header footer main article section blockquote pre`)

// htmlNames are element names of HTML, of all ages.
var htmlNames = names(`a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big
	blink blockquote body br button canvas caption center cite code col colgroup command content data datalist dd del details
	dfn dialog dir div dl dt em embed fencedframe fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6
	head header hgroup hr html i iframe image img input ins isindex kbd keygen label legend li link listing main map mark
	marquee menu menuitem meta meter multicol nav nextid nobr noembed noframes noscript object ol optgroup option output p
	param picture plaintext portal pre progress q rb rbc rp rt rtc ruby s samp script search section select selectedcontent
	shadow slot small source spacer span strike strong style sub summary sup svg table tbody td template textarea tfoot th
	thead time title tr track tt u ul var video wbr xmp`)

// markupNames are the element names of HTML, SVG and MathML, in lower case: what looks like a tag of another is text.
var markupNames = names(`math annotation annotation-xml maction maligngroup malignmark menclose merror mfenced mfrac mglyph mi
	mlabeledtr mlongdiv mmultiscripts mn mo mover mpadded mphantom mprescripts mroot mrow ms mscarries mscarry msgroup msline
	mspace msqrt msrow mstack mstyle msub msubsup msup mtable mtd mtext mtr munder munderover none semantics
	altglyph altglyphdef altglyphitem animate animatecolor animatemotion animatetransform circle clippath color-profile cursor
	defs desc discard ellipse feblend fecolormatrix fecomponenttransfer fecomposite feconvolvematrix fediffuselighting
	fedisplacementmap fedistantlight fedropshadow feflood fefunca fefuncb fefuncg fefuncr fegaussianblur feimage femerge
	femergenode femorphology feoffset fepointlight fespecularlighting fespotlight fetile feturbulence filter font-face
	font-face-format font-face-name font-face-src font-face-uri foreignobject g glyph glyphref hatch hatchpath hkern line
	lineargradient marker mask mesh meshgradient meshpatch meshrow metadata missing-glyph mpath path pattern polygon polyline
	radialgradient rect set solidcolor stop switch symbol text textpath tref tspan use view vkern`, htmlNames)

// names returns the set of the names in a list and of those in others.
func names(list string, others ...map[string]bool) map[string]bool {
	set := map[string]bool{}
	for _, n := range strings.Fields(list) {
		set[n] = true
	}
	for _, o := range others {
		maps.Copy(set, o)
	}
	return set
}
