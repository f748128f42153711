package parse

import (
	"slices"
	"strings"

	"golang.org/x/net/html"
)

// A text that may be HTML is often text with angle brackets in it. The rules are:
//   - a tag begins with the name of an element of HTML, SVG or MathML and what may follow a name, and ends; every other `<`
//     is a character
//   - a name of another vocabulary (o:p, ya-player) is one where its end tag follows or it ends with `/>`
//   - an element whose content readers do not see (hiddenNames) is one where its end tag follows
//   - a comment or declaration that does not end is text, and the markers of a CDATA section vanish
//   - `<noscript>` represents its children (HTML section 4.12.2), and a picture that a script is to load is a picture
//   - `</br>` is the end of the `<br>` before it
//   - in a headline a tag is of an element that headlines have, and its end tag follows
//
// What is HTML by these rules passes as it is, without a copy.
type markupReader struct {
	s        string
	title    bool
	out      []byte
	done     int
	ends     map[string]int // where the last end tag of a name begins; nil: not looked for
	lastEnd  int            // where the last '>' is
	section  int            // where the end marker of the section being read is; 0: none is
	endless  int            // tags that did not end
	after    string         // the tag before, where nothing but white space is between
	afterEnd int
}

// maxEndless is after how many tags that do not end quotes count no more.
const maxEndless = 16

// asMarkup returns a text that may be HTML as HTML.
func asMarkup(s string) string { return readMarkup(s, false) }

func readMarkup(s string, title bool) string {
	if !strings.Contains(s, "<") {
		return s
	}
	m := &markupReader{s: s, title: title, lastEnd: strings.LastIndexByte(s, '>')}
	for i := 0; i < len(s); {
		lt := strings.IndexByte(s[i:], '<')
		if lt < 0 {
			break
		}
		m.leaveSection(i + lt)
		i = m.tag(i + lt)
	}
	m.leaveSection(len(s))
	if m.done == 0 {
		return s
	}
	return string(append(m.out, s[m.done:]...))
}

// replace puts what for s[start:end].
func (m *markupReader) replace(start, end int, what string) {
	m.out = append(append(m.out, m.s[m.done:start]...), what...)
	m.done = end
}

// literal makes the `<` at i a character.
func (m *markupReader) literal(i int) int {
	m.replace(i, i+1, "&lt;")
	return i + 1
}

// tag reads what the `<` at i begins and returns what follows it.
func (m *markupReader) tag(i int) int {
	rest := m.s[i:]
	switch {
	case i > m.lastEnd:
		return m.literal(i)
	case hasPrefixFold(rest, cdataStart):
		end := strings.Index(rest[:m.lastEnd+1-i], cdataEnd)
		if end < 0 {
			m.lastEnd = min(m.lastEnd, i)
			return m.literal(i)
		}
		m.replace(i, i+len(cdataStart), "")
		m.section = i + end
		return i + len(cdataStart)
	case strings.HasPrefix(rest, "<!--"):
		if end := strings.Index(rest[4:], "-->"); end >= 0 {
			return i + 4 + end + len("-->")
		}
		return m.literal(i)
	case len(rest) > 2 && (rest[1] == '!' || rest[1] == '?') && isLetter(rest[2]):
		return i + strings.IndexByte(rest, '>') + 1
	}
	start := 1
	if strings.HasPrefix(rest, "</") {
		start = 2
	}
	n := nameLength(rest[start:min(len(rest), start+maxName)])
	end, closed := 0, false
	if n > 0 && start+n < len(rest) && isNameEnd(rest[start+n]) {
		end, closed = m.tagEnd(i + start + n)
	}
	if !closed || !m.isElement(strings.ToLower(rest[start:start+n]), i, end, start == 2) {
		return m.literal(i)
	}
	return m.element(strings.ToLower(rest[start:start+n]), i, end, start == 2)
}

// maxName is the length of the longest name of an element.
const maxName = 64

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

