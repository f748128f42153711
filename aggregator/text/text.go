// Package text folds text to what matters when it is compared. Any stage may use it.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Fold brings s to one spelling: NFKC, full case folding, ё as е, one form for quotes, dashes and
// spaces, no invisible characters. Fold(Fold(s)) == Fold(s).
func Fold(s string) string {
	if isPlain(s) {
		return s
	}
	if folded, ok := foldCommon(s); ok {
		return folded
	}
	// Dropping an invisible rune can bring two together that compose, so what changed is folded once more.
	for range 8 {
		next := foldOnce(s)
		if next == s {
			break
		}
		s = next
	}
	return s
}

// isPlain reports whether s is small letters, ASCII or Russian ones but for ё, and digits only, which nothing changes.
func isPlain(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !('a' <= r && r <= 'z' || '0' <= r && r <= '9' || 'а' <= r && r <= 'я') }) < 0
}

// foldCommon folds a text of ASCII, Latin-1 and Russian letters with the usual quotes and dashes, in one pass. ok is false for one with
// another character.
func foldCommon(s string) (folded string, ok bool) {
	b := make([]byte, 0, len(s))
	space := false
	for _, r := range s {
		switch {
		case 'A' <= r && r <= 'Z', 'А' <= r && r <= 'Я', 'À' <= r && r <= 'Þ' && r != '×':
			r += 'a' - 'A'
		case r == ' ', '\t' <= r && r <= '\r', r == '\u00a0':
			space = len(b) > 0
			continue
		case r == 'Ё':
			r = 'ё'
		case ' ' < r && r < 0x7f, 'а' <= r && r <= 'ё' && r != 'ѐ', 'à' <= r && r <= 'ÿ',
			strings.ContainsRune("«»„“”‘’–—", r):
		default:
			return "", false
		}
		if space {
			b, space = append(b, ' '), false
		}
		b = utf8.AppendRune(b, fold(r))
	}
	return string(b), true
}

func foldOnce(s string) string {
	s = norm.NFKC.String(cases.Fold().String(norm.NFKC.String(s)))
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		r = fold(r)
		switch {
		case r < 0:
			continue
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

// fold maps one rune of folded NFKC; a negative result means that the rune is invisible.
func fold(r rune) rune {
	switch r {
	case 'ё':
		return 'е'
	case '«', '»', '„', '“', '”', '‟', '"', '″':
		return '"'
	case '‘', '’', '‚', '‛', '`', '´', '′', 'ʼ':
		return '\''
	case '‐', '‑', '‒', '–', '—', '―', '−':
		return '-'
	case '\u00ad', '\ufeff':
		return -1
	}
	if unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Cc, r) && !unicode.IsSpace(r) {
		return -1
	}
	return r
}

// Words cuts folded text into words: runs of letters, digits and marks. A figure with separators is several words: "1,330"
// and "1 330" are "1" and "330".
func Words(s string) []string {
	return strings.FieldsFunc(Fold(s), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) })
}

// First returns the first n words of s as printed, and whether it left some out.
func First(s string, n int) (string, bool) {
	words := strings.Fields(s)
	if len(words) <= n {
		return strings.Join(words, " "), false
	}
	return strings.Join(words[:n], " "), true
}
