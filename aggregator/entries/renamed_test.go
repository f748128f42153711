package entries_test

import (
	"fmt"
	"testing"
	"time"

	"dateline/aggregator/entries"
	"dateline/aggregator/news"
	"dateline/store"
)

// TestRenamed: an item that left the document in the very poll in which one that says the same came is that item under another name.
func TestRenamed(t *testing.T) {
	t.Parallel()
	const title = "Footbridge across the river reopens"
	write := func(n int, text string, at time.Time) news.Item {
		it := item(fmt.Sprint("guid-", n), title, text)
		it.URL, it.Published, it.PublishedRaw = fmt.Sprintf("https://alpha.example/bridge?t=%d", n), at, at.String()
		return it
	}
	undated := time.Time{}
	for _, c := range []struct {
		fact   string
		second func() []news.Item // of a document; the first has write(1, footbridge, morning) beside another one
		first  news.Item
		items  int // of which two are in the first document
	}{
		{"undated", func() []news.Item { return []news.Item{write(2, footbridge, undated)} }, write(1, footbridge, undated), 2},
		{"dated within a day", func() []news.Item { return []news.Item{write(2, footbridge, morning.Add(24*time.Hour))} },
			write(1, footbridge, morning), 2},
		{"dated more than a day apart", func() []news.Item { return []news.Item{write(2, footbridge, morning.Add(25*time.Hour))} },
			write(1, footbridge, morning), 3},
		{"one undated", func() []news.Item { return []news.Item{write(2, footbridge, morning)} }, write(1, footbridge, undated), 3},
		{"another text", func() []news.Item { return []news.Item{write(2, footbridge+" The mayor spoke.", undated)} },
			write(1, footbridge, undated), 3},
		{"no text, another query", func() []news.Item { return []news.Item{write(2, "", undated)} }, write(1, "", undated), 2},
		{"no text, another link", func() []news.Item {
			it := write(2, "", undated)
			it.URL = "https://alpha.example/other"
			return []news.Item{it}
		}, write(1, "", undated), 3},
		{"no text, dated", func() []news.Item { return []news.Item{write(2, "", morning.Add(time.Hour))} }, write(1, "", morning), 3},
		{"little text", func() []news.Item { return []news.Item{write(2, "Rain fell.", undated)} }, write(1, "Rain fell.", undated), 3},
		{"the first one is still there", func() []news.Item { return []news.Item{write(2, footbridge, undated), write(1, footbridge, undated)} },
			write(1, footbridge, undated), 3},
		{"two that say the same", func() []news.Item { return []news.Item{write(2, footbridge, undated), write(3, footbridge, undated)} },
			write(1, footbridge, undated), 4},
	} {
		t.Run(c.fact, func(t *testing.T) {
			t.Parallel()
			r := newNewsroom(t)
			r.visit("alpha", c.first, own("1"))
			r.visit("alpha", append(c.second(), own("1"))...)
			if n := len(r.stored("alpha")); n != c.items {
				t.Errorf("%d items, want %d", n, c.items)
			}
		})
	}
	t.Run("not in a document that was cut off", func(t *testing.T) {
		t.Parallel()
		r := newNewsroom(t)
		r.visit("alpha", write(1, footbridge, undated))
		r.deliver(entries.Incoming{Source: news.Source{ID: "alpha"}, Items: []news.Item{write(2, footbridge, undated)}, Partial: true})
		same(t, "items", len(r.stored("alpha")), 2)
	})
	t.Run("not under a title of several days", func(t *testing.T) {
		t.Parallel()
		r := newNewsroom(t)
		r.visit("alpha", write(0, "Rain fell on all the towns of the province for the whole of the day.", morning.Add(-20*time.Hour)))
		r.visit("alpha", write(1, footbridge, morning))
		r.visit("alpha", write(2, footbridge, morning.Add(time.Hour)))
		same(t, "items", len(r.stored("alpha")), 3)
	})
	t.Run("at every poll", func(t *testing.T) {
		t.Parallel()
		r := newNewsroom(t)
		for n := range 40 { // more than the names that are remembered
			r.visit("alpha", write(n, footbridge, undated))
		}
		same(t, "items", len(r.stored("alpha")), 1)
	})
}

// stored returns what is stored of a source.
func (r *newsroom) stored(source string) (all []news.Item) {
	r.t.Helper()
	r.view(func(v store.View) error {
		for it, err := range v.Items() {
			if err != nil {
				return err
			}
			if it.Source == source {
				all = append(all, it)
			}
		}
		return nil
	})
	return all
}
