package config_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/config"
)

// FuzzParse demands that every error and warning is inside the file, and in its order; that what
// is read is read the same with other line ends; and that its sources can be used.
func FuzzParse(f *testing.F) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		f.Fatalf("no fixtures: %v", err)
	}
	for _, path := range append(files, "../../config.yaml") {
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	broken, err := os.ReadFile(brokenFiles)
	if err != nil {
		f.Fatal(err)
	}
	for c := range strings.SplitSeq(string(broken), "\n----\n") {
		text, _, _ := strings.Cut(c, "\n=> ")
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := config.Parse("f.yaml", b)
		var all config.Errors
		switch {
		case err == nil:
			all = c.Warnings(nil)
		case !errors.As(err, &all) || len(all) == 0:
			t.Fatalf("not of our type: %#v", err)
		}
		checkPlaces(t, string(b), all)

		again, err2 := config.Parse("f.yaml", []byte(strings.ReplaceAll(strings.ReplaceAll(string(b), "\r\n", "\n"), "\n", "\r\n")))
		if (err == nil) != (err2 == nil) {
			t.Fatalf("with CR LF %v, else %v", err2, err)
		}
		if err != nil {
			if err.Error() != err2.Error() {
				t.Errorf("with CR LF\n%v\nelse\n%v", err2, err)
			}
			return
		}
		if diff := cmp.Diff(c, again, equal); diff != "" {
			t.Error(diff)
		}
		for _, s := range c.NewsSources() {
			if s.ID == "" || s.Name == "" || s.Agency == "" || s.URL == "" || s.Every <= 0 {
				t.Errorf("a source lacks what it needs: %+v", s)
			}
		}
	})
}

func checkPlaces(t *testing.T, text string, all config.Errors) {
	t.Helper()
	lines := strings.Split(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(strings.TrimPrefix(text, "\ufeff")), "\n")
	for _, e := range all {
		if e.File != "f.yaml" || e.Message == "" || strings.Contains(e.Error(), "\n") {
			t.Errorf("a bad error: %q", e.Error())
		}
		if e.Line < 1 || e.Line > len(lines) || e.Column < 1 || e.Column > len([]rune(lines[e.Line-1]))+1 {
			t.Errorf("outside the file: %v", e)
		}
	}
	if !slices.IsSortedFunc(all, func(a, b *config.Error) int {
		if a.Line != b.Line {
			return a.Line - b.Line
		}
		return a.Column - b.Column
	}) {
		t.Errorf("out of order:\n%v", all)
	}
}
