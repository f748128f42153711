package aggregator_test

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"testing"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// storyScore counts labelled pairs: those of one event and of two, and which of them were put into one story.
type storyScore struct{ story, found, other, wrong int }

func (s *storyScore) String() string {
	return fmt.Sprintf("precision %.3f, recall %.3f: found %d of %d, wrong %d of %d", float64(s.found)/float64(max(1, s.found+s.wrong)),
		float64(s.found)/float64(max(1, s.story)), s.found, s.story, s.wrong, s.other)
}

// TestLabelledStories scores the stories of texts that are no part of the project: testdata/stories.jsonl says where they are, and whether
// readers took two of them to be about one event. All are in one store, with so many words of their texts.
func TestLabelledStories(t *testing.T) {
	t.Parallel()
	dir := os.Getenv("DATELINE_PAIRS")
	if dir == "" {
		t.Skip("DATELINE_PAIRS is not set: the folder of the texts that testdata/stories.jsonl names, each in a file called by its SHA-256")
	}
	show := os.Getenv("DATELINE_PAIRS_SHOW")
	for _, view := range []struct {
		name  string
		words int
	}{{"titles alone", -1}, {"title and 40 words", 40}, {"title and 100 words", 100}} {
		t.Run(view.name, func(t *testing.T) {
			t.Parallel()
			rows := readPairs(t, "stories.jsonl")
			r, keys := storeOfPairs(t, rows, dir, view.words)
			scores := map[string]*storyScore{}
			for _, row := range rows {
				a, b := must2(r.itemOf(keys[row.A.SHA256])), must2(r.itemOf(keys[row.B.SHA256]))
				one, other := r.entry(a.Entry), r.entry(b.Entry)
				is := one.StoryKey() == other.StoryKey()
				for _, class := range []string{row.Set + " " + row.Language, "all " + row.Language} {
					s := scores[class]
					if s == nil {
						s = &storyScore{}
						scores[class] = s
					}
					s.add(row.Label == "story", is)
				}
				if show == row.Label && is == (show == "other") {
					t.Logf("%d %s\n  %q\n  %.300q\n  %q\n  %.300q", row.N, whyNot(t, r, a, b), a.Title, a.Lead, b.Title, b.Lead)
				}
			}
			for _, class := range slices.Sorted(maps.Keys(scores)) {
				t.Logf("%-10s %s", class, scores[class])
			}
		})
	}
}

func (s *storyScore) add(story, is bool) {
	n := map[bool]int{true: 1}[is]
	if story {
		s.story, s.found = s.story+1, s.found+n
	} else {
		s.other, s.wrong = s.other+1, s.wrong+n
	}
}

// storeOfPairs takes all texts of the rows into one store, each of its own source's document, and returns the keys of their items.
func storeOfPairs(t *testing.T, rows []pairRow, dir string, words int) (*harness, map[string]news.Key) {
	t.Helper()
	s := feedtest.NewServer(t)
	documents := map[string][]feedtest.Item{}
	var sources []news.Source
	known := map[string]bool{}
	for _, row := range rows {
		for _, p := range []pairItem{row.A, row.B} {
			if known[p.SHA256] {
				continue
			}
			known[p.SHA256] = true
			of := p.Source
			p, err := p.read(dir, max(words, 0))
			if err != nil {
				t.Skipf("a text is absent: %v", err)
			}
			if words < 0 {
				p.Text = ""
			}
			if documents[of] == nil {
				src := s.Source(of)
				src.Language = p.Language
				sources = append(sources, src)
			}
			it := p.feed(p.SHA256)
			it.Link = "https://" + of + "/" + p.SHA256
			documents[of] = append(documents[of], it)
		}
	}
	r := newHarness(t, sources...)
	keys := map[string]news.Key{}
	for _, src := range sources {
		s.Set("/"+src.ID, page(src.ID, documents[src.ID]...))
		r.good(src.ID)
	}
	for _, it := range r.items("") {
		keys[it.GUID] = it.Key
	}
	return r, keys
}
