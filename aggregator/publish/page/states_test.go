package page

import (
	"strings"
	"testing"

	"dateline/aggregator/publish/view"
)

// TestEveryStateHasWords: in each language the page of sources has a word for each state, and says what it means.
func TestEveryStateHasWords(t *testing.T) {
	t.Parallel()
	var states []SourceState
	for state := range stateWords {
		states = append(states, SourceState{ID: "belta", State: state})
	}
	for i, lang := range []string{"en", "ru-RU"} {
		s := Site{Language: lang, Views: &view.Maker{}}
		page, err := s.SourcesPage(states)
		if err != nil {
			t.Fatal(err)
		}
		for state, words := range stateWords {
			if !strings.Contains(string(page), words.word[i]) || !strings.Contains(string(page), words.meaning[i]) {
				t.Errorf("%s: no words for the state %s", lang, state)
			}
		}
	}
}
