package dedup

import (
	"slices"
	"strings"

	"dateline/aggregator/text"
)

// What turns a report into another one without a denial: a word in the place of its opposite, one subject in the place of
// another, two names that change places.

// polarity is words of which the one group undoes, or is the contrary of, the other.
type polarity struct{ one, other wordGroup }

// wordGroup is words, and beginnings of words.
type wordGroup struct{ whole, stems []string }

// newWordGroup reads words; those that end in * are beginnings.
func newWordGroup(words string) (g wordGroup) {
	for w := range strings.FieldsSeq(words) {
		if stem, open := strings.CutSuffix(w, "*"); open {
			g.stems = append(g.stems, stem)
		} else {
			g.whole = append(g.whole, w)
		}
	}
	return g
}

func (g wordGroup) has(word string) bool {
	return slices.Contains(g.whole, word) || slices.ContainsFunc(g.stems, func(stem string) bool { return strings.HasPrefix(word, stem) })
}

var opposites = newOpposites([][2]string{
	{"rise rises rising rose risen gain* climb* increas* grow* grew",
		"fall falls falling fell fallen drop* declin* decreas* slip* lose loses lost"},
	{"win wins won winning beat", "lose loses lost losing"},
	{"open*", "close closes closed closing clos*"},
	{"impos* introduc*", "lift lifts lifted lifting"},
	{"resum* start* begin* began", "halt* stop* suspend* end ends ended ending"},
	{"convict*", "acquit*"},
	{"support* approv* adopt* back backs backed", "block blocks blocked blocking veto* reject* oppos*"},
	{"alive", "dead"},
	{"north*", "south* east* west*"},
	{"south*", "east* west*"},
	{"east eastern eastward*", "west western westward*"},
	{"arriv*", "depart* leave leaves left"},
	{"вырос* выраст* рос* повыс* повыш* увелич* подорож*", "сниз* сниж* упал* пада* сократ* сокращ* уменьш* подешев*"},
	{"откры*", "закры*"},
	{"введ* введен* ввод*", "снял* снят* снима*"},
	{"возобнов* начал* начин*", "прекра* останов* приостан* заверш*"},
	{"поддерж* одобр* принял* принят*", "блокир* заблокир* отклон*"},
	{"живым живой жива живы живыми", "мертв* погиб*"},
	{"выигр* побед*", "проигр*"},
	{"север*", "южн* юг* восток* восточн* запад*"},
	{"южн* юг*", "восток* восточн* запад*"},
	{"восток* восточн*", "запад*"},
})

func newOpposites(all [][2]string) (out []polarity) {
	for _, o := range all {
		out = append(out, polarity{newWordGroup(o[0]), newWordGroup(o[1])})
	}
	return out
}

// side returns which group of an opposition a word is of: 1, -1, or 0 for neither.
func (p polarity) side(word string) int {
	switch {
	case p.one.has(word):
		return 1
	case p.other.has(word):
		return -1
	}
	return 0
}

// opposed returns the words of two places of which the one is the opposite of the other; empty: none.
func opposed(a, b []text.Token) string {
	if len(a) == 0 || len(b) == 0 {
		return ""
	}
	one, other := lacking(a, b), lacking(b, a)
	for _, o := range opposites {
		for _, x := range one {
			side := o.side(x.Text)
			if side == 0 {
				continue
			}
			for _, y := range other {
				if o.side(y.Text) == -side {
					return x.Text + " against " + y.Text
				}
			}
		}
	}
	return ""
}

// Two long texts are one form, filled in twice, if their titles are hardly anything else either.
const (
	formWords = 60   // of a long text
	sameForm  = 0.60 // likeness of the titles
)

// replaced finds that what distinguishes two like titles distinguishes the texts at one place, too: the harvest of grain and
// that of rapeseed.
func (c *comparison) replaced() string {
	if c.title < LikeTitle || c.title < sameForm && min(len(c.a.tokens), len(c.b.tokens)) >= formWords {
		return ""
	}
	one, other := lacking(c.a.title, c.b.title), lacking(c.b.title, c.a.title)
	for _, g := range c.gaps {
		a, b := g.aligned()
		a, b = lacking(a, b), lacking(b, a)
		if g.at >= statement {
			break
		}
		for _, x := range a {
			for _, y := range b {
				if anyBegins(one, x) && anyBegins(other, y) && !oneName(x.Text, y.Text) {
					return x.Text + " against " + y.Text + ", as in the titles"
				}
			}
		}
	}
	return ""
}

// anyBegins reports whether one of the tokens begins as t does.
func anyBegins(tokens []text.Token, t text.Token) bool {
	return slices.ContainsFunc(tokens, func(o text.Token) bool { return sameBeginning(o.Text, t.Text) })
}

// swapped finds two names that are in another order in the texts, where the titles name the one first in the one and the
// other in the other: who beat whom.
func (c *comparison) swapped() string {
	for _, g := range c.gaps {
		if g.at >= statement {
			break
		}
		a, b := namesIn(g.a), namesIn(g.b)
		for i, x := range a {
			for _, y := range a[i+1:] {
				if slices.Index(b, y) >= 0 && slices.Index(b, y) < slices.Index(b, x) && leads(c.a.title, x, y) && leads(c.b.title, y, x) {
					return x + " and " + y + " changed places"
				}
			}
		}
	}
	return ""
}

func namesIn(tokens []text.Token) (all []string) {
	for _, t := range tokens {
		if _, counts := figure(t); t.Upper && !counts && len([]rune(t.Text)) > shortName {
			all = append(all, t.Text)
		}
	}
	return all
}

// leads reports whether x is in the title, and before y if that does too.
func leads(title []text.Token, x, y string) bool {
	at := func(s string) int { return slices.IndexFunc(title, func(t text.Token) bool { return t.Text == s }) }
	return at(x) >= 0 && (at(y) < 0 || at(x) < at(y))
}

// distinctWords is how many words a text has to itself at its beginning for it to be its own.
const (
	distinctWords = 5
	distinctEnd   = 10
	distinctStart = 3    // words into the text that a beginning may begin
	sharedMuch    = 0.75 // containment above which ends may differ
)

// distinctLeads says that each of the two begins in its own words, or ends so where not much more than a quotation is in
// common: what is common is what is printed under, or quoted in, several reports. Empty: it is not so.
func (c *comparison) distinctLeads() string {
	for _, g := range c.gaps {
		least := min(len(unlike(g.a, g.b)), len(unlike(g.b, g.a)))
		switch {
		case g.at <= distinctStart && least >= distinctWords:
			return "both begin in their own words"
		case g.atEnd && least >= distinctEnd && c.containment < sharedMuch:
			return "both end in their own words"
		}
	}
	return ""
}

// unlike returns the words of a place that the other one has in no form.
func unlike(tokens, others []text.Token) (out []text.Token) {
	for _, t := range tokens {
		if !slices.ContainsFunc(others, func(o text.Token) bool { return t.Text == o.Text || sameBeginning(t.Text, o.Text) }) {
			out = append(out, t)
		}
	}
	return out
}
