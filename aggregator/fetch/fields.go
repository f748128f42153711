package fetch

import (
	"iter"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Link is a link that the header of an answer carries (RFC 8288): for WebSub the hub and the topic, and other forms of
// a page, its feeds among them.
type Link struct {
	Rel  string // hub, self or alternate
	URL  string // absolute
	Type string // media type that it promises, in lower case; may be empty
}

// links returns the hub, self and alternate links of h, in order. Relative addresses are resolved against base.
func links(h http.Header, base *url.URL) []Link {
	var found []Link
	for value := range fieldItems(h, "Link", ',') {
		target, params, ok := strings.Cut(strings.TrimPrefix(value, "<"), ">")
		if !ok || !strings.HasPrefix(value, "<") {
			continue
		}
		u, err := base.Parse(strings.TrimSpace(target))
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") {
			continue
		}
		rels, mediaType := linkParams(params)
		for _, rel := range rels {
			if rel == "hub" || rel == "self" || rel == "alternate" {
				found = append(found, Link{Rel: rel, URL: u.String(), Type: mediaType})
			}
		}
	}
	return found
}

// linkParams returns the relation types of a link and its media type, in lower case. Of several rel parameters the
// first counts (RFC 8288 section 3.3); a link about another document than this one (anchor) is none of ours.
func linkParams(params string) (rels []string, mediaType string) {
	for param := range split(params, ';') {
		name, value, _ := strings.Cut(param, "=")
		value = strings.ToLower(unquote(strings.TrimSpace(value)))
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "anchor":
			return nil, ""
		case "rel":
			if rels == nil {
				rels = strings.Fields(value)
			}
		case "type":
			mediaType = value
		}
	}
	return rels, mediaType
}

// blank is optional white space (RFC 9110 section 5.6.3).
const blank = " \t"

// hasItem reports whether a list field holds a token, regardless of case.
func hasItem(h http.Header, field, token string) bool {
	return slices.ContainsFunc(slices.Collect(fieldItems(h, field, ',')), func(s string) bool {
		return strings.EqualFold(s, token)
	})
}

// fieldItems yields the items of all lines of a list field (RFC 9110 section 5.6.1), trimmed, without empty ones.
func fieldItems(h http.Header, field string, sep byte) iter.Seq[string] {
	return split(strings.Join(h.Values(field), string(sep)), sep)
}

// split yields the parts of s between separators outside of quotes and angle brackets,
// trimmed, without empty ones.
func split(s string, sep byte) iter.Seq[string] {
	return func(yield func(string) bool) {
		start, quoted, bracketed := 0, false, false
		for i := 0; i <= len(s); i++ {
			switch {
			case i == len(s), s[i] == sep && !quoted && !bracketed:
				if part := strings.Trim(s[start:i], blank); part != "" && !yield(part) {
					return
				}
				start = i + 1
			case s[i] == '\\' && quoted:
				i = min(i+1, len(s)-1)
			case s[i] == '"':
				quoted = !quoted
			case s[i] == '<' && !quoted:
				bracketed = true
			case s[i] == '>' && !quoted:
				bracketed = false
			}
		}
	}
}

// unquote returns the value of a quoted-string (RFC 9110 section 5.6.4), and anything else as it is.
func unquote(s string) string {
	if len(s) < 2 || s[0] != '"' || s[len(s)-1] != '"' {
		return s
	}
	s = s[1 : len(s)-1]
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) {
			i++
		}
		b.WriteByte(s[i])
	}
	return b.String()
}
