package lex

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// AppendFold appends s in lower case, ё as е.
func AppendFold(b []byte, s string) []byte {
	for _, r := range s {
		switch {
		case 'A' <= r && r <= 'Z':
			b = append(b, byte(r)|0x20)
		case r < utf8.RuneSelf:
			b = append(b, byte(r))
		case r == 'Ё' || r == 'ё':
			b = append(b, "е"...)
		default:
			b = utf8.AppendRune(b, unicode.ToLower(r))
		}
	}
	return b
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
func Fold(s string) string { return string(AppendWords(nil, s)) }

// Set is a set of folded word sequences, parted by one space.
type Set map[string]struct{}

// Words makes a set of what is parted by sep or a line's end.
func Words(list, sep string) Set {
	m := Set{}
	for w := range strings.SplitSeq(strings.ReplaceAll(list, "\n", sep), sep) {
		if w = Fold(w); w != "" {
			m[w] = struct{}{}
		}
	}
	return m
}

// Has reports whether the words of t are in m.
func (m Set) Has(t string) bool {
	if len(t) > 120 {
		return false
	}
	var buf [128]byte
	_, ok := m[string(AppendWords(buf[:0], t))]
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
		case !IsLetter(r) || unicode.IsMark(r):
		case IsUpper(r):
			if letters == 0 {
				c = Capital
			}
			letters++
		case unicode.IsLower(r):
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
