package dedup

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline/aggregator/text"
)

// The guards tell two reports from one by what stands in the one where the other has something else. Each returns
// what speaks against the two being the same text; empty: nothing.

// numbers finds figures, numbers and dates that stand against each other: at the same place of the texts, or in the
// titles. Those that the one has besides, since it tells more, speak for nothing.
func (c *comparison) numbers() string {
	for _, g := range c.gaps {
		a, b := g.aligned()
		if d := against(a, b); d != "" {
			return d
		}
	}
	if d := against(c.a.title, c.b.title); d != "" {
		return "title: " + d
	}
	return ""
}

// against returns the figures of two places where each has one that the other lacks.
func against(a, b []text.Token) string {
	one, other := figures(a), figures(b)
	lacks := func(from, in []string) bool {
		return slices.ContainsFunc(from, func(f string) bool { return !slices.Contains(in, f) })
	}
	if lacks(one, other) && lacks(other, one) {
		return strings.Join(one, " ") + " against " + strings.Join(other, " ")
	}
	return ""
}

func figures(tokens []text.Token) (all []string) {
	for _, t := range tokens {
		if f, counts := figure(t); counts {
			all = append(all, f)
		}
	}
	return all
}

// aligned returns what of a gap the two texts have at the same place. What stands behind the last run may be anything:
// of it only the words that touch the run. So with a place, or a beginning, at which both say a lot.
func (g gap) aligned() (a, b []text.Token) {
	both := max(len(g.a), len(g.b))
	switch {
	case g.atStart && g.atEnd: // the texts have nothing in common
		return nil, nil
	case g.atStart && both > maxGap:
		return last(g.a, alignedRun), last(g.b, alignedRun)
	case g.atEnd && both > alignedRun:
		return g.a[:min(len(g.a), alignedRun)], g.b[:min(len(g.b), alignedRun)]
	case min(len(g.a), len(g.b)) > maxGap:
		return nil, nil
	}
	return g.a, g.b
}

func last(tokens []text.Token, n int) []text.Token { return tokens[max(0, len(tokens)-n):] }

// negation finds that one of the two turns the statement round, by a denial or the opposite: at the same place near the beginning, or in titles
// that are alike. A sentence left out is no denial, nor is where a text was cut.
func (c *comparison) negation() string {
	for _, g := range c.gaps {
		a, b := g.aligned()
		oneSided := len(a) == 0 || len(b) == 0
		if g.at >= statement || oneSided && (g.atStart || g.atEnd || len(a)+len(b) > maxInsert) {
			continue
		}
		if d := cmp.Or(denied(a, b), opposed(a, b)); d != "" {
			return d
		}
	}
	if c.title >= LikeTitle {
		if d := denied(c.a.title, c.b.title); d != "" {
			return "title: " + d
		}
	}
	return ""
}

// denied returns the denials of two places where one has more of them.
func denied(a, b []text.Token) string {
	one, other := denialsIn(a), denialsIn(b)
	if len(one) == len(other) {
		return ""
	}
	return cmp.Or(strings.Join(one, " "), "nothing") + " against " + cmp.Or(strings.Join(other, " "), "nothing")
}

func denialsIn(tokens []text.Token) (all []string) {
	for _, t := range tokens {
		if denies(t) {
			all = append(all, t.Text)
		}
	}
	return all
}

// template finds that the two differ in names alone, as two texts made from one form do: the weather of two towns,
// the welcome of two ambassadors. One name spelled in two ways is none.
func (c *comparison) template() string {
	var names []string
	for _, g := range c.gaps {
		a, b := g.aligned()
		if len(a)+len(b) != len(g.a)+len(g.b) {
			continue
		}
		if a, b = lacking(a, b), lacking(b, a); len(a) == 0 || len(b) == 0 {
			continue
		}
		if !named(a) || !named(b) {
			return ""
		}
		if !oneName(a[0].Text, b[0].Text) {
			names = append(names, words(a)+" against "+words(b))
		}
	}
	return strings.Join(names, ", ")
}

// lacking returns the words that are not among the others.
func lacking(tokens, others []text.Token) (out []text.Token) {
	for _, t := range tokens {
		if !slices.ContainsFunc(others, func(o text.Token) bool { return o.Text == t.Text }) {
			out = append(out, t)
		}
	}
	return out
}

// shortName is the length in letters up to which a word may be a particle of a name.
const shortName = 3

// named reports whether tokens are a name: words printed with a capital, and particles.
func named(tokens []text.Token) bool {
	some := false
	for _, t := range tokens {
		_, counts := figure(t)
		long := utf8.RuneCountInString(t.Text) > shortName
		if counts || long && !t.Upper {
			return false
		}
		some = some || long
	}
	return some
}

// oneName reports whether two words are one name in two spellings or cases: Zelensky and Zelenskyy, Минск and Минске,
// Volodymyr and Vladimir, but not Slovakia and Slovenia.
func oneName(a, b string) bool {
	if s := skeleton(a); len(s) >= shortName && s == skeleton(b) {
		return true
	}
	one, other := []rune(a), []rune(b)
	n := 0
	for n < min(len(one), len(other)) && one[n] == other[n] {
		n++
	}
	return n > shortName && max(len(one), len(other))-n <= ending
}

// ending is how many letters the end of a name may have that comes in cases and spellings.
const ending = 3

// skeleton is the consonants of a word, each once where it stands twice.
func skeleton(s string) string {
	var b strings.Builder
	var last rune
	for _, r := range s {
		if !strings.ContainsRune("aeiouyаеиоуыэюяйьъ", r) && r != last {
			b.WriteRune(r)
		}
		last = r
	}
	return b.String()
}

// sameBeginning reports whether two words begin alike, as those of one stem do.
func sameBeginning(a, b string) bool {
	one, other := []rune(a), []rune(b)
	return len(one) > shortName && len(other) > shortName && slices.Equal(one[:shortName+1], other[:shortName+1])
}

func words(tokens []text.Token) string {
	all := make([]string, len(tokens))
	for i, t := range tokens {
		all[i] = t.Text
	}
	return strings.Join(all, " ")
}

// script names the letters that most words of a text are written in.
func script(t *Text) string {
	count := map[string]int{}
	for _, tok := range append(t.title[:len(t.title):len(t.title)], t.tokens...) {
		switch r, _ := utf8.DecodeRuneInString(tok.Text); {
		case unicode.Is(unicode.Latin, r):
			count["Latin"]++
		case unicode.Is(unicode.Cyrillic, r):
			count["Cyrillic"]++
		case unicode.IsLetter(r):
			count["other"]++
		}
	}
	best := "none"
	for _, name := range []string{"Latin", "Cyrillic", "other"} {
		if count[name] > count[best] {
			best = name
		}
	}
	return best
}
