package dedup

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// The guards distinguish two reports from one by what is in the one where the other has something else. Each returns
// what speaks against the two being the same text; empty: nothing.

// numbers finds figures, numbers and dates that contradict each other: at the same place of the texts, or in the titles where neither
// is a figure of the other text. Those that the one has besides, since it says more, speak for nothing.
func (c *comparison) numbers() string {
	for _, g := range c.gaps {
		a, b := g.aligned()
		if d := against(figures(a), figures(b), nil, nil); d != "" {
			return d
		}
	}
	if d := c.figuresBehind(); d != "" {
		return d
	}
	if one, other := figures(c.a.title), figures(c.b.title); len(one) > 0 && len(other) > 0 && !c.longCopy() {
		if d := against(one, other, figures(c.a.tokens), figures(c.b.tokens)); d != "" {
			return "title: " + d
		}
	}
	return ""
}

// figuresBehind finds two figures behind the same words, of which neither is in the other text at all, wherever the texts have these words:
// they are laid side by side by the nearest words in common, which need not be the right ones.
func (c *comparison) figuresBehind() string {
	var one, other []string // figures of each text, when they are first needed
	for i := minRun; i < len(c.a.tokens); i++ {
		f, counts := figure(c.a.tokens[i])
		if !counts {
			continue
		}
		if one == nil {
			if one, other = figures(c.a.tokens), figures(c.b.tokens); len(other) == 0 {
				return ""
			}
		}
		if slices.ContainsFunc(other, func(o string) bool { return sameFigure(f, o) }) {
			continue
		}
		for j := minRun; j < len(c.b.tokens); j++ {
			o, counts := figure(c.b.tokens[j])
			if counts && sameTokens(c.a.tokens[i-minRun:i], c.b.tokens[j-minRun:j]) &&
				!slices.ContainsFunc(one, func(f string) bool { return sameFigure(f, o) }) {
				return f + " against " + o
			}
		}
	}
	return ""
}

// against returns the figures of two places where each has one that the other and its context lack.
func against(one, other, contextOne, contextOther []string) string {
	lacks := func(from, in, context []string) bool {
		return slices.ContainsFunc(from, func(f string) bool {
			is := func(o string) bool { return sameFigure(f, o) }
			return !slices.ContainsFunc(in, is) && !slices.ContainsFunc(context, is)
		})
	}
	if lacks(one, other, contextOther) && lacks(other, one, contextOne) {
		return strings.Join(one, " ") + " against " + strings.Join(other, " ")
	}
	return ""
}

// sameFigure reports whether two figures are one, the thousands of the one perhaps in a word that is not known.
func sameFigure(a, b string) bool {
	if len(a) < len(b) {
		a, b = b, a
	}
	rest, begins := strings.CutPrefix(a, b)
	return begins && (rest == "" || rest == "000" || rest == "000000") && (rest == "" || digits(a))
}

// figures returns what tokens count or date; of a whole date day, month and year.
func figures(tokens []text.Token) (all []string) {
	for _, t := range tokens {
		f, counts := figure(t)
		switch {
		case !counts:
		case t.Figure && len(f) >= len("1.1.2000") && isDate(f):
			all = append(all, dateParts(f)...)
		default:
			all = append(all, f)
		}
	}
	return all
}

// aligned returns what of a gap the two texts have at the same place. What follows the last run may be anything:
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

// negation finds that one of the two turns the statement round, by a denial or the opposite: at the same place near the beginning, in the
// place of hardly more than itself; or in titles that are alike, where the other text has no denial at all. A sentence left out is no
// denial, nor is where a text was cut.
func (c *comparison) negation() string {
	for _, g := range c.gaps {
		a, b := g.aligned()
		oneSided := len(a) == 0 || len(b) == 0
		if g.at >= statement || oneSided && (g.atStart || g.atEnd || g.sentence || len(a)+len(b) > maxInsert) {
			continue
		}
		if d := denied(a, b); d != "" && len(undenied(a, b)) <= reworded && len(undenied(b, a)) <= reworded {
			return d
		}
		if d := opposed(a, b); d != "" {
			return d
		}
	}
	if c.title >= LikeTitle && (turned(c.a, c.b) || turned(c.b, c.a)) {
		return "title: " + denied(c.a.title, c.b.title)
	}
	return ""
}

// turned reports whether the title of a denies what that of b says, where nothing of b does.
func turned(a, b *Text) bool {
	return len(denialsIn(a.title)) > 0 && len(denialsIn(b.title)) == 0 && len(undenied(a.title, b.title)) <= reworded &&
		len(undenied(b.title, a.title)) <= reworded && len(denialsIn(b.tokens)) == 0
}

