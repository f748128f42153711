package page

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html/atom"
)

// The notice of rights in the footer of a page, which is that of the house for all that it publishes.

// maxSiteRights is the length of the longest notice that is read, in bytes.
const maxSiteRights = 100

// siteRights returns the notice of rights in the footers of the page behind the article; "": there is none that names an owner, or there
// are several.
func (d *document) siteRights() (notice string) {
	if d.isLicensed() {
		return ""
	}
	for i := d.found.end; i < int32(len(d.nodes)); i++ {
		n := &d.nodes[i]
		if n.tag != atom.Footer && (n.a == nil || n.a.role != "contentinfo") || d.isInOther(i) {
			continue
		}
		for j := i; j < n.end; j++ {
			m := &d.nodes[j]
			if !m.isText || !strings.ContainsAny(m.text, "©ⓒ") {
				continue
			}
			if notice != "" || strings.Count(m.text, "©")+strings.Count(m.text, "ⓒ") > 1 {
				return ""
			}
			if notice = ownNotice(m.text); notice == "" {
				return ""
			}
		}
		i = n.end - 1
	}
	return notice
}

// isLicensed reports whether the page says by which licence its text may be used: then the notice of the site is not that of the text.
func (d *document) isLicensed() bool {
	if d.head.licence != "" || d.linked != nil && d.linked.licence != "" {
		return true
	}
	for i := range d.nodes {
		n := &d.nodes[i]
		if n.a != nil && slices.Contains(strings.Fields(n.a.rel), "license") || n.isText && openLicence.MatchString(n.text) {
			return true
		}
	}
	return false
}

// openLicence matches the name of a licence of Creative Commons.
var openLicence = regexp.MustCompile(`\bCC[ -](?:BY|0)\b|\bCreative Commons\b`)

// isInOther reports whether a node is in an element that may be another article's.
func (d *document) isInOther(i int32) bool {
	for i = d.nodes[i].parent; i > 0; i = d.nodes[i].parent {
		switch d.nodes[i].tag {
		case atom.Article, atom.Aside, atom.Blockquote, atom.Li, atom.Figure, atom.Section:
			return true
		}
	}
	return false
}

// ownNotice returns the notice with a © in a text, from the sign to the end of its sentence, where it names an owner.
func ownNotice(s string) string {
	s = s[strings.IndexAny(s, "©ⓒ"):]
	for i, c := range s {
		rest := s[i+utf8.RuneLen(c):]
		next, _ := utf8.DecodeRuneInString(strings.TrimLeft(rest, " "))
		word := strings.TrimRight(s[strings.LastIndexByte(s[:i], ' ')+1:i], `"»”“`)
		isEnd := c == '.' && (rest == "" || rest[0] == ' ') &&
			utf8.RuneCountInString(word) > 1 && !strings.Contains(word, ".") && !unicode.IsLower(next)
		if isEnd || strings.ContainsRune("|·•–—।\n", c) {
			s = s[:i]
			break
		}
	}
	if s = rightsOf(s); len(s) > maxSiteRights || strings.Contains(s, ":") {
		return ""
	}
	return s
}
