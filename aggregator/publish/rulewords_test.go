package publish

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"dateline/aggregator/publish/view"
)

// TestRuleWords: every rule that gives a credit has words on the page of an entry, and there are no words for other rules. That every
// language has the same keys is for package page to test.
func TestRuleWords(t *testing.T) {
	// What is cut out of a text, and marks of updates and of what is taken back, give no credit.
	silent := "space header-date-time furniture title-repeated above-dateline mark-word mark-bracket mark-frame kill-mark kill-sentence"
	file, err := os.ReadFile("page/words/en.txt")
	if err != nil {
		t.Fatal(err)
	}
	words, known := view.ReadWords(string(file)), map[string]bool{"dateline": true}
	files, err := filepath.Glob("../attribute/*.go")
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
			if strings.HasPrefix(rule, "dateline-") { // with a form behind it; all are shown as the dateline
				return true
			}
			known[rule] = true
			if _, text := words["rule."+rule]; err != nil || !text && !strings.Contains(silent, rule) {
				t.Errorf("%s: no words in page/words/en.txt for the rule %s", file, lit.Value)
			}
			return true
		})
	}
	if n < 30 {
		t.Errorf("%d rules were found, want more", n)
	}
	for key := range words {
		if rule, ok := strings.CutPrefix(key, "rule."); ok && !known[rule] {
			t.Errorf("en.txt: attribute has no rule %s", rule)
		}
	}
}
