package config_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/config"
)

// sourceX is what the edits below add.
var sourceX = config.Source{ID: "x", Name: "The X: a wire", URL: "https://x.example/rss?a=1", Topics: []string{"a", "b c"}, Enabled: true}

func add(b []byte) ([]byte, error) { return config.Add("f", b, []config.Source{sourceX}, nil) }
func removing(id string) func([]byte) ([]byte, error) {
	return func(b []byte) ([]byte, error) { return config.Remove("f", b, id) }
}
func enabling(id string, on bool) func([]byte) ([]byte, error) {
	return func(b []byte) ([]byte, error) { return config.Enable("f", b, id, on) }
}

const xBlock = "  - id: x\n    name: \"The X: a wire\"\n    url: https://x.example/rss?a=1\n    topics: [a, b c]\n"

// TestEdit: an edit changes what it is about, and no other byte.
func TestEdit(t *testing.T) {
	for _, c := range []struct {
		name         string
		edit         func([]byte) ([]byte, error)
		before, want string
	}{
		{"add to nothing", add, "", "sources:\n" + xBlock},
		{"add to a comment", add, "# mine", "# mine\nsources:\n" + strings.TrimSuffix(xBlock, "\n")},
		{"add where there is no list", add, "feed:\n  title: A\n\n# end\n", "feed:\n  title: A\n\n# end\nsources:\n" + xBlock},
		{"add before the end of the document", add, "---\nfeed: {title: A}\n...\n", "---\nfeed: {title: A}\nsources:\n" + xBlock + "...\n"},
		{"add to a root that is set in", add, "  feed: {title: A}\n", "  feed: {title: A}\n  sources:\n" + indent(xBlock)},
		{"add to an empty list", add, "sources: [] # none yet\nfeed:\n", "sources: # none yet\n" + xBlock + "feed:\n"},
		{"add to nothing below the key", add, "sources:\n# none\nfeed:\n", "sources:\n" + xBlock + "# none\nfeed:\n"},
		{"add to null", add, "sources: ~ # none\n", "sources:  # none\n" + xBlock},
		{"add below a list that is not set in", add, "sources:\n-  id: a\n   url: http://a.example\n",
			"sources:\n-  id: a\n   url: http://a.example\n" +
				"-  id: x\n   name: \"The X: a wire\"\n   url: https://x.example/rss?a=1\n   topics: [a, b c]\n"},
		{"add below what is commented out in the last", add, "sources:\n  - id: a\n    url: http://a.example\n    # every: 5m\n  # more\n",
			"sources:\n  - id: a\n    url: http://a.example\n    # every: 5m\n" + xBlock + "  # more\n"},
		{"add after a block of text", add, "sources:\n  - url: http://a.example\n    id: a\n    name: |\n      # B\n    # c\nfeed:\n",
			"sources:\n  - url: http://a.example\n    id: a\n    name: |\n      # B\n    # c\n" + xBlock + "feed:\n"},
		{"add with carriage returns", add, "\ufeffsources:\r\n  - {id: a, url: \"http://a.example\"}\r\nfeed:\r\n",
			"\ufeffsources:\r\n  - {id: a, url: \"http://a.example\"}\r\n" + strings.ReplaceAll(xBlock, "\n", "\r\n") + "feed:\r\n"},

		{"remove the only one", removing("a"), "sources:\n  # mine\n  - id: a\n    url: http://a.example # x\n\n# end\n",
			"sources:\n  # mine\n\n# end\n"},
		{"remove the one without a line end", removing("b"), "sources:\n- {id: a, url: \"http://a.example\"}\n\n- id: b\n  url: http://b.example",
			"sources:\n- {id: a, url: \"http://a.example\"}\n\n"},
		{"remove one in braces on one line", removing("a"),
			"sources:\n- {id: a, url: \"http://a.example\"} # A\n- {id: b, url: \"http://b.example\"}\n",
			"sources:\n- {id: b, url: \"http://b.example\"}\n"},
		{"remove with quotes on several lines", removing("a"),
			"sources:\n- id: a\n  url: http://a.example\n  name: \"a \\\" -\n    # b\"\n# c\n- {id: b, url: \"http://b.example\"}\n",
			"sources:\n# c\n- {id: b, url: \"http://b.example\"}\n"},
		{"remove with text on several lines", removing("a"),
			"sources:\n- id: a\n  url: http://a.example\n  name: a\n    b\n    c\n  # d\n\n# e\n", "sources:\n\n# e\n"},

		{"disable", enabling("a", false), "sources:\n  -\n    id: a # A\n    url: http://a.example\n\n  # b\n",
			"sources:\n  -\n    id: a # A\n    url: http://a.example\n    enabled: false\n\n  # b\n"},
		{"disable what is said to be enabled", enabling("a", false), "sources:\n- enabled: True\n  id: a\n  url: http://a.example\n",
			"sources:\n- enabled: false\n  id: a\n  url: http://a.example\n"},
		{"disable where nothing is said", enabling("a", false), "sources:\n- id: a\n  enabled: # ?\n  url: http://a.example\n",
			"sources:\n- id: a\n  enabled: false # ?\n  url: http://a.example\n"},
		{"disable where null is said", enabling("a", false), "sources:\n- id: a\n  enabled: null\n  url: http://a.example\n",
			"sources:\n- id: a\n  enabled: false\n  url: http://a.example\n"},
		{"enable", enabling("a", true), "sources:\n- id: a\n  enabled:   false # till May\n  url: http://a.example\n",
			"sources:\n- id: a\n  enabled:   true # till May\n  url: http://a.example\n"},
		{"enable what is", enabling("a", true), "sources:\n- id: a\n  url: http://a.example", "sources:\n- id: a\n  url: http://a.example"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := c.edit([]byte(c.before))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, string(got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func indent(s string) string {
	return "  " + strings.TrimSuffix(strings.ReplaceAll(s, "\n", "\n  "), "  ")
}

// TestEditRefused: what cannot be changed is left alone, with a typed error.
func TestEditRefused(t *testing.T) {
	var errs config.Errors
	for _, c := range []struct {
		name string
		edit func([]byte) ([]byte, error)
		text string
		want string
	}{
		{"a tag", add, "sources:\n- !!map {id: a, url: \"http://a.example\"}\n", "f:2:3: tags are not read"},
		{"a bad config", add, "sourcse: []\n", `f:1:1: unknown key "sourcse"`},
		{"an id that is taken", add, "sources:\n- {id: x, url: \"http://x.example\"}\n", `source id "x" is used twice`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := c.edit([]byte(c.text)); !errors.As(err, &errs) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
	t.Run("a source that is not there", func(t *testing.T) {
		for _, edit := range []func([]byte) ([]byte, error){removing("a"), enabling("a", true)} {
			if _, err := edit([]byte("sources: []\n")); !errors.Is(err, config.ErrNoSource) {
				t.Errorf("got %v", err)
			}
		}
	})
}

// TestEditRefusedInFlow: inside {} and [] nothing is changed, and the error names the line.
func TestEditRefusedInFlow(t *testing.T) {
	for _, c := range []struct {
		name string
		edit func([]byte) ([]byte, error)
		text string
		line int
	}{
		{"add where all is in braces", add, "{feed: {title: A}}", 1},
		{"add to an empty list where all is in braces", add, "\n{sources: []}\n", 2},
		{"add to null where all is in braces", add, "{sources: ~}\n", 1},
		{"add to a list in brackets", add, "feed:\nsources: [{id: a, url: \"http://a.example\"}]\n", 2},
		{"add to an empty list on two lines", add, "sources: [\n]\n", 1},
		{"add to an empty list below its key", add, "sources:\n  []\n", 2},
		{"remove from brackets", removing("a"), "sources: [{id: a, url: \"http://a.example\"}]\n", 1},
		{"disable in brackets", enabling("a", false), "sources:\n [\n{id: a, url: \"http://a.example\"}]\n", 2},
		{"disable in braces", enabling("a", false), "sources:\n- {id: a, url: \"http://a.example\"}\n", 2},
		{"disable what is said in braces", enabling("a", false),
			"sources:\n- id: b\n  url: http://b.example\n- {id: a, url: \"http://a.example\", enabled: true}\n", 4},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := c.edit([]byte(c.text))
			var flow *config.FlowError
			if !errors.As(err, &flow) || !errors.Is(err, config.ErrForm) {
				t.Fatalf("got %v", err)
			}
			if diff := cmp.Diff(&config.FlowError{File: "f", Line: c.line}, flow); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// FuzzEdit demands of every config that an edit makes it say what was meant and nothing else, leaves what is
// before and behind the change alone, and that removing what was added restores the text.
func FuzzEdit(f *testing.F) {
	files, err := filepath.Glob("testdata/*.good.yaml")
	if err != nil || len(files) == 0 {
		f.Fatalf("no fixtures: %v", err)
	}
	for _, path := range append(files, "../../config.yaml") {
		b, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
		f.Add(bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n")))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := config.Parse("f", b)
		if err != nil || slices.ContainsFunc(c.Sources, func(s config.Source) bool { return s.ID == "x" }) {
			return
		}
		if !cmp.Equal(c.Defaults, config.Default().Defaults, equal) {
			return // TestEditWithAnchors: what is added takes the defaults
		}
		if len(c.Topics) == 0 {
			want := *c
			want.Sources = append(slices.Clone(c.Sources), sourceX)
			added := checkEdit(t, b, want, add)
			if added != nil {
				back := checkEdit(t, added, *c, removing("x"))
				if back != nil && len(c.Sources) > 0 && string(bytes.TrimRight(back, "\r\n")) != string(bytes.TrimRight(b, "\r\n")) {
					t.Errorf("%q\nwith x\n%q\nand without\n%q", b, added, back)
				}
			}
		}
		for i, s := range c.Sources {
			want := *c
			want.Sources = slices.Delete(slices.Clone(c.Sources), i, i+1)
			checkEdit(t, b, want, removing(s.ID))
			want.Sources = slices.Clone(c.Sources)
			want.Sources[i].Enabled = !s.Enabled
			checkEdit(t, b, want, enabling(s.ID, !s.Enabled))
		}
	})
}

// checkEdit makes an edit, and checks that it says what is wanted and that the text is the same around one place.
func checkEdit(t *testing.T, b []byte, want config.Config, edit func([]byte) ([]byte, error)) []byte {
	t.Helper()
	out, err := edit(b)
	switch {
	case errors.Is(err, config.ErrForm):
		return nil
	case err != nil && len(b) > config.MaxSize-1000:
		return nil
	case err != nil:
		t.Fatalf("%q: %v", b, err)
	}
	got, err := config.Parse("f", out)
	if err != nil {
		t.Fatalf("%q\nbecame\n%q: %v", b, out, err)
	}
	if diff := cmp.Diff(&want, got, equal); diff != "" {
		t.Errorf("%q\nbecame\n%q\n%s", b, out, diff)
	}
	return out
}
