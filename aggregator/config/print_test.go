package config_test

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/config"
)

// TestYAML: what is printed reads as what was read, and printed again it is the same.
func TestYAML(t *testing.T) {
	files, err := filepath.Glob("testdata/*.good.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no fixtures: %v", err)
	}
	for _, path := range append(files, "../../config.yaml") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			c, err := config.Load(path)
			if err != nil {
				t.Fatal(err)
			}
			for name, c := range map[string]*config.Config{"as it is": c, "effective": c.Effective(), "redacted": c.Redact()} {
				if diff := cmp.Diff(c, parse(t, string(c.YAML())), equal); diff != "" {
					t.Errorf("%s: %s", name, diff)
				}
				if !json.Valid(c.JSON()) {
					t.Errorf("%s: %s", name, c.JSON())
				}
			}
			if diff := cmp.Diff(c.NewsSources(), c.Effective().NewsSources(), sameZone); diff != "" {
				t.Error(diff)
			}
			for _, key := range config.Keys() {
				if key == "defaults" {
					continue // the keys that have one
				}
				if name := key[strings.LastIndexByte(key, '.')+1:]; !strings.Contains(key, "[]") &&
					!strings.Contains(string(c.YAML()), "\n  "+name+":") {
					t.Errorf("no %s in\n%s", key, c.YAML())
				}
			}
		})
	}
}

// TestRedact: no secret of the config is left, and the config it was made from still has them.
func TestRedact(t *testing.T) {
	c := parse(t, `
network: {proxy: "http://reader:hunter2@proxy.example:3128"}
sources: [{id: a, url: "https://a.example/?b=1&Token=hunter2&key=${KEY}", headers: {Authorization: Bearer hunter2}}]
`)
	for _, text := range []string{string(c.Redact().YAML()), string(c.Redact().JSON())} {
		if strings.Contains(text, "hunter2") || strings.Contains(text, "reader") || !strings.Contains(text, "Authorization") ||
			!strings.Contains(strings.ReplaceAll(text, `\u0026`, "&"), "?b=1&Token=REDACTED&key=${KEY}") {
			t.Errorf("redacted:\n%s", text)
		}
	}
	if strings.Count(string(c.YAML()), "hunter2") != 3 {
		t.Errorf("the config itself has changed:\n%s", c.YAML())
	}
}

// FuzzYAML demands that any text in a config is printed as what reads the same.
func FuzzYAML(f *testing.F) {
	for _, s := range []string{"", "a", "true", "No", "~", "null", "- a", "a: b", "a #b", "#", " a", "a ", "\"", "\\", "'", "\t", "12", "1e3",
		"0x1", "2026-01-02", "1:30",
		"https://a.example/?b=c&d#e", "Беларусь", "é", "\u0085", "\u2028", "🛰", "\ufffd", "${A}", "a,b", "[a]", "{a}", "*a", "&a", "!a", "|", ">",
		"%", "@", "`", ".inf", "a:", "?", "a\u0301", "\u200b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) {
			return // no file has it
		}
		c := config.Default()
		c.Feed.Title = s
		c.Sources = []config.Source{{ID: "a", URL: "https://a.example/", Rights: s, Topics: []string{"t", s}, Enabled: true}}
		got, err := config.Parse("f", c.YAML())
		var errs config.Errors
		if errors.As(err, &errs) && !strings.Contains(err.Error(), "not YAML") && !strings.Contains(err.Error(), "belongs") &&
			!strings.Contains(err.Error(), "not read") {
			return // text that no config may have there
		}
		if err != nil {
			t.Fatalf("%q: %v\n%s", s, err, c.YAML())
		}
		if got.Feed.Title != s || got.Sources[0].Rights != s || got.Sources[0].Topics[1] != s {
			t.Errorf("%q became %q, %q and %q:\n%s", s, got.Feed.Title, got.Sources[0].Rights, got.Sources[0].Topics, c.YAML())
		}
	})
}
