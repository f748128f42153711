package publish

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
)

// TestStrip: the front page draws what each agency published in the day before the newest record, and no page of older entries does.
func TestStrip(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	at := func(source, guid string, ago time.Duration) {
		w.publish(news.Item{Source: source, GUID: guid, Title: guid, FirstSeen: day.Add(-ago)})
	}
	at("belta", "too old", 24*time.Hour)
	at("belta", "1", 23*time.Hour)
	at("mid", "2", 12*time.Hour)
	h := served(t, w)
	front := func() string {
		t.Helper()
		if err := h.Refresh(); err != nil {
			t.Fatal(err)
		}
		return checkPage(t, ask(h, "GET", "/"))
	}
	want := `aria-label="Entries of the 24 hours before 17 May 2023, 00:44 UTC: BelTA 2, Russian MFA 1."`
	if got := front(); !strings.Contains(got, want) {
		t.Errorf("no %s in %s", want, got)
	}
	at("tass", "3", 0)
	at("tass-ru", "4", 0)
	e := w.entry(news.ItemKey("mid", "2"))
	w.change(e, news.RecordUpdated, day) // says nothing for the first time
	want = `aria-label="Entries of the 24 hours before 17 May 2023, 12:44 UTC: TASS 2, BelTA 1, Russian MFA 1."`
	got := front()
	if !strings.Contains(got, want) || strings.Count(got, `class="bar"`) != 3 {
		t.Errorf("no %s, or other bars, in %s", want, got)
	}
	if fresh := checkPage(t, ask(served(t, w), "GET", "/")); fresh != got {
		t.Error("the drawing depends on what was drawn before")
	}
	if older := checkPage(t, ask(h, "GET", "/?before=4")); strings.Contains(older, "strip") && strings.Contains(older, "24 hours before") {
		t.Error("a page of older entries has the drawing")
	}
}

// TestStripOfMany: what is read by the tags of many records is what is read entry by entry.
func TestStripOfMany(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	h := served(t, w)
	front := func(h *Handler) string {
		t.Helper()
		if err := h.Refresh(); err != nil {
			t.Fatal(err)
		}
		return checkPage(t, ask(h, "GET", "/"))
	}
	sources := []string{"belta", "mid", "tass", "tass-ru"}
	for i := range fewEntries + 20 {
		items := []news.Item{{Source: sources[i%3], GUID: fmt.Sprint(i), Title: "Talks", FirstSeen: day.Add(time.Duration(i) * time.Minute)}}
		if i%5 == 0 { // the tags do not say whose it was first
			items = append(items, news.Item{Source: sources[i%3+1], GUID: fmt.Sprint("copy", i), Title: "Talks", FirstSeen: items[0].FirstSeen})
		}
		w.publish(items...)
		if i%fewEntries == fewEntries/2 {
			front(h)
		}
	}
	got := front(h)
	if want := `: BelTA 40, Russian MFA 40, TASS 40."`; !strings.Contains(got, want) {
		t.Errorf("no %s in %s", want, got)
	}
	if fresh := front(served(t, w)); fresh != got {
		t.Errorf("what was drawn before, and what is drawn at once: %s", cmp.Diff(got, fresh))
	}
}

// BenchmarkStrip draws the last day of a wire of 12,000 entries a day after one more came.
func BenchmarkStrip(b *testing.B) {
	w := newWorld(b)
	for i := range 120 {
		var all []news.Item
		for n := range 100 {
			all = append(all, news.Item{Source: []string{"belta", "tass", "mid"}[n%3], GUID: string(rune('a'+i)) + string(rune('a'+n)),
				Title:     "Talks",
				FirstSeen: day.Add(time.Duration(i) * 12 * time.Minute)})
		}
		w.publishEach(all...)
	}
	for name, p := range map[string]func(*Publisher) *Publisher{
		"first": func(*Publisher) *Publisher { return New(options()) },
		"next":  func(p *Publisher) *Publisher { return p },
	} {
		b.Run(name, func(b *testing.B) {
			kept := New(options())
			if err := w.view(func(r Reader) error { _, err := kept.strip(r); return err }); err != nil {
				b.Fatal(err)
			}
			for b.Loop() {
				if err := w.view(func(r Reader) error {
					_, err := p(kept).strip(r)
					return err
				}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
