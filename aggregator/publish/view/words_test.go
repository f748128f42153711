package view

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestEveryLanguageHasEveryKey: each file of words has the keys of the English one, each once, with the same places to fill in.
func TestEveryLanguageHasEveryKey(t *testing.T) {
	t.Parallel()
	places := regexp.MustCompile(`\{\w+\}`)
	read := func(lang string) map[string][]string {
		file, err := wordFiles.ReadFile("words/" + lang + ".txt")
		if err != nil {
			t.Fatal(err)
		}
		all := make(map[string][]string)
		for l := range strings.Lines(string(file)) {
			if strings.HasPrefix(l, "#") {
				continue
			}
			key, value, ok := strings.Cut(strings.TrimRight(l, "\n"), " = ")
			if _, twice := all[key]; !ok || twice || value == "" || value != strings.TrimSpace(value) {
				t.Errorf("%s: line %q", lang, l)
			}
			all[key] = places.FindAllString(value, -1)
			slices.Sort(all[key])
			if n := len(strings.Split(value, ", ")); key == "months" && n != 12 {
				t.Errorf("%s: %d months", lang, n)
			}
		}
		return all
	}
	english := read("en")
	for key := range new(Words).fields() {
		if _, ok := english[key]; !ok {
			t.Errorf("en: no %s", key)
		}
	}
	if len(words) < 12 || len(english) != len(new(Words).fields())+1 {
		t.Errorf("%d languages, %d keys", len(words), len(english))
	}
	for lang := range words {
		file := read(lang)
		for key, want := range english {
			if got, ok := file[key]; !ok || !slices.Equal(got, want) {
				t.Errorf("%s: %s fills in %v, want %v", lang, key, got, want)
			}
		}
		if len(file) != len(english) {
			t.Errorf("%s: %d keys, want %d", lang, len(file), len(english))
		}
	}
}
