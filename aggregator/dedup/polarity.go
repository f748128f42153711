package dedup

import (
	"fmt"
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
	namesOnly := c.title < sameForm && min(len(c.a.tokens), len(c.b.tokens)) >= formWords
	if c.title < LikeTitle || namesOnly && otherNames(c.a, c.b) == "" {
		return ""
	}
	one, other := lacking(c.a.title, c.b.title), lacking(c.b.title, c.a.title)
	for _, g := range c.gaps {
		if g.at >= statement {
			break
		}
		if c.inTitles(g) {
			continue
		}
		a, b := g.aligned()
		if d := replacedBy(a, b, one, other, true); d != "" || namesOnly {
			if d != "" {
				return d
			}
			continue
		}
		for _, p := range subgaps(a, b) {
			if d := replacedBy(p[0], p[1], one, other, false); d != "" {
				return d
			}
		}
	}
	return ""
}

// inTitles reports whether a gap is in what both texts repeat of their titles before they go on: that says no more than the titles do.
func (c *comparison) inTitles(g gap) bool {
	return g.inA+len(g.a) <= c.a.repeatedTitle() && g.inB+len(g.b) <= c.b.repeatedTitle()
}

// repeatedTitle returns the words of the title that a text of some length begins with; 0: it does not.
func (t *Text) repeatedTitle() int {
	n := len(t.title)
	if t.item.Title == "" || len(t.tokens) < n+statement || !sameTokens(t.title, t.tokens[:n]) {
		return 0
	}
	return n
}

// replacedBy finds a word of one place, as of one title, that the other place has another word for, as the other title has; of names only
// those that are printed as such within a sentence.
func replacedBy(a, b, one, other []text.Token, names bool) string {
	for _, x := range lacking(a, b) {
		for _, y := range lacking(b, a) {
			if names && !(printedAsName(x) && printedAsName(y)) || attributes(x) || attributes(y) {
				continue
			}
			if anyBegins(one, x) && anyBegins(other, y) && !oneName(x.Text, y.Text) {
				return x.Text + " against " + y.Text + ", as in the titles"
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

// inPassing says that the one has in its middle, or in a list, what is all that the other says. Empty: it is not so.
func (c *comparison) inPassing() string {
	long, short := c.a, c.b
	if len(c.gaps) == 0 || !c.gaps[0].atStart || c.gaps[0].atEnd {
		return ""
	}
	before, own := len(c.gaps[0].a), len(c.gaps[0].b)
	if len(long.tokens) < len(short.tokens) {
		long, short, before, own = short, long, own, before
	}
	switch {
	case len(short.tokens) >= briefWords || own >= distinctWords || 2*len(short.tokens) > len(long.tokens):
		return ""
	case before >= statement, before >= distinctWords && listed(long.item.Lead):
		return fmt.Sprintf("the other says it behind %d words of another thing", before)
	}
	return ""
}

// A list has so many items, each behind a mark.
const listItems = 3

// listed reports whether a text has a list: paragraphs, or parts behind colons and semicolons, that begin with a dash or a bullet.
func listed(lead string) bool {
	items, opens := 0, true
	for _, r := range lead {
		switch r {
		case '-', '–', '—', '•', '▪', '●', '▫', '■':
			if opens {
				items++
			}
			opens = false
		case '\n', ';', ':':
			opens = true
		case ' ', '\u00a0', '\t':
		default:
			opens = false
		}
	}
	return items >= listItems
}

// unlike returns the words of a place that the other one has in no form.
func unlike(tokens, others []text.Token) (out []text.Token) {
	for _, t := range tokens {
		if !slices.ContainsFunc(others, func(o text.Token) bool {
			return t.Text == o.Text || sameBeginning(t.Text, o.Text) || shortForm(t.Text, o.Text)
		}) {
			out = append(out, t)
		}
	}
	return out
}