// isNameEnd reports whether c may follow the name of a tag.
func isNameEnd(c byte) bool { return isSpace(c) || c == '\f' || c == '>' || c == '/' }

// leaveSection leaves out the end marker of a section before i.
func (m *markupReader) leaveSection(i int) {
	if m.section > 0 && m.section < i {
		if m.section >= m.done {
			m.replace(m.section, m.section+len(cdataEnd), "")
		}
		m.section = 0
	}
}

// tagEnd returns what follows the tag whose name ends at i, quotes heeded.
func (m *markupReader) tagEnd(i int) (end int, closed bool) {
	if m.endless >= maxEndless {
		n := strings.IndexByte(m.s[i:], '>')
		return i + n + 1, n >= 0
	}
	for quote := byte(0); i < len(m.s); i++ {
		switch c := m.s[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '>':
			return i + 1, true
		case c == '<':
			return 0, false
		case (c == '"' || c == '\'') && isQuoteStart(m.s[:i]):
			quote = c
		}
	}
	m.endless++
	return 0, false
}

// isQuoteStart reports whether a quote behind s begins a value: an equals sign precedes it.
func isQuoteStart(s string) bool {
	for i := len(s) - 1; i >= 0; i-- {
		if !isSpace(s[i]) {
			return s[i] == '='
		}
	}
	return false
}

// isElement reports whether the tag of that name from i to end is markup.
func (m *markupReader) isElement(name string, i, end int, isEnd bool) bool {
	switch {
	case m.title && (isEnd || voidNames[name]):
		return headlineNames[name]
	case m.title:
		return headlineNames[name] && (m.endAt(name) >= end || name == "p" && i == 0)
	case !markupNames[name] || name == "plaintext":
		return strings.ContainsAny(name, ":-") && (isEnd || m.s[end-2] == '/' || m.endAt(name) >= end)
	case hiddenNames[name] && !isEnd:
		return m.s[end-2] == '/' && (name == "svg" || name == "math") || m.endAt(name) >= end
	}
	return true
}

// endAt returns where the last end tag of that name begins, -1 if there is none.
func (m *markupReader) endAt(name string) int {
	if m.ends == nil {
		m.ends = lastEndTags(m.s, 0, "")
	}
	if at, ok := m.ends[name]; ok {
		return at
	}
	return -1
}

// element passes over the tag of that name from i to end, or rewrites it.
func (m *markupReader) element(name string, i, end int, isEnd bool) int {
	switch {
	case name == "noscript":
		m.replace(i, end, "")
	case name == "br" && isEnd && m.after == "br" && strings.TrimSpace(m.s[m.afterEnd:i]) == "":
		m.replace(i, end, "")
		m.after = ""
		return end
	case name == "img" && !isEnd:
		if tag, ok := loadedPicture(m.s[i:end]); ok {
			m.replace(i, end, tag)
		}
	}
	m.after, m.afterEnd = name, end
	if isEnd {
		m.after = ""
	}
	return end
}

// headlineNames are the elements that headlines have.
var headlineNames = names(`a abbr acronym b bdi bdo big br center cite code div em font h1 h2 h3 h4 h5 h6 i img ins kbd mark nobr p q s
	small span strike strong sub sup tt u var wbr`)

// Where scripts find the picture that they load.
var (
	lazySources = []string{"data-src", "data-lazy-src", "data-original", "data-original-src", "data-lazy", "data-actualsrc",
		"data-hi-res-src", "data-full-src", "data-orig-file", "data-image", "data-img-src", "data-url"}
	lazySets = []string{"data-srcset", "data-lazy-srcset", "data-original-set", "srcset"}
)

