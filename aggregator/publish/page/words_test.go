package page

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
	"dateline/aggregator/status"
)

// wordsOf returns what the file of a language says, each key once.
func wordsOf(t *testing.T, lang string) map[string]string {
	t.Helper()
	file, err := wordFiles.ReadFile("words/" + lang + ".txt")
	if err != nil {
		t.Fatal(err)
	}
	all := view.ReadWords(string(file))
	lines := 0
	for l := range strings.Lines(string(file)) {
		if l = strings.TrimRight(l, "\n"); l == "" || strings.HasPrefix(l, "#") {
			continue
		}
		if lines++; l != strings.TrimSpace(l) || !strings.Contains(l, " =") || strings.Contains(l, "=  ") {
			t.Errorf("%s: line %q", lang, l)
		}
	}
	if lines != len(all) {
		t.Errorf("%s: %d lines for %d keys", lang, lines, len(all))
	}
	return all
}

// TestEveryLanguageHasEveryKey: each file has the keys of the English one, says something where that does, and fills in the same.
func TestEveryLanguageHasEveryKey(t *testing.T) {
	t.Parallel()
	places := regexp.MustCompile(`\{\w+\}`)
	english := wordsOf(t, "en")
	if len(catalogs()) < 2 || len(english) < 100 {
		t.Fatalf("%d languages, %d keys", len(catalogs()), len(english))
	}
	for lang := range catalogs() {
		words := wordsOf(t, lang)
		for key, want := range english {
			got, ok := words[key]
			if filled := places.FindAllString(got, -1); !ok || (got == "") != (want == "") || !slices.Equal(filled, places.FindAllString(want, -1)) {
				t.Errorf("%s: %s is %q, in English %q", lang, key, got, want)
			}
		}
		for key := range words {
			if _, ok := english[key]; !ok {
				t.Errorf("%s: en.txt has no %s", lang, key)
			}
		}
	}
}

// TestEveryKeyIsUsed: what is said is in a template or in the code; nothing in the files is for nothing.
func TestEveryKeyIsUsed(t *testing.T) {
	t.Parallel()
	unused := wordsOf(t, "en")
	use := func(key string) {
		if _, ok := unused[key]; !ok {
			t.Errorf("en.txt: no %s", key)
		}
		delete(unused, key)
	}
	code := source(t)
	for _, f := range said() {
		if regexp.MustCompile(`\b[Ww]\.` + f.Name + `\b|\)\.` + f.Name + `\b`).Match(code) {
			use(keyOf(f.Name))
		}
	}
	for _, r := range []news.Role{news.Originator, news.Byline, news.Photographer, news.Owner, news.Supplier, news.Carrier, news.Cited} {
		use("role." + string(r))
	}
	for _, s := range status.States {
		use("state." + string(s))
		use("meaning." + string(s))
	}
	for _, k := range ChangeKinds() {
		use("change." + string(k))
		if k != Changed {
			use("change_said." + string(k))
		}
	}
	for _, m := range signs() {
		use("telling." + m)
		use("legend." + m)
	}
	for _, form := range []string{"one", "two", "few", "many", "other"} {
		use("own_reports." + form)
		use("copies_of." + form)
		use("silent_days." + form)
	}
	for _, h := range searchHelp {
		use("help." + h.key)
	}
	for key := range unused { // those that other packages name; of rules TestRuleWords of package publish knows
		if group, _, _ := strings.Cut(key, "."); slices.Contains([]string{"field", "rule", "join", "problem"}, group) {
			delete(unused, key)
		}
	}
	for _, key := range slices.Sorted(maps.Keys(unused)) {
		t.Errorf("en.txt: nothing says %s", key)
	}
}

// source returns the templates and the code of this package.
func source(t *testing.T) []byte {
	t.Helper()
	var all bytes.Buffer
	names, err := fs.Glob(os.DirFS("."), "*/*.html")
	if err != nil {
		t.Fatal(err)
	}
	code, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range append(names, code...) {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		b, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(b)
	}
	return all.Bytes()
}

// TestPlurals: what is counted is in the form of its number, by the rules of the language.
func TestPlurals(t *testing.T) {
	t.Parallel()
	for lang, forms := range map[string]map[int]string{
		"en": {1: "1 copy", 2: "2 copies", 0: "0 copies"},
		"ru": {1: "1 перепечатка", 3: "3 перепечатки", 11: "11 перепечаток", 21: "21 перепечатка"},
		"ar": {1: "نسخة منقولة واحدة (1)", 2: "نسختان منقولتان (2)", 3: "3 نسخ منقولة", 11: "11 نسخة منقولة", 0: "0 نسخة منقولة"},
	} {
		for n, want := range forms {
			if got := catalogFor(lang).number("copies_of", n); got != want {
				t.Errorf("%s: %d is %q, want %q", lang, n, got, want)
			}
		}
	}
}
