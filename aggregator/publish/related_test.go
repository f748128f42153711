package publish

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
)

// twoRelated is a wire of one event that two agencies report, each in its own words.
func twoRelated(tb testing.TB) (w *world, one, other news.Entry) {
	tb.Helper()
	w = newWorld(tb)
	one = w.publish(press())
	other = w.publish(news.Item{Source: "tass-ru", GUID: "t1", URL: "https://tass.example/ru/1", Title: "Министры за диалог & торговлю",
		Published: day})
	one.Story = []news.Key{one.Key, other.Key}
	other.Story = one.Story
	w.putEntry(one)
	w.putEntry(other)
	return w, w.entry(one.Key), w.entry(other.Key)
}

// related returns the links of an entry to other tellings, as a reader of the document sees them.
func related(t *testing.T, p *Publisher, w *world, e news.Entry) []readLink {
	t.Helper()
	doc, err := p.Atom(w)
	if err != nil {
		t.Fatal(err)
	}
	for _, got := range parse(t, string(doc.Bytes)).Entries {
		if slices.Contains(got.ID, e.AtomID()) {
			return slices.DeleteFunc(got.Links, func(l readLink) bool { return l.Rel != "http://purl.org/dc/terms/relation" })
		}
	}
	t.Fatalf("entry %s is not in the document", e.Key)
	return nil
}

func TestRelated(t *testing.T) {
	w, one, other := twoRelated(t)
	p := New(options())
	at := "https://wire.example/entries/"
	if diff := cmp.Diff([]readLink{{Rel: "http://purl.org/dc/terms/relation", Href: at + other.Key.String(),
		Title: "Министры за диалог & торговлю", Lang: "ru"}},
		related(t, p, w, one)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]readLink{{Rel: "http://purl.org/dc/terms/relation", Href: at + one.Key.String(),
		Title: "Ministers speak of dialogue after talks",
		Lang:  "en"}}, related(t, p, w, other)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	h := New(options()).Handler(w.view)
	if err := h.Refresh(); err != nil {
		t.Fatal(err)
	}
	var feed struct {
		Items []struct {
			Credits struct {
				Count news.StoryCount `json:"tellings"`
			} `json:"_credits"`
		}
	}
	if err := json.Unmarshal(documents(t, h, []string{"/feed.json"})["/feed.json"].Bytes, &feed); err != nil {
		t.Fatal(err)
	}
	for _, it := range feed.Items {
		if it.Credits.Count != (news.StoryCount{Own: 2}) {
			t.Errorf("tellings %+v, want two reports", it.Credits.Count)
		}
	}
	for state, want := range map[news.EntryState]int{news.Withdrawn: 0, news.Merged: 0, news.Held: 0, news.Public: 1} {
		t.Run("state "+string(state), func(t *testing.T) {
			e := w.entry(other.Key)
			e.State = state
			w.putEntry(e)
			if got := related(t, p, w, one); len(got) != want {
				t.Errorf("links %+v, want %d", got, want)
			}
		})
	}
	t.Run("its text is gone", func(t *testing.T) {
		w.erase(other.Key)
		if got := related(t, p, w, one); len(got) != 0 {
			t.Errorf("links %+v, want none", got)
		}
	})
}
