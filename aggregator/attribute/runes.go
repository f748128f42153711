package attribute

import (
	"unicode"
	"unicode/utf8"
)

// The scanner's words are runs of letters, marks and digits; whatever stands between them is judged by its kind.

// rune1 returns the rune at i and its width; at the end of s, 0 and 0.
func rune1(s string, i int) (rune, int) {
	if i >= len(s) {
		return 0, 0
	}
	if c := s[i]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeRuneInString(s[i:])
}

// before returns the rune that ends at i.
func before(s string, i int) rune {
	if i <= 0 {
		return 0
	}
	if c := s[i-1]; c < utf8.RuneSelf {
		return rune(c)
	}
	r, _ := utf8.DecodeLastRuneInString(s[:i])
	return r
}

func isLetter(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return 'a' <= r|0x20 && r|0x20 <= 'z'
	case 'Ѐ' <= r && r <= 'ҁ':
		return true
	}
	return unicode.IsLetter(r) || unicode.IsMark(r)
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

func isWord(r rune) bool {
	return isLetter(r) || isDigit(r) || r >= utf8.RuneSelf && unicode.IsNumber(r)
}

// plainWord tells which bytes are words' in ASCII: most of what is scanned.
var plainWord = func() (is [utf8.RuneSelf]bool) {
	for c := range is {
		is[c] = isWord(rune(c))
	}
	return is
}()

func isSpace(r rune) bool {
	return r == ' ' || r == '\t' || r == '\r' || r == '\u00a0' || r >= utf8.RuneSelf && unicode.IsSpace(r)
}

func isUpper(r rune) bool {
	if r < utf8.RuneSelf {
		return 'A' <= r && r <= 'Z'
	}
	return unicode.IsUpper(r) || unicode.IsTitle(r)
}

func isDash(r rune) bool { return r == '-' || '\u2010' <= r && r <= '\u2015' || r == '\u2212' }

func isQuote(r rune) bool {
	switch r {
	case '"', '«', '»', '“', '”', '„', '‟', '″':
		return true
	}
	return false
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == '‘' || r == 'ʼ' }

// run returns the end of the runes from i on that satisfy is.
func run(s string, i int, is func(rune) bool) int {
	for {
		r, n := rune1(s, i)
		if n == 0 || !is(r) {
			return i
		}
		i += n
	}
}

// wordEnd returns the end of the word that begins at i, or i.
func wordEnd(s string, i int) int { return past(s, i, true) }

// nextWord returns the start of the next word at or after i, or len(s).
func nextWord(s string, i int) int { return past(s, i, false) }

// past returns the end of the runes from i on that are words', or are not.
func past(s string, i int, words bool) int {
	for i < len(s) {
		is, n := false, 1
		if c := s[i]; c < utf8.RuneSelf {
			is = plainWord[c]
		} else {
			var r rune
			r, n = utf8.DecodeRuneInString(s[i:])
			is = isWord(r)
		}
		if is != words {
			break
		}
		i += n
	}
	return i
}

func skipSpace(s string, i int) int {
	if i < len(s) && s[i] > ' ' && s[i] < utf8.RuneSelf { // as nearly always
		return i
	}
	return run(s, i, isSpace)
}

// skipSpaceBack returns the start of the white space that ends at i.
func skipSpaceBack(s string, i int) int {
	for i > 0 {
		r, n := lastRune(s, i)
		if !isSpace(r) {
			break
		}
		i -= n
	}
	return i
}

// next1 returns the rune at i, or 0.
func next1(s string, i int) rune { r, _ := rune1(s, i); return r }

// lastRune returns the rune that ends at end, and its width.
func lastRune(s string, end int) (rune, int) {
	if c := s[end-1]; c < utf8.RuneSelf {
		return rune(c), 1
	}
	return utf8.DecodeLastRuneInString(s[:end])
}

// isLatin reports whether w begins with an ASCII byte.
func isLatin(w string) bool { return w != "" && w[0] < 0x80 }
