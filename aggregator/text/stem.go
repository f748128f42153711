package text

import (
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"
	"github.com/kljensen/snowball/english"
	"github.com/kljensen/snowball/russian"
)

// Stemmer brings the forms of a word to one stem (Porter's Snowball, English and Russian) and remembers those that it
// was asked for last. The letters decide which of the two languages a word is taken for, never what is declared of the
// text: a query declares no language and must find the same stem. The zero value is ready. It is safe
// for concurrent use.
type Stemmer struct {
	mu         sync.Mutex
	young, old map[string]Stem // by word; the old ones go when the young ones are enough
}

// Stem is what the forms of a word have in common.
type Stem struct {
	Text     string // folded
	Term     uint32 // see [Term]
	StopWord bool   // see [StopWord]
}

const (
	maxCachedStems = 16384 // of each age: some four megabytes
	longestStemmed = 64    // bytes: what is longer is no word, and stays as it is
)

// Stem returns the stem of a folded word, as [Tokens] returns it. What is written in other letters, and what is no
// word, is its own stem.
func (s *Stemmer) Stem(word string) Stem {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stem(word)
}

// Stems returns the stems of the tokens, one each.
func (s *Stemmer) Stems(tokens []Token) []Stem {
	out := make([]Stem, 0, len(tokens))
	s.EachStem(tokens, func(_ int, stem Stem) { out = append(out, stem) })
	return out
}

// EachStem calls do with the place and the stem of every token. do must not use the stemmer.
func (s *Stemmer) EachStem(tokens []Token, do func(i int, stem Stem)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range tokens {
		do(i, s.stem(tokens[i].Text))
	}
}

func (s *Stemmer) stem(word string) Stem {
	if stem, known := s.young[word]; known {
		return stem
	}
	stem, known := s.old[word]
	if !known {
		stem.Text = stemOf(word)
		stem.Term, stem.StopWord = Term(stem.Text), StopWord(stem.Text)
	}
	if s.young == nil || len(s.young) >= maxCachedStems {
		s.young, s.old = make(map[string]Stem), s.young
	}
	s.young[strings.Clone(word)] = stem // a token is part of its text, which must not stay for it
	return stem
}

func stemOf(word string) string {
	r, _ := utf8.DecodeRuneInString(word)
	stem := ""
	switch {
	case len(word) > longestStemmed:
	case 'a' <= r && r <= 'z':
		stem = english.Stem(word, true)
	case 'а' <= r && r <= 'я':
		stem = russian.Stem(word, true)
	}
	if stem == "" {
		stem = word
	}
	return strings.Clone(stem)
}

// Term returns the number of a stem in an index. Two stems seldom share one.
func Term(stem string) uint32 { return uint32(xxhash.Sum64String(stem) >> 32) }

// StopWord reports whether a folded word, or a stem, is one of those that occur in every text: articles, prepositions,
// conjunctions, pronouns. It does not show what the text is about. The stem of a common word is common.
func StopWord(word string) bool { return stopWords[word] }

var stopWords = withStems(`
a an the and or but if of to in on at by for from with as into about over after before between under up down out off than then
that this these those there here it its is are was were be been being has have had do does did not no will would can could should
he she his her him they them their we our us you your i my me which what when where while also so such only
а без бы был была были было быть в вам вас ведь во вот все всего всех вы да для до его ее ей ему если есть еще же за и из или им
их к как ко когда кто ли либо мне можно мы на над нам нас не него нее ней нет ни них но ну о об однако он она они оно от по под
при с со так также такой там те тем то того тоже той только том тот ту ты у уже хотя чего чей чем что чтобы эта эти это этого этой
этом этот эту я который которая которые которого которой которых`)

func withStems(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w], out[stemOf(w)] = true, true
	}
	return out
}
