package agency

import (
	"strings"
	"testing"

	"dateline/aggregator/attribute/lex"
)

// TestPlacesFile: each name of places.txt is in one of its sections and is found as what the section says. A name
// may come once for each language.
func TestPlacesFile(t *testing.T) {
	t.Parallel()
	g := Places()
	is := map[string]func(string) bool{
		"[cities]": g.City, "[regions]": g.Region, "[short]": g.Short, "[desks]": g.Desk,
		"[endings]": func(end string) bool { return g.Formed("Xxx" + end) },
		"[common]":  func(word string) bool { return !g.Formed(word) },
	}
	section, n := "", 0
	for line := range strings.Lines(places) {
		line = strings.TrimSuffix(line, "\n")
		n++
		switch {
		case line == "", strings.HasPrefix(line, "#"):
			continue
		case strings.HasPrefix(line, "["):
			section = line
			if is[section] == nil {
				t.Errorf("places.txt:%d: no such section: %s", n, line)
			}
			continue
		case is[section] == nil:
			t.Errorf("places.txt:%d: a name before the first section", n)
			continue
		}
		lex.EachFold(lex.CutLanguage(line), ";", func(name string) {
			if !is[section](name) {
				t.Errorf("places.txt:%d: %q is not found as one of %s", n, name, section)
			}
		})
	}
	if n < 500 {
		t.Errorf("places.txt: %d lines", n)
	}
}
