package attribute

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// appendFold appends s in lower case, ё as е.
func appendFold(b []byte, s string) []byte {
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

// appendWords appends the words of s, folded and parted by one space.
func appendWords(b []byte, s string) []byte {
	for i := nextWord(s, 0); i < len(s); {
		j := wordEnd(s, i)
		if len(b) > 0 {
			b = append(b, ' ')
		}
		b = appendFold(b, s[i:j])
		i = nextWord(s, j)
	}
	return b
}

func foldWords(s string) string { return string(appendWords(nil, s)) }

// set is a set of folded word sequences, parted by one space.
type set map[string]struct{}

// words makes a set of what is parted by sep or a line's end.
func words(list, sep string) set {
	m := set{}
	for w := range strings.SplitSeq(strings.ReplaceAll(list, "\n", sep), sep) {
		if w = foldWords(w); w != "" {
			m[w] = struct{}{}
		}
	}
	return m
}

// has reports whether the words of t are in m.
func (m set) has(t string) bool {
	if len(t) > 120 {
		return false
	}
	var buf [128]byte
	_, ok := m[string(appendWords(buf[:0], t))]
	return ok
}

// casing says how the letters of a word are printed.
type casing int

const (
	lower   casing = iota // begins with a small letter, or with none
	title                 // begins with a capital
	capital               // capitals only
)

func caseOf(w string) casing {
	c := lower
	letters := 0
	for _, r := range w {
		switch {
		case !isLetter(r) || unicode.IsMark(r):
		case isUpper(r):
			if letters == 0 {
				c = capital
			}
			letters++
		case unicode.IsLower(r):
			if letters == 0 {
				return lower
			}
			if c == capital {
				c = title
			}
			letters++
		default: // a script without case
			return lower
		}
	}
	return c
}
