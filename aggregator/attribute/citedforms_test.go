package attribute

import (
	"slices"
	"strings"
	"testing"

	"dateline/aggregator/news"
)

// Every way of citing an agency or an outlet that testdata/citedforms.tsv has is read in its language.
func TestCitedForms(t *testing.T) {
	t.Parallel()
	r := registry(t)
	for _, row := range formRows(t, "citedforms.tsv", 2, 450) {
		language, form := row[0], row[1]
		name := "Reuters"
		if language == "ar" {
			name = "رويترز"
		}
		text := strings.ReplaceAll(form, "X", name)
		got := r.Credit(Input{Item: &news.Item{Language: language}, Text: text}).Credits
		list := got.Cited
		if got.Agency != nil {
			list = append(list, *got.Agency)
		}
		if !slices.ContainsFunc(list, func(c news.Credit) bool { return c.ID() == "reuters" }) {
			t.Errorf("%s: %s: %v", language, text, list)
		}
	}
}

// A pronoun behind "citing" is a reason, not a source.
func TestNoCitedPronoun(t *testing.T) {
	t.Parallel()
	r := registry(t)
	for _, text := range []string{
		"Суд отклонил жалобу, сославшись на то, что срок её подачи истёк.",
		"Завод закрыли, сославшись на это обстоятельство, ещё в мае.",
	} {
		if got := r.Credit(Input{Item: &news.Item{Language: "ru"}, Text: text}).Credits.Cited; len(got) > 0 {
			t.Errorf("%s: %v", text, got)
		}
	}
}
