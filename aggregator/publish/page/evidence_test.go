package page

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"dateline/aggregator/news"
)

// TestRuleWords: every rule that gives a credit is told in words, in both languages.
func TestRuleWords(t *testing.T) {
	// What is cut out of a text, and marks of updates and of what is taken back, give no credit.
	silent := "space header-date-time furniture title-repeated above-dateline mark-word mark-bracket mark-frame kill-mark kill-sentence"
	files, err := filepath.Glob("../../attribute/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	n := 0
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(node ast.Node) bool {
			v, ok := node.(*ast.ValueSpec)
			if !ok || !strings.HasPrefix(v.Names[0].Name, "rule") || len(v.Values) == 0 {
				return true
			}
			lit, ok := v.Values[0].(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return true
			}
			n++
			rule, err := strconv.Unquote(lit.Value)
			if strings.HasPrefix(rule, "dateline-") { // with a form behind it; all are told as the dateline
				return true
			}
			if _, text := ruleWords[rule]; err != nil || !text && !strings.Contains(silent, rule) {
				t.Errorf("%s: nothing tells of the rule %s", file, lit.Value)
			}
			return true
		})
	}
	if n < 30 {
		t.Errorf("%d rules were found, want more", n)
	}
	for _, all := range []map[string]phrase{fieldWords, ruleWords, joinWords} {
		for k, p := range all {
			if (p[0] == "") != (p[1] == "") {
				t.Errorf("%s is told in one language: %q", k, p)
			}
		}
	}
}

func TestEvidence(t *testing.T) {
	for _, tt := range []struct {
		fact string
		w    *catalog
		cr   news.Credit
		want string
	}{
		{"a field of the text and a rule", pageCatalogFor("en"),
			news.Credit{Name: "BelTA", Evidence: news.Evidence{Field: "text", Words: "BelTA", Rule: "dateline-place-date-agency"}},
			"in the text: the dateline"},
		{"words beyond the name", pageCatalogFor("en"), news.Credit{Name: "BelTA",
			Evidence: news.Evidence{Field: "text", Words: "BelTA has learned", Rule: "own-learned"}},
			"in the text: the agency speaks of itself, “BelTA has learned”"},
		{"words that are not granted", pageCatalogFor("en"),
			news.Credit{Name: "BelTA", Evidence: news.Evidence{Field: "text", Words: "Secret words", Rule: "own-learned"}},
			"in the text: the agency speaks of itself"},
		{"a field says it all", pageCatalogFor("en"), news.Credit{Name: "TASS",
			Evidence: news.Evidence{Field: "link", Words: "tass.example", Rule: "link-host"}}, "in the address of the piece, “tass.example”"},
		{"in Russian", pageCatalogFor("ru"), news.Credit{Name: "БЕЛТА",
			Evidence: news.Evidence{Field: "text", Words: "BelTA has learned", Rule: "own-learned"}},
			"в тексте: агентство говорит о себе, «BelTA has learned»"},
		{"unknown words", pageCatalogFor("en"), news.Credit{Evidence: news.Evidence{Field: "x", Rule: "y"}}, "x: y"},
		{"nothing", pageCatalogFor("en"), news.Credit{}, ""},
	} {
		t.Run(tt.fact, func(t *testing.T) {
			if got := tt.w.evidence(tt.cr, "Before BelTA has learned behind"); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}
