package parse

import (
	"bytes"
	"strings"
)

// htmlOfXHTML turns well-formed XHTML into HTML: names of elements lose their prefix, CDATA sections
// become text, and empty elements get the end tag that HTML needs: to it `<a/>` does not end.
func htmlOfXHTML(text string) string {
	if !strings.Contains(text, "<") {
		return text
	}
	var b strings.Builder
	s := []byte(text)
	for {
		i := bytes.IndexByte(s, '<')
		if i < 0 {
			b.Write(s)
			return b.String()
		}
		b.Write(s[:i])
		s = s[i:]
		if rest, ok := bytes.CutPrefix(s, []byte("<![CDATA[")); ok {
			section, rest, _ := bytes.Cut(rest, []byte("]]>"))
			b.WriteString(escaper.Replace(string(section)))
			s = rest
			continue
		}
		s = s[writeTag(&b, s):]
	}
}

// writeTag writes the tag that s begins with and returns where it ends.
func writeTag(b *strings.Builder, s []byte) int {
	start := len("<")
	if bytes.HasPrefix(s, []byte("</")) {
		start = len("</")
	}
	nameEnd := start + nameLength(s[start:])
	name := local(string(s[start:nameEnd]))
	_, end, ok := attributes(nil, s, nameEnd)
	if !ok {
		end = nameEnd
	}
	b.Write(s[:start])
	b.WriteString(name)
	attrs, empty := bytes.CutSuffix(s[nameEnd:end], []byte("/>"))
	if !empty || start == len("</") || voidNames[strings.ToLower(name)] {
		b.Write(s[nameEnd:end])
		return end
	}
	b.Write(attrs)
	b.WriteString("></" + name + ">")
	return end
}

// voidNames are the elements of HTML that never have an end tag.
var voidNames = names("area base br col embed hr img input link meta param source track wbr")
