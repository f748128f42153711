package attribute

import (
	"strings"
	"testing"

	"dateline/aggregator/news"
)

// photoForms are credits behind a caption (C): of a person (P), an agency (A) or an outlet that the registry lacks (O), with a label (L) or
// the word for a picture (W), and the chain that each has.
var photoForms = []struct{ form, chain string }{
	{"C. L P", "P"}, {"C. L P/A", "P A"}, {"C. L P / A", "P A"}, {"C. L P - A", "P A"}, {"C. L P (A)", "P A"}, {"C. L P, A", "P A"},
	{"C. L A", "A"}, {"C. L A/P", "P A"}, {"C. L P/O", "P O"}, {"C. L P / O", "P O"}, {"C. L O", "O"}, {"C (L P/A)", "P A"},
	{"C (L P)", "P"}, {"C (L P/A).", "P A"}, {"C | L P/A", "P A"}, {"C • L P", "P"}, {"C / L P", "P"}, {"C — L P/A", "P A"},
	{"L P/A", "P A"}, {"C. W A", "A"}, {"C. W P/A", "P A"}, {"C (W P)", "P"}, {"C. W P", "P"}, {"C. W – P", "P"},
	{"C. P/A", "P A"}, {"C. P / A", "P A"}, {"C (P/A)", "P A"}, {"C (P / A).", "P A"}, {"C [P/A]", "P A"}, {"C. A/P", "P A"},
	{"C (P/O)", "P O"}, {"C. P/O", "P O"}, {"C. P / O", "P O"}, {"C. (P | O)", "P O"}, {"C — P/O", "P O"},
	{"C. © A", "A"}, {"C. © P", "P"}, {"C. © P/A", "P A"}, {"C. (c) P/A", "P A"}, {"C. (c) P", "P"}, {"C. © 2024 P/A", "P A"},
	{"P/O", "P O"}, {"(P)", "P"}, {"C.\nP/A", "P A"}, {"L P/A\nC.", "P A"},
	{"C | A", "A"}, {"C | P/A", "P A"}, {"C", ""}, {"C.", ""}, {"P", ""},
}

// Every form of credit is read behind a picture's own description in every language of the table, but for those that the language has not.
func TestPhotoForms(t *testing.T) {
	t.Parallel()
	r := registry(t)
	for _, cols := range formRows(t, "photoforms.tsv", 7, 34) {
		for _, label := range strings.Split(cols[5], ";") {
			names := strings.NewReplacer("C", cols[1], "P", cols[2], "A", cols[3], "O", cols[4], "L", label, "W", cols[6])
			for _, f := range photoForms {
				text := names.Replace(f.form)
				if got, want := photoChain(r, cols[0], text), photoNames(r, names, f.chain); got != want && !unread(cols[0], f.form) {
					t.Errorf("%s %s: %q: %q, want %q", cols[0], f.form, text, got, want)
				}
			}
		}
	}
}

// unread reports whether a form is not read in a language: letters without case do not part a name from a caption.
func unread(language, form string) bool {
	return language == "ar" && strings.Contains("; C. W P/A; C (W P); C. W P; C. W – P; C — P/O; C. A/P; P/O; (P); ", "; "+form+"; ")
}

// photoChain returns the chain of the only picture of an item whose description is text.
func photoChain(r *Registry, language, text string) string {
	it := &news.Item{Language: language, Media: []news.Media{{Description: text}}}
	var ids []string
	for _, p := range r.Credit(Input{Item: it}).Credits.Photos {
		for _, c := range p.Chain {
			ids = append(ids, c.ID())
		}
	}
	return strings.Join(ids, " > ")
}

// photoNames returns the chain of names for the letters of a form.
func photoNames(r *Registry, names *strings.Replacer, chain string) string {
	list := strings.Fields(chain)
	for n, letter := range list {
		list[n] = names.Replace(letter)
		if key, ok := r.Lookup(list[n]); ok {
			list[n] = key
		}
	}
	return strings.Join(list, " > ")
}
