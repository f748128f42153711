package dedup

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"dateline/aggregator/text"
)

// How tellings are judged: by the logarithm of the odds that two texts are of one event. It grows with the stems that they have in common,
// with how much of its title each says of the other, and with the stems in common that hardly any other text has: those are the names,
// figures and places of the event. It falls where titles or days are against each other. The weights are those of a logistic regression
// over labelled pairs (notes/why-stories-are-links.md).
const (
	storyBase   = -1.55
	stemGain    = 0.69
	titleGain   = 4.31
	rareGain    = 3.03
	againstLoss = 2.80
	storyLeast  = 0.93 // of one, is the probability that makes a link

	storyWords   = 100  // of a lead, are compared
	rareFrom     = 5.0  // inverse document frequency, from which on a stem in common counts as rare: one text in 148 has it
	rareMost     = 2.2  // that it counts beyond, at most: one text in 1,300 has it
	rareFull     = 12.0 // of all stems in common, is enough
	manyFigures  = 2    // from which on texts of one event have one in common
	minDocuments = 2000 // items that a small store is thought to have besides: what is rare shows in many only
)

const guardStory = "story" // L7: the score

// storyScore is how much two texts have of the same event.
type storyScore struct {
	stems           float64 // cosine of the two
	titles          float64 // how much of its title the other one says, of the two the less
	rare            float64 // of the stems in common, how rare they are, from 0 to 1
	words           int     // of both leads
	figures, others string  // figures and names that the titles have against each other; empty: none
	days            string  // weekdays or figures of which the two have none in common; empty: it is not so
	value           float64 // the probability of one event, from 0 to 1
}

func (s storyScore) String() string {
	out := fmt.Sprintf("%.3f, at least %.3f: stems %.2f, rare %.2f, titles %.2f, over titles and %d words", s.value, storyLeast,
		s.stems, s.rare, s.titles, s.words)
	if against := cmp.Or(s.figures, s.others); against != "" {
		out += ", titles against each other: " + against
	}
	if s.days != "" {
		out += ", nothing in common of " + s.days
	}
	return out
}

// likeStory measures two texts over their titles and as many words as both have.
func (t *Text) likeStory(ix Stems, st *text.Stemmer, b *Text) (storyScore, error) {
	s := storyScore{words: min(len(t.tokens), len(b.tokens), storyWords)}
	if s.words < MinWords {
		s.words = 0
	}
	one, other := t.storyTerms(st, s.words), b.storyTerms(st, s.words)
	v, err := weigh(ix, set(slices.Concat(one.all, other.all)))
	if err != nil {
		return s, err
	}
	s.stems = v.cosine(one.all, other.all)
	s.titles = min(v.share(one.title, other.all), v.share(other.title, one.all))
	s.figures, s.others = against(figures(t.title), figures(b.title), nil, nil), otherNames(t, b)
	s.days = otherDay(t.facts(s.words), b.facts(s.words))
	s.rare = v.rare(inBoth(one.all, other.all))
	odds := storyBase + stemGain*s.stems + titleGain*s.titles + rareGain*s.rare
	if s.figures != "" || s.others != "" || s.days != "" {
		odds -= againstLoss
	}
	s.value = 1 / (1 + math.Exp(-odds))
	return s, nil
}

// facts is what a text counts and dates.
type facts struct{ figures, days []string }

// facts returns the figures in the title and in so many words of the lead, and the weekdays in the title and in the first sentence.
func (t *Text) facts(words int) (out facts) {
	for _, tokens := range [][]text.Token{t.title, t.tokens[:words]} {
		sentences := 0
		for _, tok := range tokens {
			if tok.First {
				sentences++
			}
			switch f, counts := figure(tok); {
			case !counts:
			case tok.Figure:
				out.figures = append(out.figures, f)
			case sentences <= 1 && strings.HasSuffix(f, "day"):
				out.days = append(out.days, f)
			}
		}
	}
	return out
}

