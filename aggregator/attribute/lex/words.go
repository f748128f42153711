package lex

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// AppendFold appends s in lower case, ё as е.
func AppendFold(b []byte, s string) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case 'A' <= c && c <= 'Z':
			b = append(b, c|0x20)
			i++
		case c < utf8.RuneSelf:
			b = append(b, c)
			i++
		case (c == 0xd0 || c == 0xd1) && i+1 < len(s) && s[i+1]&0xc0 == 0x80:
			b = appendCyrillic(b, c, s[i+1])
			i += 2
		default:
			r, n := utf8.DecodeRuneInString(s[i:])
			b = utf8.AppendRune(b, unicode.ToLower(r))
			i += n
		}
	}
	return b
}

// appendCyrillic appends the letter of the bytes c and d, U+0400 to U+047F, in lower case, ё as е.
func appendCyrillic(b []byte, c, d byte) []byte {
	switch {
	case c == 0xd0 && d == 0x81, c == 0xd1 && d == 0x91: // Ё, ё
		return append(b, "е"...)
	case c == 0xd1 && d < 0xa0: // р to џ
		return append(b, c, d)
	case c == 0xd1: // U+0460 on, in pairs
		if d&1 == 0 {
			d++
		}
		return append(b, c, d)
	case d < 0x90: // Ѐ to Џ
		return append(b, 0xd1, d+0x10)
	case d < 0xa0: // А to П
		return append(b, c, d+0x20)
	case d < 0xb0: // Р to Я
		return append(b, 0xd1, d-0x20)
	}
	return append(b, c, d)
}

// AppendWords appends the words of s, folded and parted by one space.
func AppendWords(b []byte, s string) []byte {
	for i := NextWord(s, 0); i < len(s); {
		j := WordEnd(s, i)
		if len(b) > 0 {
			b = append(b, ' ')
		}
		b = AppendFold(b, s[i:j])
		i = NextWord(s, j)
	}
	return b
}

// Fold returns the words of s, folded and parted by one space.
func Fold(s string) string {
	var buf [128]byte
	return string(AppendWords(buf[:0], s))
}

// Set is a set of folded word sequences, parted by one space. Its table is made when it is first searched; copies share it. The zero
// set cannot be used.
type Set struct {
	Each  func(yield func(string)) // calls yield with each sequence, maybe with some of them twice
	table func() map[string]struct{}
}

// NewSet returns the set of the folded word sequences that each calls its argument with, the same ones every time.
func NewSet(each func(yield func(string))) Set {
	return Set{each, sync.OnceValue(func() map[string]struct{} {
		m := map[string]struct{}{}
		each(func(w string) { m[w] = struct{}{} })
		return m
	})}
}

// CutLanguage returns a line of a table without the language before it: "en: first; second".
func CutLanguage(line string) string {
	if len(line) > 4 && line[2] == ':' && line[3] == ' ' {
		return line[4:]
	}
	return line
}

// EachLine calls yield as [EachFold] does, with the parts of every line of a section of a table but comments, without the languages
// before them.
func EachLine(section, sep string, yield func(string)) {
	for line := range strings.SplitSeq(section, "\n") {
		if !strings.HasPrefix(line, "#") {
			EachFold(CutLanguage(line), sep, yield)
		}
	}
}

// EachFold calls yield with the words of each part of list, parted by sep, folded and parted by one space; parts without a word are
// left out.
func EachFold(list, sep string, yield func(string)) {
	var b []byte
	var ends [64]int // the parts that had to be folded share one string
	n := 0
	for part := range strings.SplitSeq(list, sep) {
		if part = strings.Trim(part, " "); IsFolded(part) {
			if part != "" {
				yield(part)
			}
			continue
		}
		if n == len(ends) {
			yieldParts(string(b), ends[:n], yield)
			b, n = b[:0], 0
		}
		if b == nil {
			b = make([]byte, 0, len(list)+16)
		}
		at := len(b)
		b = append(b, AppendWords(b[at:at:cap(b)], part)...)
		if len(b) > at {
			ends[n] = len(b)
			n++
		}
	}
	yieldParts(string(b), ends[:n], yield)
}

// IsFolded reports whether [Fold] returns s itself for sure: small letters, ASCII or Russian ones, digits, and one space between words.
func IsFolded(s string) bool {
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
		case c == ' ' && i > 0 && i+1 < len(s) && s[i-1] != ' ':
		case c == 0xd0 && i+1 < len(s) && s[i+1] >= 0xb0, c == 0xd1 && i+1 < len(s) && s[i+1] < 0x90: // а to я
			i++
		default:
			return false
		}
	}
	return true
}

func yieldParts(s string, ends []int, yield func(string)) {
	at := 0
	for _, end := range ends {
		yield(s[at:end])
		at = end
	}
}

// Has reports whether the words of t are in m.
func (m Set) Has(t string) bool {
	if len(t) > 120 {
		return false
	}
	var buf [128]byte
	_, ok := m.table()[string(AppendWords(buf[:0], t))]
	return ok
}

// Casing says how the letters of a word are printed.
type Casing int

const (
	Lower   Casing = iota // begins with a small letter, or with none
	Title                 // begins with a capital
	Capital               // capitals only
)

// Case returns the casing of w; [Lower] where w has a script without case.
func Case(w string) Casing {
	c := Lower
	letters := 0
	for _, r := range w {
		switch {
		case !IsLetter(r) || r >= 0x300 && !('Ѐ' <= r && r <= 'џ') && unicode.IsMark(r):
		case IsUpper(r):
			if letters == 0 {
				c = Capital
			}
			letters++
		case IsLower(r):
			if letters == 0 {
				return Lower
			}
			if c == Capital {
				c = Title
			}
			letters++
		default: // a script without case
			return Lower
		}
	}
	return c
}
