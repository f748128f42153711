package lex

import (
	"slices"
)

// Token is one word of a text as a table holds it.
type Token struct {
	Span
	Case  Casing
	Small bool  // it begins with a small letter
	Digit bool  // it begins with a digit
	Word  *Word // nil: no rule knows the word
}

// Is reports whether the word is of a class.
func (t Token) Is(c Class) bool { return t.Word != nil && t.Word.Class&c != 0 }

// Fold returns the word in the form that vocabularies compare, or "" where no rule knows it.
func (t Token) Fold() string {
	if t.Word == nil {
		return ""
	}
	return t.Word.Fold
}

// Class is a set of kinds of words, one bit each. The rules that fill a vocabulary give the bits their meaning.
type Class uint64

// Word is an entry of a vocabulary.
type Word struct {
	Fold   string // in lower case, ё as е
	Class  Class  // the lists of words that it is in
	Number int32  // in the vocabulary, from 0
	Names  int32  // where the names that begin with the word are, as their keeper numbers them; 0: none
}

// Vocabulary is what the rules know of words. The zero vocabulary knows none.
type Vocabulary struct {
	index Index
	words [][]Word // by number of the folded word in the index, so many together as wordBits says
	glued Class    // of words that may follow another one without a space
}

const wordBits = 10

// NewVocabulary returns an empty vocabulary for about n words.
func NewVocabulary(n int) *Vocabulary { return &Vocabulary{index: NewIndex(n)} }

// Glue says that words of a class may follow another word without a space, with a capital: "BondarGetty".
func (v *Vocabulary) Glue(c Class) { v.glued = c }

// cutGlued returns where a glued word begins in w, of which nothing is known, or len(w): a capital behind a small letter.
func (v *Vocabulary) cutGlued(w string) int {
	for k := 3; k < len(w); k++ {
		c := w[k]
		capital := 'A' <= c && c <= 'Z' || c == 0xd0 && k+1 < len(w) && 0x90 <= w[k+1] && w[k+1] < 0xb0 // А to Я
		if !capital || IsUpper(Before(w, k)) {
			continue
		}
		if g := v.Look(w[k:]); g != nil && g.Class&v.glued != 0 {
			return k
		}
	}
	return len(w)
}

// cutTo returns where the name behind a preposition in one word begins, in Arabic or Hebrew, or 0: "لرويترز" is "to Reuters".
func (v *Vocabulary) cutTo(w string) int {
	const n = 2 // bytes of either letter
	if len(w) < 3*n || w[:n] != "ل" && w[:n] != "ל" {
		return 0
	}
	if g := v.Look(w[n:]); g == nil || g.Names == 0 {
		return 0
	}
	return n
}

// Add gives the folded word w a class and returns its entry, which stays where it is.
func (v *Vocabulary) Add(w string, c Class) *Word {
	n, added := v.index.Add(w)
	if added {
		if n>>wordBits == len(v.words) {
			v.words = append(v.words, make([]Word, 1<<wordBits))
		}
		*v.word(n) = Word{Fold: w, Number: int32(n)}
	}
	e := v.word(n)
	e.Class |= c
	return e
}

// word returns the entry of a number.
func (v *Vocabulary) word(n int) *Word { return &v.words[n>>wordBits][n&(1<<wordBits-1)] }

// Folded returns what is known of a folded word; nil: nothing.
func (v *Vocabulary) Folded(w []byte) *Word {
	n := v.index.Find(w)
	if n < 0 {
		return nil
	}
	return v.word(n)
}

// Look returns what is known of w, printed in any case; nil: nothing.
func (v *Vocabulary) Look(w string) *Word {
	if len(w) > maxWord {
		return nil
	}
	var buf [2 * maxWord]byte
	return v.Folded(AppendFold(buf[:0], w))
}

// Class returns the classes of all the words of s together.
func (v *Vocabulary) Class(s string) (all Class) {
	for i := NextWord(s, 0); i < len(s); {
		e := WordEnd(s, i)
		if w := v.Look(s[i:e]); w != nil {
			all |= w.Class
		}
		i = NextWord(s, e)
	}
	return all
}

const maxWord = 64 // bytes of the longest word that a vocabulary can know

// Table is a text cut into words once. Rules read it instead of the letters: which word is at a place, where it ends, how it is
// printed, and what the vocabulary knows of it. The zero table is that of the empty text.
type Table struct {
	Tokens []Token // in the order of the text
	Class  Class   // of all the words together
	at     []int32 // by byte of the text: the first token that ends behind it
}

// Cut makes t the table of s, with the words of v.
func (v *Vocabulary) Cut(s string, t *Table) {
	t.Tokens, t.Class = t.Tokens[:0], 0
	t.at = slices.Grow(t.at[:0], len(s)+1)[:len(s)+1]
	from := 0
	for i := NextWord(s, 0); i < len(s); {
		e := WordEnd(s, i)
		w := s[i:e]
		word, c := v.Look(w), Case(w)
		if word == nil && c != Capital && len(w) > 6 {
			if n := v.cutGlued(w); n < len(w) {
				w, e = w[:n], i+n
				word, c = v.Look(w), Case(w)
			}
		}
		if n := v.cutTo(w); n > 0 && (word == nil || word.Names > 0) {
			w, e, word = w[:n], i+n, v.Look(w[:n])
		}
		k := int32(len(t.Tokens))
		for ; from < e; from++ {
			t.at[from] = k
		}
		if word != nil {
			t.Class |= word.Class
		}
		t.Tokens = append(t.Tokens, Token{Span{i, e}, c, c == Lower && IsLower(RuneAt(w, 0)), IsDigit(rune(w[0])), word})
		i = NextWord(s, e)
	}
	for ; from < len(t.at); from++ {
		t.at[from] = int32(len(t.Tokens))
	}
}

// Any reports whether a word of the text is of a class.
func (t *Table) Any(c Class) bool { return t.Class&c != 0 }

// Index returns the index of the first token that ends behind the byte i, or the number of tokens.
func (t *Table) Index(i int) int {
	if i >= len(t.at) {
		return len(t.Tokens)
	}
	return int(t.at[i])
}

// Within returns the tokens that lie in p.
func (t *Table) Within(p Span) []Token {
	a, b := t.Index(p.Start), t.Index(p.End)
	if a < b && t.Tokens[a].Start < p.Start {
		a++
	}
	return t.Tokens[a:b]
}

// At returns the token that begins at the byte i and ends no later than end, or nil.
func (t *Table) At(i, end int) *Token {
	k := t.Index(i)
	if k == len(t.Tokens) || t.Tokens[k].Start != i || t.Tokens[k].End > end {
		return nil
	}
	return &t.Tokens[k]
}

// WordEnd returns the end of the word that begins at i, or i, as [WordEnd] does for the text up to end.
func (t *Table) WordEnd(i, end int) int {
	k := t.Index(i)
	if k == len(t.Tokens) || t.Tokens[k].Start > i {
		return i
	}
	return max(i, min(t.Tokens[k].End, end))
}

// NextWord returns the start of the next word at or after i, or end.
func (t *Table) NextWord(i, end int) int {
	k := t.Index(i)
	if k == len(t.Tokens) {
		return end
	}
	return min(max(i, t.Tokens[k].Start), end)
}
