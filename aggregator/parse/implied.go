package parse

import (
	"bytes"
	"strings"
)

// Markup that is in a text as it is, not escaped, is seldom XML. The rules inside a field of an item are:
//   - `<br>` and its like have no end tag (HTML section 13.1.2, void elements); what stands for theirs vanishes
//   - `<p>`, `<li>` and the like end where the next one begins (HTML section 13.1.2.4, optional tags)
//   - what names no element of HTML, SVG or MathML and has no end tag in the field is a word in angle brackets: <NOR.TO>
//   - in a title, and for elements whose content is not shown, so is every start tag without its end tag

// endTags are the end tags in a field of an item.
type endTags struct {
	field int            // where the start tag of the field is in the text written
	last  map[string]int // where the last end tag of a name begins; nil: not looked for
}

// inText reports whether the next element is inside a field of an item.
func (m *repairer) inText() bool { return m.item >= 0 && len(m.open) >= m.item+2 }

// isWord reports whether the tag of that name at pos is a word in angle brackets.
func (m *repairer) isWord(name string, pos int) bool {
	if m.rewrites || !m.inText() || strings.Contains(name, ":") {
		return false
	}
	lower := strings.ToLower(name)
	if voidNames[lower] || (markupNames[lower] && !hiddenNames[lower] && !m.isTitle()) {
		return false
	}
	return !m.hasEnd(lower, pos)
}

// isTitle reports whether the innermost field is a title.
func (m *repairer) isTitle() bool {
	return strings.EqualFold(local(m.open[m.item+1].name), "title")
}

// hasEnd reports whether an end tag of the lower-case name is in the field behind pos.
func (m *repairer) hasEnd(name string, pos int) bool {
	o := m.open[m.item+1]
	if !strings.EqualFold(name, o.name) && endsNext(m.in[pos+1:], name) {
		return true // without a look at the whole field
	}
	if m.ends.last == nil || m.ends.field != o.start {
		m.ends = endTags{o.start, lastEndTags(m.in, pos, strings.ToLower(o.name))}
	}
	return m.ends.last[name] > pos
}

// endsNext reports whether the next tag in s is the end tag of that name, in any case.
func endsNext(s []byte, name string) bool {
	lt := bytes.IndexByte(s, '<')
	if lt < 0 || !bytes.HasPrefix(s[lt:], []byte("</")) {
		return false
	}
	s = s[lt+len("</"):]
	return bytes.EqualFold(s[:nameLength(s)], []byte(name))
}

// lastEndTags returns where the last end tags in s begin, by name in lower case, from pos up to one of the name last.
func lastEndTags[T string | []byte](s T, pos int, last string) map[string]int {
	ends := map[string]int{}
	for i := pos; i < len(s)-1; i++ {
		if s[i] != '<' || s[i+1] != '/' {
			continue
		}
		i += len("</")
		n := nameLength(s[i:min(len(s), i+maxName)])
		name := strings.ToLower(string(s[i : i+n]))
		if name == last && n > 0 {
			break
		}
		ends[name] = i - len("</")
	}
	return ends
}

// voidInText are the elements without end tag, but for those that feeds have elements of their own of that name.
var voidInText = names("area base br col embed hr img input meta param track wbr")

// hiddenNames are the elements whose content readers do not see, or not as text.
var hiddenNames = names(`applet audio button canvas form frameset head iframe math noembed noframes object script select style svg template
	textarea title video xmp`)

// implied lists the elements that the start of another ends, and those beyond which it ends none.
type implied struct{ ends, within map[string]bool }

var (
	listItems   = implied{names("li"), names("ul ol menu")}
	terms       = implied{names("dt dd"), names("dl")}
	cells       = implied{names("td th"), names("table tr")}
	rows        = implied{names("tr td th"), names("table tbody thead tfoot")}
	rowGroups   = implied{names("tbody thead tfoot tr td th"), names("table")}
	options     = implied{names("option"), names("select optgroup datalist")}
	paragraph   = implied{names("p"), names("td th table caption button object")}
	impliedEnds = map[string]implied{"li": listItems, "dt": terms, "dd": terms, "td": cells, "th": cells, "tr": rows, "tbody": rowGroups,
		"thead": rowGroups, "tfoot": rowGroups, "option": options}
	// paragraphEnds are the elements that no paragraph goes on behind.
	paragraphEnds = names(`address article aside blockquote center details dialog dir div dl fieldset figcaption figure footer form
		h1 h2 h3 h4 h5 h6 header hgroup hr main menu nav ol p pre search section table ul li dt dd`)
)

// closeImplied closes what the start of an element called name ends, before pos.
func (m *repairer) closeImplied(name string, pos int) {
	if !m.inText() {
		return
	}
	name = strings.ToLower(name)
	if paragraphEnds[name] {
		m.closeWithin(paragraph, pos)
	}
	if i, ok := impliedEnds[name]; ok {
		m.closeWithin(i, pos)
	}
}

// closeWithin closes the outermost of the elements that are ended, and what is open in it.
func (m *repairer) closeWithin(i implied, pos int) {
	found := -1
	for n := len(m.open) - 1; n > m.item+1; n-- {
		name := strings.ToLower(m.open[n].name)
		if i.within[name] {
			break
		}
		if i.ends[name] {
			found = n
		}
	}
	if found >= 0 {
		m.closeTo(found, pos)
	}
}
