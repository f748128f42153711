package config_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"dateline/aggregator/config"
	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
)

// equal compares two configs by what they say, not by where it is.
var equal = cmp.Options{cmpopts.IgnoreUnexported(config.Config{}), cmpopts.EquateEmpty()}

// reference returns the text of the config.yaml at the root of the project.
func reference(t *testing.T) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(feedtest.Root(t), "config.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func parse(t *testing.T, text string) *config.Config {
	t.Helper()
	c, err := config.Parse("config.yaml", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestReference(t *testing.T) {
	text := reference(t)
	c := parse(t, text)

	t.Run("it says what Default says, sources aside", func(t *testing.T) {
		got := *c
		got.Sources = nil
		if diff := cmp.Diff(config.Default(), got, equal); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("it has no warnings", func(t *testing.T) {
		for _, w := range c.Warnings(nil) {
			t.Error(w)
		}
	})
	t.Run("each key stands below the doc comment of its field", func(t *testing.T) {
		got, want := comments(text), fieldComments(t)
		if len(want) != len(config.Keys()) {
			t.Errorf("%d fields have comments, there are %d keys", len(want), len(config.Keys()))
		}
		for _, key := range config.Keys() {
			if got[key] != want[key] || want[key] == "" {
				t.Errorf("%s\nconfig.yaml: %q\nthe field:   %q", key, got[key], want[key])
			}
		}
	})
	t.Run("the topics in comments are those of its sources, and named", func(t *testing.T) {
		want := map[string]string{"belarus": "Belarus", "russia": "Russia", "diplomacy": "Diplomacy"}
		if diff := cmp.Diff(want, parse(t, uncomment(text)).TopicNames()); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("the agency in comments is read when uncommented", func(t *testing.T) {
		got := parse(t, uncomment(text)).NewsAgencies()
		want := []news.Agency{{
			Key:   "example-news",
			Name:  "Example News",
			Names: map[string]string{"ru": "Пример Ньюс", "be": "Прыклад Ньюс"},
			Also:  []string{"EN", "Example News Agency"},
			Hosts: []string{"news.example.org"},
			Kind:  news.KindAgency,
			Site:  "https://news.example.org/",
		}}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("its sources are three agencies in two languages", func(t *testing.T) {
		var got []string
		for _, s := range c.NewsSources() {
			got = append(got, strings.Join([]string{s.ID, s.Agency, s.Language, string(s.Content)}, " "))
		}
		want := []string{
			"belta belta en summary", "belta-ru belta ru summary",
			"tass tass en headline", "tass-ru tass ru headline",
			"mfa-russia mfa-russia en summary", "mfa-russia-ru mfa-russia ru summary",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

// uncomment makes the examples of an agency and of topics a part of the text.
func uncomment(text string) string {
	return regexp.MustCompile(`(?m)^#(  )`).ReplaceAllString(text, "$1")
}

var keyLine = regexp.MustCompile(`^( *)(- )?([a-z_]+):`)

// comments returns the comment line above each key of the text, by the key's name; the first of several.
func comments(text string) map[string]string {
	all := map[string]string{}
	section, above := "", ""
	for line := range strings.Lines(uncomment(text)) {
		line = strings.TrimRight(line, "\n")
		m := keyLine.FindStringSubmatch(line)
		switch {
		case strings.HasPrefix(strings.TrimSpace(line), "# "):
			above = strings.TrimPrefix(strings.TrimSpace(line), "# ")
			continue
		case m == nil:
		case m[1] == "":
			section = m[3]
			if section == "defaults" {
				all[section] = above
			}
		default:
			key := section + "." + m[3]
			if section == "sources" || section == "agencies" || section == "topics" {
				key = section + "[]." + m[3]
			}
			if _, again := all[key]; !again {
				all[key] = above
			}
		}
		above = ""
	}
	return all
}

// fieldComments returns the doc comment of each field that holds a value, by its key, as config.go has it.
func fieldComments(t *testing.T) map[string]string {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "config.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	types := map[string]*ast.StructType{}
	ast.Inspect(f, func(n ast.Node) bool {
		if spec, ok := n.(*ast.TypeSpec); ok {
			if s, ok := spec.Type.(*ast.StructType); ok {
				types[spec.Name.Name] = s
			}
		}
		return true
	})
	all := map[string]string{}
	for _, section := range types["Config"].Fields.List {
		if section.Tag == nil {
			continue
		}
		if name, ok := section.Type.(*ast.Ident); ok && name.Name == "Defaults" {
			all["defaults"] = strings.TrimSpace(section.Doc.Text())
			continue
		}
		name, list := section.Type, ""
		if a, ok := name.(*ast.ArrayType); ok {
			name, list = a.Elt, "[]"
		}
		for _, field := range types[name.(*ast.Ident).Name].Fields.List {
			all[yamlTag(section)+list+"."+yamlTag(field)] = strings.TrimSpace(field.Doc.Text())
		}
	}
	return all
}

func yamlTag(f *ast.Field) string {
	return reflect.StructTag(strings.Trim(f.Tag.Value, "`")).Get("yaml")
}
