package lex

import (
	"strings"
	"testing"
	"unicode"
)

// TestFoldEveryLetter compares the folded form of every rune below U+0600 with the standard library's.
func TestFoldEveryLetter(t *testing.T) {
	t.Parallel()
	for r := rune(0); r < 0x600; r++ {
		want := strings.ReplaceAll(string(unicode.ToLower(r)), "ё", "е")
		if got := string(AppendFold(nil, string(r))); got != want {
			t.Errorf("%q (%U) folds to %q, want %q", r, r, got, want)
		}
	}
}

// TestWordEndEveryRune compares where a word of one rune ends with what the rune is.
func TestWordEndEveryRune(t *testing.T) {
	t.Parallel()
	for r := rune(1); r < 0x600; r++ {
		s := string(r)
		if got, want := WordEnd(s, 0) == len(s), IsWord(r); got != want {
			t.Errorf("%q (%U) is a word: %v, want %v", r, r, got, want)
		}
	}
}

// TestCaseEveryRune compares the case of every rune with the standard library's.
func TestCaseEveryRune(t *testing.T) {
	t.Parallel()
	for r := rune(0); r < 0x600; r++ {
		if got, want := IsUpper(r), unicode.IsUpper(r) || unicode.IsTitle(r); got != want {
			t.Errorf("%q (%U) is a capital: %v, want %v", r, r, got, want)
		}
		if got, want := IsLower(r), unicode.IsLower(r); got != want {
			t.Errorf("%q (%U) is a small letter: %v, want %v", r, r, got, want)
		}
	}
}

// TestIsFolded takes for folded only what Fold returns as it is.
func TestIsFolded(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "a", "b 2", "минск сегодня", "й"} {
		if !IsFolded(s) || Fold(s) != s {
			t.Errorf("%q: IsFolded %v, Fold %q", s, IsFolded(s), Fold(s))
		}
	}
	for _, s := range []string{" ", " a", "a ", "a  b", "A", "a.", "ё", "Минск", "минск-тв", "\xd0", "é"} {
		if IsFolded(s) {
			t.Errorf("%q is taken for folded; Fold returns %q", s, Fold(s))
		}
	}
}

// TestCutTo: a preposition in one word with a name is a word of its own, before a name alone.
func TestCutTo(t *testing.T) {
	t.Parallel()
	v := NewVocabulary(4)
	v.Add("رويترز", 1).Names = 1
	v.Add("جسر", 1)
	for text, want := range map[string]string{"قال لرويترز إن": "قال|ل|رويترز|إن", "لجسر رويترز": "لجسر|رويترز", "ل": "ل"} {
		var table Table
		v.Cut(text, &table)
		var got []string
		for _, w := range table.Tokens {
			got = append(got, w.Of(text))
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%s is cut to %s, want %s", text, strings.Join(got, "|"), want)
		}
	}
}
