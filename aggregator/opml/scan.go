package opml

import (
	"bytes"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"dateline/aggregator/text"
)

// scanner splits a document into tags and text. It takes any text for a document: a tag whose quotes do not match ends
// before the next tag that OPML knows, so that one broken outline does not take the next one with it.
type scanner struct {
	text string // the document
	at   int    // where the next token begins
	line int    // of the token, from 1

	kind   tokenKind
	token  string // text of the token; of a tag what is between its name and its end
	name   string // of a tag, in lower case
	closed bool   // a start tag that is its own end tag
	broken bool   // a tag whose end was not found

	start   int                 // of the token
	counted int                 // up to where lines are counted
	nextTag int                 // where one of OPML's own tags or a comment begins, if that is after at
	endless [len(sections)]bool // sections that have no end in what is left
}

type tokenKind int

const (
	characters tokenKind = iota
	tagStart
	tagEnd
)

// sections are the parts of a document that are neither tags nor text. A document type is read as text: nothing follows
// from it.
var sections = [...]struct{ begin, end string }{{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}}

// next reads the next token and reports whether there is one.
func (s *scanner) next() bool {
	for s.at < len(s.text) {
		s.start = s.at
		s.line += strings.Count(s.text[s.counted:s.start], "\n")
		s.counted = s.start
		s.kind, s.token, s.name, s.closed, s.broken = characters, "", "", false, false
		rest := s.text[s.at:]
		switch {
		case rest[0] != '<':
			s.token = rest
			if i := strings.IndexByte(rest, '<'); i >= 0 {
				s.token = rest[:i]
			}
			s.at += len(s.token)
			return true
		case s.section(rest):
			if s.token != "" {
				return true
			}
		case s.tag(rest):
			return true
		default: // a bare <
			s.token = "<"
			s.at++
			return true
		}
	}
	return false
}

// section skips a comment, a CDATA section or a processing instruction; token is the text of a CDATA section. One without
// an end is read as if it had not begun.
func (s *scanner) section(rest string) bool {
	for i, section := range sections {
		body, ok := strings.CutPrefix(rest, section.begin)
		if !ok {
			continue
		}
		length := -1
		if !s.endless[i] {
			length = strings.Index(body, section.end)
		}
		if length < 0 {
			s.endless[i] = true
			s.at += len(section.begin)
			return true
		}
		s.at += len(section.begin) + length + len(section.end)
		if section.begin == "<![CDATA[" {
			s.token = strings.ReplaceAll(body[:length], "&", "&amp;") // it is unescaped with the text around it
		}
		return true
	}
	return false
}

// known are the elements of OPML.
var known = map[string]bool{"opml": true, "head": true, "title": true, "body": true, "outline": true}

// nextTag finds what no attribute holds: one of OPML's own tags or a comment.
var nextTag = regexp.MustCompile(`(?i)<(/?(outline|title|body|head|opml)[\s/>]|!--)`)

func (s *scanner) tag(rest string) bool {
	name, isEnd := strings.CutPrefix(rest[1:], "/")
	n := 0
	for n < len(name) && isNameByte(name[n]) {
		n++
	}
	if n == 0 {
		return false
	}
	s.kind, s.name = tagStart, strings.ToLower(name[:n])
	if isEnd {
		s.kind = tagEnd
	}
	s.at += len(rest) - len(name) + n
	if !known[s.name] {
		return true // its attributes are read as text
	}
	body := s.text[s.at:s.limit()]
	if end := endOfTag(body); end >= 0 {
		s.at += end + 1
		body = body[:end]
	} else {
		s.broken = true
		s.at += len(body)
		body = strings.TrimSuffix(strings.TrimRight(body, " \t\n"), ">")
	}
	s.token, s.closed = strings.CutSuffix(strings.TrimRight(body, " \t\n"), "/")
	return true
}

// limit returns where a tag whose name ends at s.at has to end.
func (s *scanner) limit() int {
	if s.nextTag < s.at {
		s.nextTag = len(s.text)
		if next := nextTag.FindStringIndex(s.text[s.at:]); next != nil {
			s.nextTag = s.at + next[0]
		}
	}
	return s.nextTag
}

func isNameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == ':' || c == '_' || c == '-' || c == '.'
}

// endOfTag returns where the > of a tag is, outside of quotes; -1: nowhere.
func endOfTag(body string) int {
	quote := byte(0)
	for i := range len(body) {
		switch c := body[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>':
			return i
		}
	}
	return -1
}

// attribute is one attribute; its value may lack the quotes.
var attribute = regexp.MustCompile(`([A-Za-z_][\w:.-]*)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+))`)

// attrs returns the attributes of a tag that can be read, unescaped; of several of one name, all.
func (s *scanner) attrs() []Attr {
	var all []Attr
	for _, m := range attribute.FindAllStringSubmatch(s.token, -1) {
		all = append(all, Attr{Name: m[1], Value: unescaped(m[2] + m[3] + m[4])})
	}
	return all
}

// column returns the column of the token, in bytes, from 1.
func (s *scanner) column() int { return s.start - strings.LastIndexByte(s.text[:s.start], '\n') }

// declaration is an XML declaration with an encoding.
var declaration = regexp.MustCompile(`^\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']+)`)

// decoded returns a document in UTF-8 with line ends as on Unix: what its byte order mark, its first character or its XML
// declaration says it is, else UTF-8, and what [text.LikelyEncoding] finds where it is not UTF-8. Bytes that are none of the encoding
// become U+FFFD.
func decoded(b []byte) string {
	var e encoding.Encoding = unicode.UTF8
	switch label := declaration.FindSubmatch(b[:min(len(b), 512)]); {
	case bytes.HasPrefix(b, []byte("<\x00")):
		e = unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	case bytes.HasPrefix(b, []byte("\x00<")):
		e = unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)
	case label != nil:
		// A declaration that can be read as ASCII is not in UTF-16, even if it says so.
		if found, name := charset.Lookup(string(label[1])); found != nil && name != "utf-8" && !strings.HasPrefix(name, "utf-16") {
			e = found
		}
	}
	if e == encoding.Encoding(unicode.UTF8) && !utf8.Valid(b) {
		if likely := text.LikelyEncoding(b); likely != nil {
			e = likely // a byte order mark wins over it
		}
	}
	out, _, err := transform.Bytes(unicode.BOMOverride(e.NewDecoder()), b)
	if err != nil {
		out = bytes.ToValidUTF8(b, []byte("\ufffd"))
	}
	return strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(out))
}
