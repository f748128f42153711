package lex

import (
	"unicode"
	"unicode/utf8"
)

// Words are runs of letters, marks and digits; what is between them is judged by its kind.

// At returns the rune at i and its width; at the end of s, 0 and 0.
func At(s string, i int) (rune, int) {
	if i >= len(s) {
		return 0, 0
	}
	if c := s[i]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(s[i:])
}

// Before returns the rune that ends at i.
func Before(s string, i int) rune {
	if i <= 0 {
		return 0
	}
	if c := s[i-1]; c < utf8.RuneSelf {
		return rune(c)
	}
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return r
}

// IsLetter reports whether r is a letter or a mark on one.
func IsLetter(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return 'a' <= r|0x20 && r|0x20 <= 'z'
	case 'Ѐ' <= r && r <= 'ҁ':
		return true
	}
	return unicode.IsLetter(r) || unicode.IsMark(r)
}

// IsDigit reports whether r is an ASCII digit.
func IsDigit(r rune) bool { return '0' <= r && r <= '9' }

// IsWord reports whether r belongs to a word: a letter, a mark, a digit.
func IsWord(r rune) bool {
	return IsLetter(r) || IsDigit(r) || r >= utf8.RuneSelf && unicode.IsNumber(r)
}

// plainWord says which bytes are words' in ASCII: most of what is scanned.
var plainWord = func() (is [utf8.RuneSelf]bool) {
	for c := range is {
		is[c] = IsWord(rune(c))
	}
	return is
}()

// IsSpace reports whether r is white space inside a line.
func IsSpace(r rune) bool {
	return r == ' ' || r == '\t' || r == '\r' || r == '\u00a0' || r >= utf8.RuneSelf && unicode.IsSpace(r)
}

// IsUpper reports whether r is a capital.
func IsUpper(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return 'A' <= r && r <= 'Z'
	case 'Ѐ' <= r && r <= 'џ':
		return r < 'а'
	}
	return unicode.IsUpper(r) || unicode.IsTitle(r)
}

// IsLower reports whether r is a small letter.
func IsLower(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return 'a' <= r && r <= 'z'
	case 'Ѐ' <= r && r <= 'џ':
		return r >= 'а'
	}
	return unicode.IsLower(r)
}

// IsDash reports whether r is a hyphen, a dash or a minus sign.
func IsDash(r rune) bool { return r == '-' || '\u2010' <= r && r <= '\u2015' || r == '\u2212' }

// IsQuote reports whether r is a double quotation mark.
func IsQuote(r rune) bool {
	switch r {
	case '"', '«', '»', '“', '”', '„', '‟', '″':
		return true
	}
	return false
}

// IsApostrophe reports whether r is an apostrophe or a single quotation mark.
func IsApostrophe(r rune) bool { return r == '\'' || r == '`' || r == '’' || r == '‘' || r == 'ʼ' }

// Run returns the end of the runes from i on that satisfy is.
func Run(s string, i int, is func(rune) bool) int {
	for {
		r, n := At(s, i)
		if n == 0 || !is(r) {
			return i
		}
		i += n
	}
}

// WordEnd returns the end of the word that begins at i, or i.
func WordEnd(s string, i int) int { return past(s, i, true) }

// NextWord returns the start of the next word at or after i, or len(s).
func NextWord(s string, i int) int { return past(s, i, false) }

// past returns the end of the runes from i on that are words', or are not.
func past(s string, i int, words bool) int {
	for i < len(s) {
		is, n := false, 1
		if c := s[i]; c < utf8.RuneSelf {
			is = plainWord[c]
		} else if (c == 0xd0 || c == 0xd1 || c == 0xc4 || c == 0xc5) && i+1 < len(s) && s[i+1]&0xc0 == 0x80 {
			is, n = true, 2 // U+0100 to U+017F and U+0400 to U+047F: letters all
		} else {
			var r rune
			r, n = utf8.DecodeRuneInString(s[i:])
			is = IsWord(r)
		}
		if is != words {
			break
		}
		i += n
	}
	return i
}

// SkipSpace returns the end of the white space that begins at i.
func SkipSpace(s string, i int) int {
	if i < len(s) && s[i] > ' ' && s[i] < utf8.RuneSelf { // as nearly always
		return i
	}
	return Run(s, i, IsSpace)
}

// SkipSpaceBack returns the start of the white space that ends at i.
func SkipSpaceBack(s string, i int) int {
	for i > 0 {
		r, n := Last(s, i)
		if !IsSpace(r) {
			break
		}
		i -= n
	}
	return i
}

// RuneAt returns the rune at i, or 0.
func RuneAt(s string, i int) rune { r, _ := At(s, i); return r }

// Last returns the rune that ends at end, and its width.
func Last(s string, end int) (rune, int) {
	if c := s[end-1]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeLastRuneInString(s[:end])
}

// IsLatin reports whether w begins with an ASCII byte.
func IsLatin(w string) bool { return w != "" && w[0] < 0x80 }
