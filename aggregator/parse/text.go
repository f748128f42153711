package parse

import (
	"strings"

	"dateline/aggregator/text"
)

// title returns the text of a title that may be HTML or not (RSS does not say). Tags go where they are
// of HTML; references go though XML took some already, since a headline never means one.
func title(s string) string {
	if !strings.ContainsAny(s, "<&") {
		return text.Line(s)
	}
	if hasTag(s) {
		return flat(s)
	}
	return text.Line(unescape(s, nil))
}

// htmlOf returns a text that may be HTML or not as HTML, decoding once more what was escaped twice: it
// has no tag of its own, but one of HTML once decoded.
func htmlOf(s string) string {
	if !strings.Contains(s, "&lt;") || hasTag(s) {
		return s
	}
	if once := unescape(s, nil); hasTag(once) {
		return once
	}
	return s
}

// hasTag reports whether s has a tag of HTML.
func hasTag(s string) bool {
	s = s[:strings.LastIndexByte(s, '>')+1]
	for {
		i := strings.IndexByte(s, '<')
		if i < 0 {
			return false
		}
		s = strings.TrimPrefix(s[i+1:], "/")
		n := nameLength([]byte(s[:min(len(s), 16)]))
		if n > 0 && n < len(s) && (s[n] == '>' || s[n] == '/' || isSpace(s[n])) && htmlNames[strings.ToLower(s[:n])] {
			return true
		}
	}
}
