package attribute

import (
	_ "embed"
	"strings"

	"dateline/aggregator/attribute/lex"
)

//go:embed tables/words.txt
var wordsTable string

// wordSets are the sections of tables/words.txt by name, in the form that its head describes.
var wordSets = func() map[string]lex.Set {
	sets := map[string]lex.Set{}
	var section lex.Set
	for line := range strings.SplitSeq(wordsTable, "\n") {
		switch {
		case line == "" || strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "["):
			section = lex.Set{}
			sets[strings.Trim(line, "[]")] = section
		default:
			for w := range lex.Words(line, ";") {
				section[w] = struct{}{}
			}
		}
	}
	return sets
}()

// wordSet returns a section of tables/words.txt. It panics if there is none: a name that this package misspells.
func wordSet(name string) lex.Set {
	set := wordSets[name]
	if len(set) == 0 {
		panic("attribute: tables/words.txt has no section " + name)
	}
	return set
}
