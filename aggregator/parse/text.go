package parse

import (
	"cmp"
	"strings"

	"dateline/aggregator/text"
)

// title returns the text of a title that may be HTML or not (RSS does not say). Tags go where they are of elements that
// headlines have (see markup.go); references go though XML took some already, since a headline never means one.
func title(s string) string {
	s = unwrapped(s)
	if !strings.ContainsAny(s, "<&") {
		return text.Line(s)
	}
	if markup := readMarkup(s, true); strings.Contains(markup, "<") {
		return flat(markup)
	}
	return text.Line(unescape(s, nil))
}

// withoutSource returns a headline without the name of the source that its item came from, which aggregators put before or
// behind it: `Name: headline`, `headline - Name`.
func withoutSource(headline, name string) string {
	if name == "" || len(headline) <= len(name) {
		return headline
	}
	if rest, ok := cutPrefixFold(headline, name); ok {
		for _, sign := range []string{": ", ", "} {
			if rest, ok := strings.CutPrefix(rest, sign); ok && (sign == ": " || isCorrected(rest)) {
				return cmp.Or(strings.TrimSpace(rest), headline)
			}
		}
	}
	at := len(headline) - len(name)
	if !strings.EqualFold(headline[at:], name) {
		return headline
	}
	for _, sign := range []string{" - ", " | ", " – ", " — ", " ‒ ", " · ", " • ", " :: "} {
		if rest, ok := strings.CutSuffix(headline[:at], sign); ok {
			return cmp.Or(strings.TrimSpace(rest), headline)
		}
	}
	return headline
}

// isCorrected reports whether a headline begins as that of a correction in our own feeds does behind the name.
func isCorrected(s string) bool {
	return hasPrefixFold(s, "corrected: ")
}

// htmlOf returns a text that may be HTML or not as HTML, decoding once more what was escaped twice: it
// has no tag of its own, but one of HTML once decoded.
func htmlOf(s string) string {
	if s = unwrapped(s); len(s) > MaxToken {
		s = string(shorten([]byte(s)))
	}
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
		n := nameLength(s[:min(len(s), 16)])
		if n > 0 && n < len(s) && (s[n] == '>' || s[n] == '/' || isSpace(s[n])) && htmlNames[strings.ToLower(s[:n])] {
			return true
		}
	}
}
