package view

import (
	"cmp"
	"html"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline/aggregator/text"
)

// illegal reports whether r is forbidden by XML 1.0 section 2.2, a C1 control or the replacement character:
// readers show boxes for these and validators complain.
func illegal(r rune) bool {
	switch {
	case r == '\t' || r == '\n' || r == '\r':
		return false
	case r < 0x20, 0x7f <= r && r <= 0x9f, r == utf8.RuneError, r == 0xfffe, r == 0xffff:
		return true
	}
	return false
}

// legal returns s without illegal characters.
func legal(s string) string {
	if strings.IndexFunc(s, illegal) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if illegal(r) {
			return -1
		}
		return r
	}, s)
}

// OneLine returns s as one line of legal text, its words separated by single spaces, without what turns its direction or is not seen.
func OneLine(s string) string {
	if !isOneLine(s) {
		s = strings.Join(strings.Fields(legal(s)), " ")
	}
	return text.Line(s)
}

// isOneLine reports whether line would return s.
func isOneLine(s string) bool {
	prev := ' '
	for _, r := range s {
		if illegal(r) || unicode.IsSpace(r) && (r != ' ' || prev == ' ') {
			return false
		}
		prev = r
	}
	return s == "" || prev != ' '
}

var (
	endTag  = compiled(`</\w+>`)
	openTag = compiled(`<([a-zA-Z/])`)
	anyTag  = compiled(`</?[a-zA-Z][^<>]*>`)
	entity  = compiled(`&(#?[\pL\pN_]+)`)
	mail    = compiled(`(?i)(mailto:)?[\pL\pN._%+'-]+@[\pL\pN-]+(\.[\pL\pN-]+)+`)
)

// TagLike reports whether plain text would be taken for markup.
func TagLike(s string) bool {
	return strings.Contains(s, "</") && endTag().MatchString(s) || len(entityLike(s)) > 0
}

// entityLike returns the places of s that would be taken for an entity or a character reference.
func entityLike(s string) [][]int {
	if !strings.Contains(s, "&") {
		return nil
	}
	var found [][]int
	for _, m := range entity().FindAllStringSubmatchIndex(s, -1) {
		name := s[m[2]:m[3]]
		known := html.UnescapeString("&"+name+";") != "&"+name+";"
		if known || strings.ContainsFunc(name, func(r rune) bool { return !unicode.IsLetter(r) }) {
			found = append(found, m)
		}
	}
	return found
}

// Plain takes markup out of s where the format has no way to say that the text only looks like it.
func Plain(s string) string {
	if s = OneLine(s); !strings.ContainsAny(s, "<&") {
		return s
	}
	for range 4 { // text that was escaped more often stays as it is, but for what follows
		next := OneLine(anyTag().ReplaceAllString(html.UnescapeString(s), " "))
		if next == s {
			break
		}
		s = next
	}
	if at := entityLike(s); len(at) > 0 {
		var b strings.Builder
		from := 0
		for _, m := range at {
			b.WriteString(s[from:m[0]])
			b.WriteString("& ")
			from = m[0] + 1
		}
		s = b.String() + s[from:]
	}
	s = strings.TrimSpace(endTag().ReplaceAllString(s, ""))
	return openTag().ReplaceAllString(s, "< $1")
}

// Name returns the name in s without tags and mail addresses; empty where nothing else is there, or where
// it is wrapped in more layers of them than a name is. It reads `Name <mail>`, `mail (Name)`, `Name (mail)`.
func Name(s string) string {
	for range 8 {
		next := bareName(s)
		if next == s {
			return s
		}
		s = next
	}
	return ""
}

func bareName(s string) string {
	if s = OneLine(s); strings.ContainsAny(s, "<>&@()") {
		s = withoutMail(Plain(withoutMail(s)))
	}
	s = strings.Trim(s, " ,;<>")
	if inner, ok := strings.CutPrefix(s, "("); ok && strings.Count(inner, ")") == 1 {
		s = strings.TrimSuffix(inner, ")")
	}
	return s
}

// MailAddress returns the first mail address in s; empty where there is none.
func MailAddress(s string) string { return mail().FindString(s) }

func withoutMail(s string) string {
	s = mail().ReplaceAllString(s, "")
	return OneLine(strings.ReplaceAll(strings.ReplaceAll(s, "<>", " "), "()", " "))
}

// MimeType returns the essence of s (RFC 9110 section 8.3.1) in lower case; empty where s is no media type.
func MimeType(s string) string {
	s, _, _ = strings.Cut(s, ";")
	s = strings.ToLower(strings.TrimSpace(s))
	if !mimeForm.MatchString(s) {
		return ""
	}
	return s
}

var mimeForm = regexp.MustCompile(`^[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*$`)

// Licence returns the licence s as published: its address, else its name in one line.
func Licence(s string) string { return cmp.Or(Web(s), OneLine(s)) }
