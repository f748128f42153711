package config_test

import (
	"errors"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"dateline/aggregator/config"
)

// TestPlaces demands that the unknown key `urll` is reported where it is, regardless of what precedes it.
func TestPlaces(t *testing.T) {
	for name, text := range map[string]string{
		"after an escaped quote":           `feed: {title: "a\"b", urll: 1}`,
		"after an escaped character":       `feed: {title: "a\u00e9b", urll: 1}`,
		"after a doubled quote":            `feed: {title: 'it''s', urll: 1}`,
		"after Cyrillic":                   `feed: {title: "каша", urll: 1}`,
		"after a literal block":            "feed:\n  title: |\n    a\n\n    b\n\n  urll: 1\n",
		"after a literal block that keeps": "feed:\n  title: |+\n    a\n\n\n  urll: 1\n",
		"after an indented literal block":  "feed:\n  title: |2\n    a\n  urll: 1\n",
		"after a folded block":             "feed:\n  title: >\n    a\n    b\n\n\n# c\n  # d\n  urll: 1\n",
		"after quotes on several lines":    "feed:\n  title: \"a\n\n    b\" # c\n  urll: 1\n",
		"after single quotes on several":   "feed:\n  title: 'a\n\n    b'\n  urll: 1\n",
		"after an escaped line end":        "feed:\n  title: \"a\\\n    b\"\n  urll: 1\n",
		"after plain text on several":      "feed:\n  title: a\n    b\n\n    c\n  # d\n  urll: 1\n",
		"after a comment with a colon":     "feed:\n  title: a # d: e\n  # \n\n  urll : 1\n",
		"after a value on the next line":   "feed:\n  id:\n\n    urn:x:y\n  urll : 1\n",
		"after nothing and a comment":      "feed:\n  id:\n\n    # x\n  urll : 1\n",
		"after a list on several lines":    "network:\n  allow: [a,\n\n   # c\n   b\n   ]\n  urll: 1\n",
		"after a list with a comment":      "network:\n  allow:\n  - a\n\n  # c\n  - b\n  urll: 1\n",
		"in braces on several lines":       "feed:\n  {title: a,\n   # d\n   urll: 1}\n",
		"after three hyphens":              "---\n# c\n\nurll: 1\n",
		"after a dash alone on its line":   "sources:\n\n  # c\n  -\n    # d\n\n    urll: 1\n    id: a\n",
		"before a list":                    "sources:\n  - id:    a   \n    urll:\n    - 1\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := config.Parse("f", []byte(text))
			var all config.Errors
			if !errors.As(err, &all) {
				t.Fatalf("got %v", err)
			}
			before, _, _ := strings.Cut(text, "urll")
			line := strings.Count(before, "\n") + 1
			column := utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
			for _, e := range all {
				if e.Message == `unknown key "urll"` && e.Line == line && e.Column == column {
					return
				}
			}
			t.Errorf("not at %d:%d in\n%v", line, column, all)
		})
	}
}

// TestZones demands that each zone that may be suggested can be loaded.
func TestZones(t *testing.T) {
	b, err := os.ReadFile("zones.txt")
	if err != nil {
		t.Fatal(err)
	}
	names := strings.Fields(string(b))
	if len(names) < 400 {
		t.Errorf("only %d zones", len(names))
	}
	for _, name := range names {
		if _, err := time.LoadLocation(name); err != nil {
			t.Error(err)
		}
	}
}
