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
	sets := make(map[string]lex.Set, strings.Count(wordsTable, "\n["))
	for section := range strings.SplitSeq(wordsTable, "\n[") {
		name, list, ok := strings.Cut(section, "]\n")
		if !ok || strings.HasPrefix(section, "#") {
			continue
		}
		set := make(lex.Set, strings.Count(list, ";")+strings.Count(list, "\n"))
		for line := range strings.SplitSeq(list, "\n") {
			if !strings.HasPrefix(line, "#") {
				lex.EachFold(lex.CutLanguage(line), ";", func(w string) { set[w] = struct{}{} })
			}
		}
		sets[name] = set
	}
	return sets
}()

// words is a section of tables/words.txt that tokens are asked for.
type words struct {
	lex.Set
	class lex.Class // of its words; sequences of words have none
}

// is reports whether a token is one of the words.
func (w words) is(t lex.Token) bool { return t.Is(w.class) }

// classes are the sections that wordClass has given a class, in order: the first has the lowest bit.
var classes []words

// wordClass returns a section and gives it a class.
func wordClass(name string) words { return newClass(wordSet(name)) }

// newClass gives a set the next class. It panics where none is left.
func newClass(set lex.Set) words {
	w := words{set, firstClass << len(classes)}
	if w.class == 0 {
		panic("attribute: more classes than bits")
	}
	classes = append(classes, w)
	return w
}

// wordSet returns a section of tables/words.txt. It panics if there is none: a name that this package misspells.
func wordSet(name string) lex.Set {
	set := wordSets[name]
	if len(set) == 0 {
		panic("attribute: tables/words.txt has no section " + name)
	}
	return set
}

// heads returns the first words of the entries of sets, as a class.
func heads(sets ...lex.Set) words {
	all := lex.Set{}
	for _, set := range sets {
		for entry := range set {
			word, _, _ := strings.Cut(entry, " ")
			all[word] = struct{}{}
		}
	}
	return newClass(all)
}

// weekdays are the days of the week.
var weekdays = newClass(lex.Weekdays)