// loadedPicture returns an img tag as a script that loads pictures leaves it; it is not ok where none is needed.
func loadedPicture(tag string) (loaded string, ok bool) {
	if lower := strings.ToLower(tag); !strings.Contains(lower, "data-") && !strings.Contains(lower, "srcset") {
		return "", false
	}
	z := html.NewTokenizer(strings.NewReader(tag))
	if k := z.Next(); k != html.StartTagToken && k != html.SelfClosingTagToken {
		return "", false
	}
	t := z.Token()
	src := htmlAttr(t, "src")
	picture := ""
	for _, key := range lazySources {
		if v := htmlAttr(t, key); picture == "" && isPicture(v) {
			picture = v
		}
	}
	for _, key := range lazySets {
		if v := largest(htmlAttr(t, key)); picture == "" && isPlaceholder(src) && isPicture(v) {
			picture = v
		}
	}
	if picture == "" || picture == src {
		return "", false
	}
	attrs := without(t.Attr, "src", "srcset")
	if isPlaceholder(src) {
		attrs = withoutTiny(attrs)
	}
	t.Attr = append(attrs, html.Attribute{Key: "src", Val: picture})
	return t.String(), true
}

// isPicture reports whether s may be the address of a picture.
func isPicture(s string) bool {
	return s != "" && !isPlaceholder(s) && !strings.ContainsAny(s, "{}<>\"") &&
		(isWeb(oneLine(s)) || !hasScheme(s) && strings.ContainsAny(s, "./"))
}

// isPlaceholder reports whether the src of a picture is not the picture itself.
func isPlaceholder(src string) bool {
	lower := strings.ToLower(src)
	if lower == "" || lower == "#" || hasScheme(src) && !strings.HasPrefix(lower, "http:") && !strings.HasPrefix(lower, "https:") {
		return true
	}
	name, _ := cutAt(lower[strings.LastIndexByte(lower, '/')+1:], "?#")
	return slices.ContainsFunc(placeholders, func(word string) bool { return strings.Contains(name, word) })
}

// placeholders are words in the names of files that take the place of a picture.
var placeholders = []string{"placeholder", "blank", "spacer", "lazy", "loading", "loader", "1x1", "pixel", "transparent", "empty", "grey.",
	"gray.", "dummy"}

// largest returns the address in a srcset with the highest number, of equal ones the first (HTML section 4.8.4.2.1).
func largest(srcset string) string {
	best, most := "", -1
	for _, candidate := range strings.Split(strings.ReplaceAll(srcset, "\n", " "), ", ") {
		fields := strings.Fields(strings.Trim(candidate, " ,"))
		if len(fields) == 0 {
			continue
		}
		size := 0
		if len(fields) > 1 {
			size = pixels(strings.TrimRight(fields[1], "wxh"))
		}
		if size > most {
			best, most = fields[0], size
		}
	}
	return best
}

// withoutTiny drops the size of a placeholder.
func withoutTiny(attrs []html.Attribute) []html.Attribute {
	kept := attrs[:0]
	for _, a := range attrs {
		if (a.Key != "width" && a.Key != "height") || len(strings.TrimSpace(a.Val)) > 1 {
			kept = append(kept, a)
		}
	}
	return kept
}

// The markers of a CDATA section.
const (
	cdataStart = "<![CDATA["
	cdataEnd   = "]]>"
)

// maxWraps is how many sections inside each other are unwrapped.
const maxWraps = 8

// unwrapped returns a value without the markers of CDATA sections around the whole of it.
func unwrapped(s string) string {
	for range maxWraps {
		inner := strings.TrimSpace(s)
		switch {
		case hasPrefixFold(inner, cdataStart) && strings.HasSuffix(inner, cdataEnd):
			s = inner[len(cdataStart) : len(inner)-len(cdataEnd)]
		case hasPrefixFold(inner, "&lt;![CDATA[") && strings.HasSuffix(inner, "]]&gt;"):
			s = unescape(inner[len("&lt;![CDATA["):len(inner)-len("]]&gt;")], nil)
		case hasPrefixFold(inner, cdataStart) && !strings.Contains(inner, cdataEnd):
			s = inner[len(cdataStart):]
		default:
			return s
		}
	}
	return s
}

func hasPrefixFold(s, prefix string) bool {
	_, ok := cutPrefixFold(s, prefix)
	return ok
}
