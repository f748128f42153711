package view

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestShorten: a text is cut behind its last sentence that fits, else behind its last word with an ellipsis.
func TestShorten(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("word ", 30)
	for _, tt := range []struct{ fact, text, want string }{
		{"a short text stays", "Nothing to cut", "Nothing to cut"},
		{"a sentence", "The bridge opened today. It is the longest of all.", "The bridge opened today."},
		{"the last sentence that fits", "It opened today. They came. It is the longest of all bridges.", "It opened today. They came."},
		{"a quotation", "“The bridge opened today.” It is the longest one.", "“The bridge opened today.”"},
		{"a question in brackets", "(Who opened the bridge?) It is the longest one.", "(Who opened the bridge?)"},
		{"no sentence", long, "word word word word word word word word…"},
		{"a comma before the cut", "The bridge is the longest, the tallest, and", "The bridge is the longest, the tallest…"},
		{"an initial", "The bridge was opened by Mr. A. Ivanov-Smirnov", "The bridge was opened by Mr. A…"},
		{"a small letter behind", "The bridge in Minsk approx. opened for the cars", "The bridge in Minsk approx. opened for…"},
		{"a figure", "The bridge cost 33.5 million of the roubles", "The bridge cost 33.5 million of the…"},
		{"a year", "It opened in 2023. It is the longest of all bridges.", "It opened in 2023."},
		{"cyrillic", "Мост открыли сегодня утром. Он самый длинный из всех.", "Мост открыли сегодня утром."},
		{"chinese", strings.Repeat("桥今天开通", 3) + "。" + strings.Repeat("它是最长的", 9), strings.Repeat("桥今天开通", 3) + "。"},
		{"without spaces", strings.Repeat("桥", 50), strings.Repeat("桥", 39) + "…"},
		{"a mark on a letter", strings.Repeat("桥", 38) + "e\u0301" + strings.Repeat("桥", 9), strings.Repeat("桥", 38) + "…"},
		{"as long as the bound", strings.Repeat("ы", 40), strings.Repeat("ы", 40)},
		{"white space alone", strings.Repeat(" ", 50), "…"},
	} {
		t.Run(tt.fact, func(t *testing.T) {
			t.Parallel()
			got := shorten(tt.text, 40)
			if got != tt.want || utf8.RuneCountInString(got) > 40 {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

// FuzzShorten: what is cut is a beginning of the text within the bound.
func FuzzShorten(f *testing.F) {
	f.Add("The bridge opened. It is the longest.", 20)
	f.Add("桥今天开通。它是最长的", 4)
	f.Fuzz(func(t *testing.T, s string, limit int) {
		if !utf8.ValidString(s) || limit < 1 || limit > 1000 {
			t.Skip()
		}
		got := shorten(s, limit)
		if n := utf8.RuneCountInString(got); n > limit {
			t.Errorf("%d characters of %d", n, limit)
		}
		if kept := strings.TrimSuffix(got, "…"); !strings.Contains(s, kept) {
			t.Errorf("%q is not in %q", kept, s)
		}
	})
}
