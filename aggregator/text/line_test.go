package text

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
)

func TestLine(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                         "",
		"plain":                    "plain",
		" a \t b\r\nc ":            "a b c",
		"a\x00b\u0085c":            "ab c",
		"\u202eturned\u202c round": "turned round",
		"\ufeffmark":               "mark",
		"12\u00a0km\u202f\u00a0":   "12\u00a0km",
		"Минск\u2028Гомель\u2003Орша":   "Минск Гомель Орша",
		"flag\U000e0067\U000e007f ends": "flag ends",
		"bad \xff byte":                 "bad \ufffd byte",
	} {
		got := Line(in)
		if got != want {
			t.Errorf("Line(%q) = %q, want %q", in, got, want)
		}
		if again := Line(got); again != got {
			t.Errorf("Line(%q) = %q: it is no fixed point", got, again)
		}
	}
}

// TestLineByRunes: runs of letters are copied as they would be rune by rune.
func TestLineByRunes(t *testing.T) {
	t.Parallel()
	parts := []string{"a", "talks", "Минск", "ё", "é", " ", "  ", "\t", "\n", "\r\n", "\u00a0", "\u202f", "\u202e", "\ufeff", "\u0301",
		"ѐ", "Ѡ", "҃", "~", "\x7f", "\u0085", "日", "—", "\u2028", "."}
	r := rand.New(rand.NewPCG(7, 8))
	for range 20_000 {
		var b strings.Builder
		for range r.IntN(8) {
			b.WriteString(parts[r.IntN(len(parts))])
		}
		var want strings.Builder
		space := false
		for _, c := range b.String() {
			switch {
			case isHidden(c):
			case unicode.IsSpace(c) && c != '\u00a0' && c != '\u202f':
				space = want.Len() > 0
			default:
				if space {
					want.WriteByte(' ')
				}
				space = false
				want.WriteRune(c)
			}
		}
		if got, want := Line(b.String()), strings.Trim(want.String(), "\u00a0\u202f "); got != want {
			t.Fatalf("Line(%q) = %q, want %q", b.String(), got, want)
		}
	}
}

func BenchmarkLine(b *testing.B) {
	s := strings.Repeat("Министры обсудили расширение сотрудничества, and signed agreements ", 10)
	b.SetBytes(int64(len(s)))
	for b.Loop() {
		Line(s + "\n ")
		Line(s + " — ")
	}
}

func TestVisible(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{"a\n\tb": "a\n\tb", "a\u200eb\x01c": "abc", "Минск\ufeff": "Минск"} {
		if got := Visible(in); got != want {
			t.Errorf("Visible(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestEscaped(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"Минск\n\tb \u00a0": "Минск\n\tb \u00a0", "a\x1b[31mb\u009b1m": `a\x1b[31mb\u009b1m`, "\u202ea\u2066": `\u202ea\u2066`,
		"a\rb\u0085": `a\rb\u0085`,
		"\U000e0041": `\U000e0041`, "\x9b": "\ufffd", "'": "'", `\u202e`: `\u202e`,
	} {
		if got := Escaped(in); got != want || Escaped(got) != got {
			t.Errorf("Escaped(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestEscapedJSON: what it says is the same, and no terminal acts on it.
func TestEscapedJSON(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"plain\n", "\u202eturned", "\x7f\u009b31m", "flag\U000e0067 \U0001F1E7", "Минск"} {
		b, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var back string
		if err := json.Unmarshal(EscapedJSON(b), &back); err != nil || back != s || hasHidden(string(EscapedJSON(b))) {
			t.Errorf("%q: %s, %q, %v", s, EscapedJSON(b), back, err)
		}
	}
}
