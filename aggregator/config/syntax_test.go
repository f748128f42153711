package config_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"dateline/aggregator/config"
)

// brokenFiles has files as people break them, each followed by what is said of it. \t is a tab, \r a carriage return.
const brokenFiles = "testdata/broken.txt"

// TestSyntaxWords: what people get wrong in YAML is said in words of a config, at its place, and never in those of the parser.
func TestSyntaxWords(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(brokenFiles)
	if err != nil {
		t.Fatal(err)
	}
	cases := strings.Split(string(b), "\n----\n")
	if len(cases) < 40 {
		t.Fatalf("%d cases", len(cases))
	}
	place := regexp.MustCompile(`^f:[1-9]\d*:[1-9]\d*: `)
	var now strings.Builder
	for i, c := range cases {
		text, want, found := strings.Cut(c, "\n=> ")
		_, err := config.Parse("f", []byte(strings.NewReplacer(`\t`, "\t", `\r`, "\r").Replace(text)))
		switch {
		case !found && !*update:
			t.Errorf("%q: nothing is wanted", text)
		case err == nil:
			t.Errorf("%q is taken", text)
		case err.Error() != strings.TrimRight(want, "\n") && !*update, !place.MatchString(err.Error()):
			t.Errorf("%q\ngot  %v\nwant %s", text, err, want)
		default:
			now.WriteString(strings.Repeat("\n----\n", min(i, 1)) + text + "\n=> " + err.Error())
		}
	}
	if *update {
		if err := os.WriteFile(brokenFiles, []byte(now.String()+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
