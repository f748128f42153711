package parse

import (
	"bytes"
	"html"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Bounds of the entities that a document declares: enough for a name or an address, too little for a bomb.
const (
	maxEntities     = 64
	maxEntityLength = 1024
)

var entityDecl = regexp.MustCompile(`<!ENTITY\s+([A-Za-z_][\w.-]*)\s+(?:"([^"]*)"|'([^']*)')\s*>`)

// declaredEntities reads the internal entities of a document type declaration (XML 1.0 section 4.2.1).
// An entity may refer to earlier ones. Those beyond the bounds and external ones are not declared.
func declaredEntities(doctype []byte) map[string]string {
	entities := map[string]string{}
	for _, m := range entityDecl.FindAllSubmatch(doctype, maxEntities) {
		value := unescape(string(m[2])+string(m[3]), entities)
		if len(value) <= maxEntityLength {
			entities[string(m[1])] = value
		}
	}
	return entities
}

// unescape replaces the references in s, once.
func unescape(s string, entities map[string]string) string {
	i := strings.IndexByte(s, '&')
	if i < 0 {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	for ; i >= 0; i = strings.IndexByte(s, '&') {
		b.WriteString(s[:i])
		s = s[i:]
		value, size := xmlReference(s)
		if size == 0 {
			value, size, _ = reference([]byte(s[:min(len(s), maxReference)]), entities)
		}
		if size == 0 {
			value, size = "&", 1
		}
		b.WriteString(value)
		s = s[size:]
	}
	b.WriteString(s)
	return b.String()
}

// maxReference is longer than any reference: HTML's longest name has 31 letters.
const maxReference = 64

// reference reads the reference that s begins with: the text it stands for and its length, 0 where the
// ampersand begins none. plain reports that XML reads it likewise, so that it may stay as it is.
func reference(s []byte, entities map[string]string) (value string, size int, plain bool) {
	if value, size = xmlReference(s); size > 0 {
		return value, size, true
	}
	if len(s) > 1 && s[1] == '#' {
		return numeric(s)
	}
	end := bytes.IndexByte(s[:min(len(s), maxReference)], ';')
	if end < 2 {
		return "", 0, false
	}
	if v, ok := entities[string(s[1:end])]; ok {
		return v, end + 1, false
	}
	if nameLength(s[1:]) != end-1 {
		return "", 0, false
	}
	name := string(s[:end+1])
	if v := html.UnescapeString(name); v != name && !strings.HasSuffix(v, ";") {
		return v, end + 1, false
	}
	return "", 0, false
}

// xmlReference reads one of the five references that XML itself knows (XML 1.0 section 4.6).
func xmlReference[T string | []byte](s T) (value string, size int) {
	switch {
	case len(s) < 4:
	case string(s[:4]) == "&lt;":
		return "<", 4
	case string(s[:4]) == "&gt;":
		return ">", 4
	case len(s) < 5:
	case string(s[:5]) == "&amp;":
		return "&", 5
	case len(s) < 6:
	case string(s[:6]) == "&quot;":
		return `"`, 6
	case string(s[:6]) == "&apos;":
		return "'", 6
	}
	return "", 0
}

// numeric reads a character reference. One without a semicolon is read as HTML reads it, one to a
// windows-1252 position likewise, and one to a character that XML forbids stands for nothing.
func numeric(s []byte) (value string, size int, plain bool) {
	i, base := 2, 10
	if len(s) > 2 && (s[2] == 'x' || s[2] == 'X') {
		i, base = 3, 16
	}
	digits := i
	for i < len(s) && isDigit(s[i], base) {
		i++
	}
	if i == digits {
		return "", 0, false
	}
	ended := i < len(s) && s[i] == ';'
	n, err := strconv.ParseUint(string(s[digits:i]), base, 32)
	size = i
	if ended {
		size++
	}
	r := rune(n)
	switch {
	case err != nil || n > utf8.MaxRune || !utf8.ValidRune(r) || r == 0xfffe || r == 0xffff || r == 0x7f,
		r < 0x20 && r != '\t' && r != '\n' && r != '\r':
		return "", size, false
	case r >= 0x80 && r < 0xa0:
		s := html.UnescapeString("&#" + strconv.Itoa(int(r)) + ";")
		if []rune(s)[0] < 0xa0 {
			s = "" // windows-1252 has no letter there either
		}
		return s, size, false
	}
	return string(r), size, ended && s[2] != 'X'
}

func isDigit(c byte, base int) bool {
	return c >= '0' && c <= '9' || base == 16 && (c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F')
}

// escaper writes text so that XML and HTML read it back in every place.
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "'", "&#39;")
