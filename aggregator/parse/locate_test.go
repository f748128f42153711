package parse

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// without returns s without spans of its text that are called by their words, which are cut where they come first.
func withoutSpans(t *testing.T, s string, words ...string) string {
	t.Helper()
	clean, plain := Sanitize(s, "https://wire.example/")
	var spans []Span
	from := 0
	for _, w := range words {
		i := strings.Index(plain[from:], w)
		if i < 0 {
			t.Fatalf("no %q in %q", w, plain)
		}
		spans = append(spans, Span{Start: from + i, End: from + i + len(w), Rule: w})
		from += i + len(w)
	}
	counted, _ := letters(plain, spans)
	return withoutFound(clean, locate(clean, counted))
}

func withoutFound(s string, found []Span) string {
	var b strings.Builder
	done := 0
	for _, p := range found {
		b.WriteString(s[done:p.Start])
		done = p.End
	}
	return b.String() + s[done:]
}

// TestLocate: spans of a text are taken out of its HTML with the elements and the line breaks that would be left over.
func TestLocate(t *testing.T) {
	t.Parallel()
	for fact, tt := range map[string]struct {
		s    string
		cut  []string
		want string
	}{
		"paragraphs":          {"<p>Menu</p><p>Text.</p><p>Foot</p>", []string{"Menu", "Foot"}, "<p>Text.</p>"},
		"breaks":              {"Menu<br><br>News<br>Text.<br>More.<br><br>Foot", []string{"Menu", "News", "Foot"}, "Text.<br/>More."},
		"a kept line between": {"Menu<br>Photo: X<br>News<br>Text.", []string{"Menu", "News"}, "Photo: X<br/>Text."},
		"nested": {"<div><ul><li><a href=\"/\">Menu</a></li><li>News</li></ul></div><p>Text.</p>", []string{"Menu", "News"},
			"<p>Text.</p>"},
		"a picture stays": {"<div><p>Menu</p><img src=\"/a.jpg\"></div><p>Text.</p>", []string{"Menu"},
			"<div><img src=\"https://wire.example/a.jpg\" referrerpolicy=\"no-referrer\"/></div><p>Text.</p>"},
		"inside a paragraph": {"<p><b>Menu</b> Text. <i>Foot</i></p>", []string{"Menu", "Foot"}, "<p>Text.</p>"},
		"end of a line":      {"Text. Foot<br>More.", []string{"Foot"}, "Text. <br/>More."},
		"text alone":         {"Menu\n\nText.\n\nFoot", []string{"Menu", "Foot"}, "Text."},
		"references":         {"<p>A &amp; B &#39;s</p><p>1 &lt; 2</p>", []string{"A & B 's"}, "<p>1 &lt; 2</p>"},
		"a bare ampersand":   {"A & B\n\nText & more", []string{"A & B"}, "Text &amp; more"},
		"no piece":           {"<p>Text.</p>", nil, "<p>Text.</p>"},
		"Cyrillic":           {"<p>Меню</p><p>Текст.</p>", []string{"Меню"}, "<p>Текст.</p>"},
	} {
		t.Run(fact, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(tt.want, withoutSpans(t, tt.s, tt.cut...)); d != "" {
				t.Error(d)
			}
		})
	}
}

// TestLetters: spans in bytes become spans in characters that are no white space.
func TestLetters(t *testing.T) {
	t.Parallel()
	s := " é b\nc d "
	got, all := letters(s, []Span{{0, 3, "x"}, {4, 6, "y"}, {8, 9, "z"}})
	if d := cmp.Diff([]Span{{0, 1, "x"}, {1, 2, "y"}, {3, 4, "z"}}, got); d != "" || all != 4 {
		t.Errorf("%d letters, %s", all, d)
	}
	if got, _ := letters("ab", []Span{{2, 2, ""}}); got[0].Start != 2 || got[0].End != 2 {
		t.Errorf("behind the end: %v", got)
	}
}

// TestSameEnds counts what two texts have in common at their ends, white space aside.
func TestSameEnds(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		a, b       string
		head, foot int
	}{
		{"a b c", "a b c", 3, 3}, {"ab\ncd", "a b x d", 2, 1}, {"ab", "abc", 2, 0}, {"", "a", 0, 0}, {"ж", "ж", 1, 1},
	} {
		if head, foot := sameEnds(tt.a, tt.b); head != tt.head || foot != tt.foot {
			t.Errorf("%q, %q: %d and %d, want %d and %d", tt.a, tt.b, head, foot, tt.head, tt.foot)
		}
	}
}

// FuzzLocate: what is left of the HTML is clean HTML, and has the letters that were not taken.
func FuzzLocate(f *testing.F) {
	f.Add("<p>Menu</p><ul><li>a<li>b</ul>Text &amp; <b>more</b><br>Foot", uint16(0b1011), uint8(3))
	f.Add("<table><tr><td>a<td>b</table><img src=/x>c", uint16(5), uint8(1))
	f.Add("a<br><br>b\n\nc", uint16(2), uint8(1))
	f.Fuzz(func(t *testing.T, s string, mask uint16, width uint8) {
		clean, plain := Sanitize(s, "https://wire.example/")
		letters := onlyLetters(plain)
		var spans []Span
		var want []rune
		step := int(width)%7 + 1
		for i, r := range letters {
			if n := i / step % 16; mask&(1<<n) != 0 {
				if k := len(spans); k > 0 && spans[k-1].End == i {
					spans[k-1].End++
				} else {
					spans = append(spans, Span{Start: i, End: i + 1})
				}
			} else {
				want = append(want, r)
			}
		}
		found := locate(clean, spans)
		done := 0
		for _, p := range found {
			if p.Start < done || p.End <= p.Start || p.End > len(clean) {
				t.Fatalf("spans %v of %d bytes", found, len(clean))
			}
			done = p.End
		}
		left := withoutFound(clean, found)
		if got := string(onlyLetters(Plain(left))); got != string(want) {
			t.Errorf("%q without %v: %q has the letters %q, want %q", clean, spans, left, got, string(want))
		}
		if again, _ := Sanitize(left, "https://wire.example/"); strings.Count(again, "<") != strings.Count(left, "<") {
			t.Errorf("%q without %v: %q is not clean: %q", clean, spans, left, again)
		}
	})
}
