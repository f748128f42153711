package publish

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"dateline/aggregator/news"
)

// BenchmarkStoryPage renders a story of 8 reports with 4 copies and 3 revisions each, and answers from the cache.
func BenchmarkStoryPage(b *testing.B) {
	w := newWorld(b)
	var all []news.Entry
	for i := range 8 {
		var items []news.Item
		for n := range 5 {
			it := press()
			it.Source, it.GUID = []string{"belta", "tass", "tass-ru", "mid", "mid"}[n], string(rune('a'+i))+string(rune('a'+n))
			it.Published = day.Add(time.Duration(i*7+n) * time.Minute)
			items = append(items, it)
		}
		e := w.publish(items...)
		for n := range 2 {
			it := w.item(e.Key)
			it.Title += " again"
			w.next(it, day.Add(time.Duration(i+n)*time.Hour))
		}
		all = append(all, w.entry(e.Key))
	}
	w.inStory(all...)
	path := "/stories/" + all[0].Key.String()
	b.Run("render", func(b *testing.B) {
		p := New(options())
		b.ReportAllocs()
		for b.Loop() {
			if err := w.view(func(r Reader) error {
				_, err := storyDocument(call{p: p, r: r, arg: all[0].Key.String()})
				return err
			}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("cached", func(b *testing.B) {
		h := served(b, w)
		r := httptest.NewRequest("GET", path, nil)
		out := sink{make(http.Header)}
		for b.Loop() {
			clear(out.h)
			h.ServeHTTP(out, r)
		}
	})
}
