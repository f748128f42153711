package attribute

import (
	_ "embed"
	"slices"
	"strings"

	"dateline/aggregator/attribute/lex"
)

//go:embed tables/words.txt
var wordsTable string

// wordSections are the sections of tables/words.txt by name, in the form that its head describes.
var wordSections = func() map[string]string {
	sections := make(map[string]string, strings.Count(wordsTable, "\n["))
	for section := range strings.SplitSeq(wordsTable, "\n[") {
		if name, list, ok := strings.Cut(section, "]\n"); ok && !strings.HasPrefix(section, "#") {
			sections[name] = list
		}
	}
	return sections
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
	section := wordSections[name]
	if section == "" {
		panic("attribute: tables/words.txt has no section " + name)
	}
	return lex.NewSet(func(yield func(string)) { lex.EachLine(section, ";", yield) })
}

// wordList returns a section of tables/words.txt in the order of the letters, as [wordSet] does.
func wordList(name string) (list []string) {
	wordSet(name).Each(func(w string) { list = append(list, w) })
	slices.Sort(list)
	return slices.Compact(list)
}

// heads returns the first words of the entries of sets, as a class.
func heads(sets ...lex.Set) words {
	return newClass(lex.NewSet(func(yield func(string)) {
		for _, set := range sets {
			set.Each(func(entry string) {
				word, _, _ := strings.Cut(entry, " ")
				yield(word)
			})
		}
	}))
}

// weekdays are the days of the week.
var weekdays = newClass(lex.Weekdays)
