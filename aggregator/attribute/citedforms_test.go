package attribute

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dateline/aggregator/news"
)

// Every way of citing an agency or an outlet that testdata/citedforms.tsv has is read in its language.
func TestCitedForms(t *testing.T) {
	t.Parallel()
	r := registry(t)
	data, err := os.ReadFile(filepath.Join("testdata", "citedforms.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for line := range strings.Lines(string(data)) {
		language, form, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		rows++
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
	if rows < 450 {
		t.Errorf("%d rows", rows)
	}
}
