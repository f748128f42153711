package text

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Line returns s as one line of plain text: white space squeezed, no control characters, nothing that
// turns the direction of the text around it. Spaces that break no line stay, but at the ends. Line(Line(s)) == Line(s).
func Line(s string) string {
	s = strings.Trim(s, " \t\n\r")
	if isLine(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for i := 0; i < len(s); {
		if n := letters(s[i:]); n > 0 {
			if space {
				b.WriteByte(' ')
				space = false
			}
			b.WriteString(s[i : i+n])
			i += n
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case isHidden(r):
			continue
		case unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f':
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return strings.Trim(b.String(), "\u00a0\u202f ")
}

// letters returns how many bytes of s are visible ASCII or Cyrillic letters, at its beginning.
func letters(s string) int {
	i := 0
	for i < len(s) {
		switch c := s[i]; {
		case c > ' ' && c < 0x7f:
			i++
		case (c == 0xd0 || c == 0xd1) && i+1 < len(s) && s[i+1]&0xc0 == 0x80:
			i += 2
		default:
			return i
		}
	}
	return i
}

// isLine reports whether [Line] would change nothing of s, which is UTF-8. It need not say so of all that would stay.
func isLine(s string) bool {
	for i := 0; i < len(s); {
		c := s[i]
		if plainByte[c] {
			if c == ' ' && (i == 0 || i == len(s)-1 || s[i+1] == ' ') {
				return false
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError || isHidden(r) || unicode.IsSpace(r) {
			return false
		}
		i += n
	}
	return true
}

// plainByte holds the bytes that begin no rune that is hidden or white space, but for the space itself.
var plainByte = func() (plain [256]bool) {
	for c := ' '; c < 0x7f; c++ {
		plain[c] = true
	}
	for c := 0x80; c < 0xf0; c++ {
		plain[c] = c != 0xc2 && c != 0xd8 && c != 0xe1 && c != 0xe2 && c != 0xe3 && c != 0xef
	}
	return plain
}()

// isHidden reports whether r is invisible and has no meaning: control characters other than white
// space, marks and overrides of direction, the byte order mark, tags, characters for private interchange.
func isHidden(r rune) bool {
	switch {
	case r < 0x20 && r != '\t' && r != '\n' && r != '\r', r >= 0x7f && r < 0xa0 && r != '\u0085',
		r == '\u061c', r == '\u200e', r == '\u200f', r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069',
		r == '\ufeff', r >= '\ufff9' && r <= '\ufffb', r >= 0xfdd0 && r <= 0xfdef, r&0xfffe == 0xfffe,
		r >= 0xe0000 && r <= 0xe007f:
		return true
	}
	return false
}

// hasHidden reports whether s has characters that [isHidden] names.
func hasHidden(s string) bool {
	for i := 0; i < len(s); {
		if plainByte[s[i]] {
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if isHidden(r) {
			return true
		}
		i += n
	}
	return false
}

// Visible returns s without control characters other than white space and without marks that turn the direction of text.
func Visible(s string) string {
	if !hasHidden(s) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if isHidden(r) {
			return -1
		}
		return r
	}, s)
}

// EscapedJSON returns a JSON text with the characters of its strings that [Escaped] would escape as JSON escapes them: it says the same.
func EscapedJSON(b []byte) []byte {
	if !hasHidden(string(b)) {
		return b
	}
	var out []byte
	for _, r := range string(b) {
		switch {
		case r < 0x7f || !isHidden(r):
			out = utf8.AppendRune(out, r)
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
	}
	return out
}

// Escaped returns s, as UTF-8, with what [Line] would leave out, and what moves the cursor of a terminal but a line's end and a tab, as
// Go writes it: \u202e. Escaped(Escaped(s)) == Escaped(s).
func Escaped(s string) string {
	if isLine(s) && utf8.ValidString(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		if isHidden(r) || r == '\r' || r == '\v' || r == '\f' || r == '\u0085' {
			b.WriteString(strings.Trim(strconv.QuoteRuneToASCII(r), "'"))
			continue
		}
		b.WriteRune(r)
	}
	return b.String()
}
