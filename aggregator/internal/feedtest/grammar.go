package feedtest

import (
	_ "embed"
	"maps"
	"slices"
	"strings"
)

//go:embed grammar.en.txt
var english string

//go:embed grammar.ru.txt
var russian string

// Grammars are an English and a Russian one.
var Grammars = []Grammar{newGrammar("en", english), newGrammar("ru", russian)}

// newGrammar reads a grammar, whose form its file describes.
func newGrammar(language, text string) Grammar {
	g := Grammar{Language: language, lists: map[string][]string{}}
	raw := map[string]string{}
	name := ""
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		item, inList := strings.CutPrefix(line, "\t")
		switch {
		case line == "" || line[0] == '#':
		case inList:
			raw[name] += item + " "
		case strings.Contains(line, "{"):
			g.sentences = append(g.sentences, line)
		default:
			name = line
		}
	}
	for _, name := range slices.Sorted(maps.Keys(raw)) {
		for entry := range strings.SplitSeq(raw[name], ",") {
			entry = strings.TrimSpace(entry)
			g.lists[name] = append(g.lists[name], entry)
			for _, w := range strings.Fields(entry) {
				if !strings.ContainsAny(w, "{}") {
					g.words = append(g.words, w)
				}
			}
		}
	}
	return g
}
