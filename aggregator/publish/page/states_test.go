package page

import (
	"html"
	"strings"
	"testing"

	"dateline/aggregator/publish/view"
	"dateline/aggregator/status"
)

// TestEveryStateHasWords: in each language the page of sources has a word for each state, and says what it means; one that is not known
// is shown as it is.
func TestEveryStateHasWords(t *testing.T) {
	t.Parallel()
	states := []SourceState{{ID: "belta", State: "another"}}
	for _, s := range status.States {
		states = append(states, SourceState{ID: "belta", State: string(s)})
	}
	for lang, words := range map[string]*catalog{"en": catalogs()["en"], "ru-RU": catalogs()["ru"]} {
		s := Site{Language: lang, Views: &view.Maker{}}
		b, err := s.SourcesPage(states, "")
		if err != nil {
			t.Fatal(err)
		}
		page := html.UnescapeString(string(b))
		for _, st := range states {
			word := words.orName("state", st.State)
			if meaning := words.words["meaning."+st.State]; !strings.Contains(page, ">"+word+"</b>") || !strings.Contains(page, meaning) {
				t.Errorf("%s: no words for the state %s", lang, st.State)
			}
		}
		if words.words["state.ok"] == "ok" != (lang == "en") {
			t.Errorf("%s: ok is %q", lang, words.words["state.ok"])
		}
	}
}
