package publish

import (
	"fmt"
	"strings"
	"testing"

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
