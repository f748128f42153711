package publish

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"dateline/aggregator/news"
)

// TestSummaryIsBounded: of a source that grants summaries no public byte holds a word of a text, of a caption or of an older
// revision that is past the bound, in any format; one that grants full texts lets them out.
func TestSummaryIsBounded(t *testing.T) {
	t.Parallel()
	for grant, bounded := range map[news.Content]bool{news.Summary: true, news.Full: false} {
		t.Run(string(grant), func(t *testing.T) {
			t.Parallel()
			w, k := revised(t, func(it *news.Item) {
				long := strings.Repeat("The works made more this year. ", 20) + fmt.Sprint("Unbounded", it.Revision, " words follow. ")
				it.Title, it.Summary, it.Content = "", "<p>"+long+"</p>", "<div>"+long+long+"</div>"
				it.Lead = "Works" + strings.Repeat("-and-works", 200) + "unbounded"
				it.Media[0].Title, it.Media[0].Description = "Title "+long, "Caption "+long
				it.Media = append(it.Media, news.Media{URL: "https://belta.example/1.mp3", Type: "audio/mpeg", Title: "Recording " + long})
				it.Credits.Photos[0].Caption = it.Media[0].Description
			})
			h := searched(t, w, func(o *Options) { o.Sources[0].Content = grant })
			for _, path := range []string{"/feed.atom", "/feed.rss", "/feed.json", "/", "/entries/" + k.String(), "/search?q=unbounded2",
				"/search.atom?q=unbounded2",
				"/sources/belta/feed.atom"} {
				checkBound(t, path, body(t, ask(h, "GET", path)), bounded)
			}
			files := 0
			if err := w.view(func(r Reader) error {
				for f, err := range h.now.Load().p.Site(r) {
					if err != nil {
						return err
					}
					files++
					checkBound(t, f.Name, string(f.Bytes), bounded)
				}
				return nil
			}); err != nil || files < 10 {
				t.Errorf("%d files: %v", files, err)
			}
		})
	}
}

func checkBound(t *testing.T, path, text string, bounded bool) {
	t.Helper()
	got := strings.Contains(strings.ToLower(text), "unbounded2 words") || strings.Contains(strings.ToLower(text), "unbounded1 words")
	switch {
	case bounded && got:
		t.Errorf("%s holds what is past the bound", path)
	case !bounded && !got && path == "/feed.atom":
		t.Errorf("%s lacks what is granted", path)
	}
}

// TestTitleIsBounded: a title is as long as a summary at most, in every document, unless texts are let out whole.
func TestTitleIsBounded(t *testing.T) {
	t.Parallel()
	for grant, bounded := range map[news.Content]bool{news.Headline: true, news.Summary: true, news.Full: false} {
		t.Run(string(grant), func(t *testing.T) {
			t.Parallel()
			w, k := revised(t, func(it *news.Item) {
				it.Title = strings.Repeat("The works made more this year. ", 20) + fmt.Sprint("Unbounded", it.Revision, " words follow.")
			})
			h := searched(t, w, func(o *Options) { o.Sources[0].Content = grant })
			for _, path := range []string{"/feed.atom", "/feed.rss", "/feed.json", "/", "/entries/" + k.String()} {
				checkBound(t, path, body(t, ask(h, "GET", path)), bounded)
			}
		})
	}
}

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
