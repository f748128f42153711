package text

import "testing"

func TestFold(t *testing.T) {
	for _, c := range []struct{ fact, in, want string }{
		{"case", "BelTA БЕЛТА", "belta белта"},
		{"yo", "Ёлка ещё", "елка еще"},
		{"quotes", "«Мир» “peace” ‘x’", "\"мир\" \"peace\" 'x'"},
		{"dashes", "a – b — c", "a - b - c"},
		{"spaces", "  a\u00a0 b\n\tc ", "a b c"},
		{"invisible", "so\u00adft\u200bly\ufeff", "softly"},
		{"compatibility", "ﬁn①", "fin1"},
		{"combining", "е\u0308", "е"},
	} {
		t.Run(c.fact, func(t *testing.T) {
			if got := Fold(c.in); got != c.want {
				t.Errorf("Fold(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func FuzzFold(f *testing.F) {
	f.Add("ЁЛКА «Ǆ» ẞ")
	f.Fuzz(func(t *testing.T, s string) {
		once := Fold(s)
		if twice := Fold(once); twice != once {
			t.Errorf("Fold(%q) = %q, again %q", s, once, twice)
		}
	})
}

// TestFoldPlain folds every two runes that are taken for folded: they stay as they are.
func TestFoldPlain(t *testing.T) {
	t.Parallel()
	var plain []rune
	for r := rune(0); r < 0x600; r++ {
		if isPlain(string(r)) {
			plain = append(plain, r)
		}
	}
	if len(plain) != 26+10+32 {
		t.Errorf("%d runes are plain: %q", len(plain), plain)
	}
	for _, a := range plain {
		for _, b := range plain {
			if s := string([]rune{a, b}); foldOnce(s) != s {
				t.Errorf("%q folds to %q", s, foldOnce(s))
			}
		}
	}
}

// TestFoldCommon folds every two characters that are folded in one pass, and compares what comes out with the folding of any text.
func TestFoldCommon(t *testing.T) {
	t.Parallel()
	var common []rune
	for r := rune(0); r < 0x3000; r++ {
		if _, ok := foldCommon(string(r)); ok {
			common = append(common, r)
		}
	}
	if n := len(common); n < 200 || n > 300 {
		t.Errorf("%d characters are common: %q", n, common)
	}
	for _, a := range common {
		for _, b := range common {
			s := string([]rune{a, b})
			if got, _ := foldCommon(s); got != foldOnce(s) {
				t.Errorf("%q folds to %q, not %q", s, got, foldOnce(s))
			}
		}
	}
}