// undenied returns the words of a place, without denials and stop words, that the other one lacks.
func undenied(a, b []text.Token) []text.Token {
	return slices.DeleteFunc(lacking(a, b), func(t text.Token) bool { return denies(t) || text.StopWord(t.Text) })
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
// the welcome of two ambassadors. One name spelled in two ways is none. It finds nothing
// where one place that differs holds no name (see named, which takes no word for a name that begins sentence and title alike).
func (c *comparison) template() string {
	var names []string
	for _, g := range c.gaps {
		a, b := g.aligned()
		if len(a)+len(b) != len(g.a)+len(g.b) {
			continue
		}
		if a, b = c.uncited(lacking(a, b)), c.uncited(lacking(b, a)); len(a) == 0 || len(b) == 0 {
			continue
		}
		if !c.a.named(a) || !c.b.named(b) || len(names) == 0 && g.at >= statement {
			return ""
		}
		if !oneName(a[0].Text, b[0].Text) {
			names = append(names, words(a)+" against "+words(b))
		}
	}
	return strings.Join(names, ", ")
}

// uncited returns the words that are not of a name under which one of the two cites a source: a copy may leave out whom its text is from.
func (c *comparison) uncited(tokens []text.Token) []text.Token {
	return slices.DeleteFunc(tokens, func(t text.Token) bool {
		return t.Upper && (cites(c.a.item, t.Text) || cites(c.b.item, t.Text))
	})
}

// cites reports whether an item cites a source by a name that has a word.
func cites(it news.Item, word string) bool {
	return slices.ContainsFunc(it.Credits.Cited, func(c news.Credit) bool { return slices.Contains(text.Words(c.Name), word) })
}

// substitutions is how many times one word is in the place of another, from which on the two are made from one form.
const substitutions = 3

// substituted finds a word that has another one in its place throughout: two texts made from one form, though no names are printed so.
func (c *comparison) substituted() string {
	seen := map[[2]string]int{}
	for _, g := range c.gaps {
		if len(g.a) != 1 || len(g.b) != 1 || oneName(g.a[0].Text, g.b[0].Text) || abbreviated(g.a[0].Text, g.b[0].Text) {
			continue
		}
		pair := [2]string{g.a[0].Text, g.b[0].Text}
		if seen[pair]++; seen[pair] >= substitutions {
			return pair[0] + " against " + pair[1] + " throughout"
		}
	}
	return ""
}

// abbreviated reports whether one of two words is the beginning of the other: г and граммов.
func abbreviated(a, b string) bool { return strings.HasPrefix(a, b) || strings.HasPrefix(b, a) }

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

// named reports whether tokens are a name: words printed with a capital, and particles. The capital of a sentence's first word is one
// only where the text prints the word so elsewhere.
func (t *Text) named(tokens []text.Token) bool {
	some := false
	for _, tok := range tokens {
		_, counts := figure(tok)
		long := utf8.RuneCountInString(tok.Text) > shortName
		if counts || long && (!tok.Upper || tok.First && !t.capitalises(tok)) {
			return false
		}
		some = some || long
	}
	return some
}

// capitalises reports whether the text, or its title, has the word with a capital within a sentence.
func (t *Text) capitalises(word text.Token) bool {
	is := func(o text.Token) bool { return o.Upper && !o.First && oneName(o.Text, word.Text) }
	return slices.ContainsFunc(t.tokens, is) || slices.ContainsFunc(t.title, is)
}

func words(tokens []text.Token) string {
	all := make([]string, len(tokens))
	for i, t := range tokens {
		all[i] = t.Text
	}
	return strings.Join(all, " ")
}

// ownDatelines says that two items are each under the dateline of their own house, and that neither text names the other's. Empty: it is
// not so.
func ownDatelines(a, b news.Item) string {
	one, other := a.Credits.Dateline, b.Credits.Dateline
	if one == nil || other == nil || !one.Own || !other.Own || one.Agency == other.Agency || namesAgency(a, other.Agency) ||
		namesAgency(b, one.Agency) {
		return ""
	}
	return one.Agency + " and " + other.Agency
}

// namesAgency reports whether the text of an item names an agency, to cite it or otherwise.
func namesAgency(it news.Item, agency string) bool {
	is := func(c news.Credit) bool { return c.Agency == agency }
	return slices.ContainsFunc(it.Credits.Cited, is) || slices.ContainsFunc(it.Credits.Joint, is) || slices.ContainsFunc(it.Credits.Other, is)
}

// script names the letters that most words of a text are written in.
func script(t *Text) string {
	var latin, cyrillic, other int
	for _, tokens := range [][]text.Token{t.title, t.tokens} {
		for _, tok := range tokens {
			if c := tok.Text[0]; 'a' <= c && c <= 'z' {
				latin++
				continue
			}
			switch r, _ := utf8.DecodeRuneInString(tok.Text); {
			case unicode.Is(unicode.Cyrillic, r):
				cyrillic++
			case unicode.Is(unicode.Latin, r):
				latin++
			case unicode.IsLetter(r):
				other++
			}
		}
	}
	switch most := max(latin, cyrillic, other); {
	case most == 0:
		return "none"
	case most == latin:
		return "Latin"
	case most == cyrillic:
		return "Cyrillic"
	}
	return "other"
}