// otherDay says that two texts name weekdays, or many figures, and none in common. Empty: it is not so.
func otherDay(a, b facts) string {
	common := func(one, other []string) bool {
		return slices.ContainsFunc(one, func(f string) bool { return slices.Contains(other, f) })
	}
	if len(a.days) > 0 && len(b.days) > 0 && !common(a.days, b.days) {
		return strings.Join(a.days, " ") + " and " + strings.Join(b.days, " ")
	}
	if len(a.figures) >= manyFigures && len(b.figures) >= manyFigures && !common(a.figures, b.figures) {
		return strings.Join(a.figures, " ") + " and " + strings.Join(b.figures, " ")
	}
	return ""
}

// printedAsName reports whether a token has the capital of a name: one that begins no sentence.
func printedAsName(t text.Token) bool {
	return t.Upper && !t.First && !t.Figure && utf8.RuneCountInString(t.Text) >= shortName
}

// otherNames returns the names that each of two titles has and the other text lacks; empty: none.
func otherNames(a, b *Text) string {
	one := a.unmentioned(b)
	if len(one) == 0 {
		return ""
	}
	other := b.unmentioned(a)
	if len(other) == 0 {
		return ""
	}
	return words(one) + " against " + words(other)
}

// unmentioned returns the names in the title that the other text does not have. The first word of a title, and each of
// one that has all its words in capitals, is a name if the text has it with a capital within a sentence.
func (t *Text) unmentioned(b *Text) (out []text.Token) {
	headline := allCapitalised(t.title)
	for _, tok := range t.title {
		if _, counts := figure(tok); counts || !tok.Upper || utf8.RuneCountInString(tok.Text) < shortName || text.StopWord(tok.Text) {
			continue
		}
		is := func(o text.Token) bool { return sameName(tok.Text, o.Text) }
		if (headline || tok.First) && !slices.ContainsFunc(t.tokens, func(o text.Token) bool { return o.Upper && !o.First && is(o) }) {
			continue
		}
		if !slices.ContainsFunc(b.title, is) && !slices.ContainsFunc(b.tokens, is) {
			out = append(out, tok)
		}
	}
	return out
}

// sameName is oneName, and takes words with a long common beginning for forms of one name: Саратов and саратовцев.
func sameName(a, b string) bool {
	const long = 5
	if oneName(a, b) {
		return true
	}
	n := 0
	for n < min(len(a), len(b)) && a[n] == b[n] {
		n++
	}
	return utf8.RuneCountInString(a[:n]) >= long
}

// allCapitalised reports whether most long words of a title begin with a capital, as in English headlines.
func allCapitalised(title []text.Token) bool {
	long, upper := 0, 0
	for _, t := range title {
		if !t.Figure && utf8.RuneCountInString(t.Text) > shortName {
			long++
			if t.Upper {
				upper++
			}
		}
	}
	return long > 2 && upper*5 > long*3
}

// cosine is that of the angle between two texts, each a vector of its stems' inverse document frequencies.
func (v *weighed) cosine(a, b []uint32) float64 {
	both := v.of(inBoth(a, b))
	if both == 0 {
		return 0
	}
	return both / math.Sqrt(v.of(a)*v.of(b))
}

// share returns how much of the weight of the terms is of terms that others have, too, from 0 to 1; 0 where there are none.
func (v *weighed) share(terms, others []uint32) float64 {
	of := v.of(terms)
	if of == 0 {
		return 0
	}
	return v.of(inBoth(terms, others)) / of
}

// rare returns how rare stems are that two texts have in common, from 0 to 1. Each is in two texts at least, also when one is not stored.
func (v *weighed) rare(stems []uint32) float64 {
	sum := 0.0
	for _, m := range stems {
		if i, found := slices.BinarySearch(v.terms, m); found {
			sum += min(max(v.idf(max(v.owners[i], 2))-rareFrom, 0), rareMost)
		}
	}
	return min(sum/rareFull, 1)
}

// inBoth returns what two ascending lists have in common.
func inBoth(a, b []uint32) []uint32 {
	return slices.DeleteFunc(slices.Clone(a), func(m uint32) bool {
		_, shared := slices.BinarySearch(b, m)
		return !shared
	})
}
