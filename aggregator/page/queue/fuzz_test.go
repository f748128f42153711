package queue

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"dateline/aggregator/attribute"
	"dateline/aggregator/news"
	"dateline/aggregator/page"
)

// FuzzCredit checks that what is credited on any page is a name of one line, in evidence of the page without a place in its text.
func FuzzCredit(f *testing.F) {
	registry, err := attribute.New(nil, attribute.Rules())
	if err != nil {
		f.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join("..", "testdata", "*.txtar"))
	if err != nil || len(files) == 0 {
		f.Fatal(err)
	}
	for _, file := range files {
		_, body, _, _ := composedPage(f, strings.TrimSuffix(filepath.Base(file), ".txtar"))
		f.Add(body)
	}
	seen := time.Date(2026, 5, 18, 10, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, body []byte) {
		art, err := page.Read(body, page.Options{URL: "https://news.example/a/1", Asked: "https://news.example/a/1", ContentType: "text/html"})
		if err != nil {
			return
		}
		res := Credit(registry, news.Source{ID: "herald", Language: "en"}, news.Item{}, art, seen)
		for _, c := range append(res.Credits.Byline, res.Evidence...) {
			if c.Name == "" || !utf8.ValidString(c.Name) || strings.ContainsAny(c.Name, "\n\x00") {
				t.Errorf("name %q of %s", c.Name, c.Role)
			}
			if c.Evidence.Field != news.PageField || c.Evidence.End != 0 {
				t.Errorf("evidence of %q: %+v", c.Name, c.Evidence)
			}
		}
	})
}
