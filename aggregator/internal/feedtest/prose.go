package feedtest

import (
	"math/rand/v2"
	"strconv"
	"strings"
)

// Grammar composes texts of one language. A word in braces stands for one of its list; {n} is a number.
type Grammar struct {
	Language  string // BCP 47
	sentences []string
	lists     map[string][]string
	words     []string // of all lists, to edit with
}

// Expand replaces every word in braces.
func (g Grammar) Expand(r *rand.Rand, s string) string {
	for {
		open := strings.IndexByte(s, '{')
		if open < 0 {
			return s
		}
		end := open + strings.IndexByte(s[open:], '}')
		name := s[open+1 : end]
		word := strconv.Itoa(2 + r.IntN(900))
		if name != "n" {
			list := g.lists[name]
			word = list[r.IntN(len(list))]
		}
		s = s[:open] + word + s[end+1:]
	}
}

// Sentence composes a sentence.
func (g Grammar) Sentence(r *rand.Rand) string {
	s := []rune(g.Expand(r, g.sentences[r.IntN(len(g.sentences))]))
	return strings.ToUpper(string(s[:1])) + string(s[1:]) + "."
}

// Text composes sentences of at least so many words together.
func (g Grammar) Text(r *rand.Rand, words int) string {
	var all []string
	for n := 0; n < words; {
		s := g.Sentence(r)
		all = append(all, s)
		n += len(strings.Fields(s))
	}
	return strings.Join(all, " ")
}

// Title composes a headline.
func (g Grammar) Title(r *rand.Rand) string {
	return strings.TrimSuffix(g.Sentence(r), ".")
}

// Edited returns s with about that share of its words left out, added to or replaced.
func (g Grammar) Edited(r *rand.Rand, s string, share float64) string {
	var out []string
	for _, w := range strings.Fields(s) {
		if r.Float64() >= share {
			out = append(out, w)
			continue
		}
		other := g.words[r.IntN(len(g.words))]
		switch r.IntN(4) {
		case 0: // left out
		case 1:
			out = append(out, w, other)
		default:
			out = append(out, other)
		}
	}
	return strings.Join(out, " ")
}

// FirstWords returns the first n words of s.
func FirstWords(s string, n int) string {
	w := strings.Fields(s)
	return strings.Join(w[:min(n, len(w))], " ")
}
