package parse

import "strings"

// withoutPrefixes turns XHTML into HTML: element names lose their prefix, CDATA sections become text.
func withoutPrefixes(s string) string {
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			if b.Len() == 0 {
				return s
			}
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		s = s[i:]
		if rest, ok := strings.CutPrefix(s, "<![CDATA["); ok {
			section, rest, _ := strings.Cut(rest, "]]>")
			b.WriteString(escaper.Replace(section))
			s = rest
			continue
		}
		slash := 1
		if len(s) > 1 && s[1] == '/' {
			slash = 2
		}
		name := s[slash : slash+nameLength([]byte(s[slash:min(len(s), slash+128)]))]
		b.WriteString(s[:slash])
		b.WriteString(local(name))
		s = s[slash+len(name):]
	}
}
