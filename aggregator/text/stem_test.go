package text

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"
)

func TestStem(t *testing.T) {
	var s Stemmer
	for _, forms := range []string{
		"minister ministers", "negotiate negotiated negotiating negotiates", "agency agencies",
		"министр министра министру министром министры министров", "переговоры переговоров переговорам переговорами",
		"белорусский белорусского белорусским белорусская", "елка елки", "подписал подписала подписали",
	} {
		t.Run(forms, func(t *testing.T) {
			tokens := Tokens(forms, 10)
			stems := s.Stems(tokens)
			for i, stem := range stems {
				if stem != stems[0] || s.Stem(tokens[i].Text) != stem {
					t.Errorf("%q: %v, and %v of %q", tokens[i].Text, stem, stems[0], tokens[0].Text)
				}
				if stem.Term != Term(stem.Text) || stem.StopWord != StopWord(stem.Text) {
					t.Errorf("%q: %v", tokens[i].Text, stem)
				}
			}
		})
	}
	for _, word := range []string{"1330", "2:1", "北京", "ελλάδα", "-5", "", strings.Repeat("ations", 20)} {
		if got := s.Stem(word).Text; got != word {
			t.Errorf("%q: %q, want it as it is", word, got)
		}
	}
	if s.Stem("minister") == s.Stem("ministry") {
		t.Error("a minister is no ministry")
	}
}

func TestStemmerForgets(t *testing.T) {
	var s Stemmer
	for i := range 3 * maxCachedStems {
		s.Stem(fmt.Sprint("word", i))
		if i%100 == 0 {
			s.Stem("ministers")
		}
	}
	if n := len(s.young) + len(s.old); n > 2*maxCachedStems {
		t.Errorf("%d words remembered, want at most %d", n, 2*maxCachedStems)
	}
	if _, known := s.young["ministers"]; !known {
		if _, known := s.old["ministers"]; !known {
			t.Error("a word that is asked for again and again was forgotten")
		}
	}
}

func TestStemmerServesMany(t *testing.T) {
	var s Stemmer
	var all sync.WaitGroup
	tokens := Tokens("The ministers negotiated about the agencies of the region", 20)
	want := s.Stems(tokens)
	for range 4 {
		all.Go(func() {
			for range 100 {
				if got := s.Stems(tokens); !slices.Equal(got, want) {
					t.Errorf("%v, want %v", got, want)
				}
			}
		})
	}
	all.Wait()
}

func TestStopWord(t *testing.T) {
	for word, want := range map[string]bool{"the": true, "не": true, "which": true, "minister": false, "министр": false, "who": false,
		"may": false, "": false} {
		if StopWord(word) != want {
			t.Errorf("%q: %v", word, !want)
		}
	}
	for word := range stopWords {
		if !StopWord(stemOf(word)) {
			t.Errorf("%q is common, and its stem %q is not", word, stemOf(word))
		}
		if tokens := Tokens(word, 2); len(tokens) != 1 || tokens[0].Text != word {
			t.Errorf("%q is no folded word: %v", word, tokens)
		}
	}
}

// FuzzStem: no text makes it fail, every token has a stem, and what is remembered is what would be found.
func FuzzStem(f *testing.F) {
	for _, s := range []string{"The minister's agencies", "Ёлки и сёла", "ing's ly yyyy", "ййй ость", "\xff'"} {
		f.Add(s)
	}
	var s Stemmer
	f.Fuzz(func(t *testing.T, in string) {
		tokens := Tokens(in, 100)
		for i, stem := range s.Stems(tokens) {
			if stem.Text == "" || !utf8.ValidString(stem.Text) && utf8.ValidString(in) {
				t.Errorf("%q: %q", tokens[i].Text, stem.Text)
			}
			if again := stemOf(tokens[i].Text); again != stem.Text {
				t.Errorf("%q: %q, and remembered %q", tokens[i].Text, again, stem.Text)
			}
		}
	})
}

func BenchmarkStems(b *testing.B) {
	tokens := Tokens(strings.Repeat("Министры обсудили расширение сотрудничества в области международной торговли and signed agreements on "+
		"energy ", 5), 80)
	b.Run("remembered", func(b *testing.B) {
		var s Stemmer
		for b.Loop() {
			s.Stems(tokens)
		}
	})
	b.Run("new", func(b *testing.B) {
		for b.Loop() {
			for _, t := range tokens {
				stemOf(t.Text)
			}
		}
	})
}
