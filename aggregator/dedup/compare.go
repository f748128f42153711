package dedup

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// Defaults of [news.Thresholds]; notes/why-containment.md says what others find, and what they join wrongly.
const (
	Window    = 72 * time.Hour
	Duplicate = 0.60
	Edited    = 0.35
)

// limits fills in the defaults.
func limits(m news.Thresholds) news.Thresholds {
	if m.Window <= 0 {
		m.Window = Window
	}
	if m.Duplicate <= 0 {
		m.Duplicate = Duplicate
	}
	if m.Edited <= 0 {
		m.Edited = min(Edited, m.Duplicate)
	}
	return m
}

// The guards. All but guardEntry must be passed at L4 and L5.
const (
	guardNumbers  = "numbers"      // no figure, number or date contradicts another one
	guardNegation = "negation"     // neither denies what the other says
	guardSerial   = "serial"       // neither is an issue of a series, such as the weather, nor do they differ in names or subjects alone
	guardShort    = "short"        // there is enough text
	guardLanguage = "language"     // they are written in the same letters
	guardWindow   = "window"       // their dates are near
	guardSource   = "same-source"  // they are from two sources, and the entry holds none of the same
	guardDateline = "own-dateline" // not both are under the datelines of their own houses, unless one names the other
	guardTitle    = "title"        // L5: the titles are alike; L4: or both texts begin and end alike, and say what the titles do
	guardLead     = "lead"         // L5: the other text has what the one begins with
	guardEntry    = "entry"        // made by AsStored alone: two like texts are in one entry, as stored
	guardQuote    = "quotation"    // what is in common is more than a quotation
)

// What the measures are held against besides the thresholds of the config.
const (
	MinShared       = 3              // fingerprints, at L4
	MinSharedEdited = 2              // at L5
	LikeTitle       = 0.30           // titles that say the same, in some way
	titleWindow     = 24 * time.Hour // between items that their titles alone join
	titleWords      = 5              // of content in such a title
	statement       = 30             // words from the beginning of a text, in which it says what it has to say
	maxGap          = 15             // words on both sides of a gap that are still the same place
	maxInsert       = 6              // words that were put in or left out there
	reworded        = 2              // words beside a denial, from which on the sentence was written anew
	alignedRun      = 2              // words beside the first and last run that belong to it
	supersedeSpan   = 7 * 24 * time.Hour
	sameLeadWords   = 25
	likeLead        = 0.435 // of the first sameLeadWords of a text, that the other one has
	briefWords      = 55    // a shorter text is edited, at L5, if the other one has briefShare of what it says in some form
	briefShare      = 0.88
	maxTitleOwners  = 25 // items with one title, beyond which it says nothing
)

// comparison is two texts and what was measured of them.
type comparison struct {
	a, b        *Text
	m           news.Thresholds
	gaps        []gap
	containment float64
	shared      int
	title       float64
	guards      []news.Guard
	series      string // that one of the texts is of; empty: none
}

// compare measures two texts, without the words that the fingerprints in common cover, and asks the guards. serial says
// of what series one of them is; empty: of none.
func compare(a, b *Text, ignored map[uint32]bool, serial string, m news.Thresholds) *comparison {
	c := measure(a, b, ignored, m)
	c.ask(serial)
	return c
}

// measure returns how much of two texts is the same.
func measure(a, b *Text, ignored map[uint32]bool, m news.Thresholds) *comparison {
	c := &comparison{a: a.without(ignored), b: b.without(ignored), m: m}
	c.containment = containment(c.a.shingleSet(), c.b.shingleSet())
	c.shared = shared(c.a.terms, c.b.terms)
	return c
}

// hopeless reports whether no guard need be asked: the two are not the same, and neither takes the other's place.
func (c *comparison) hopeless() bool {
	return c.containment < min(c.m.Duplicate, c.m.Edited) && !sameTokens(c.a.title, c.b.title)
}

// ask has the guards look for what speaks against the two being the same.
func (c *comparison) ask(serial string) {
	a, b, m := c.a, c.b, c.m
	c.title = likeness(a.title, b.title)
	c.gaps = gaps(c.a.tokens, c.b.tokens)
	c.series = serial
	c.guard(guardNumbers, c.numbers())
	c.guard(guardNegation, c.negation())
	c.guard(guardSerial, cmp.Or(serial, c.template(), c.substituted(), c.replaced(), c.swapped()))
	words := min(len(c.a.tokens), len(c.b.tokens))
	c.check(guardShort, words >= MinWords, fmt.Sprintf("%d words, at least %d", words, MinWords))
	one, other := script(c.a), script(c.b)
	c.check(guardLanguage, one == other, one+" and "+other)
	apart := a.item.Date().Sub(b.item.Date()).Abs()
	c.check(guardWindow, apart <= m.Window, fmt.Sprintf("%s apart, at most %s", apart, m.Window))
	c.guard(guardDateline, ownDatelines(a.item, b.item))
	c.check(guardSource, a.item.Source != b.item.Source, a.item.Source+" and "+b.item.Source)
}

// guard notes a guard that is passed if nothing speaks against it.
func (c *comparison) guard(name, against string) { c.check(name, against == "", against) }

func (c *comparison) check(name string, passed bool, detail string) {
	c.guards = append(c.guards, news.Guard{Name: name, Passed: passed, Detail: detail})
}

// passes reports whether all guards are passed but those named.
func (c *comparison) passes(but ...string) bool {
	for _, g := range c.guards {
		if !g.Passed && !slices.Contains(but, g.Name) {
			return false
		}
	}
	return true
}

// join returns the level and the rule by which the two are the same text; empty: by none. The guards named in but are not asked.
func (c *comparison) join(but ...string) (level, rule string) {
	switch {
	case !c.passes(append(but, guardShort)...):
		return "", ""
	case !c.passes(but...):
		if c.byTitle() {
			return "L4", "title"
		}
		return "", ""
	case c.containment >= c.m.Duplicate && c.shared >= MinShared:
		titled, quoted := c.title < LikeTitle, c.containment < sharedMuch || c.quotedBehind()
		if (titled || quoted) && !c.wholeCopy() {
			if titled {
				c.guard(guardTitle, cmp.Or(c.distinctLeads(), c.otherTitles(), c.inPassing()))
			}
			if quoted && !c.sameReport() {
				c.guard(guardQuote, c.onlyQuoted())
			}
		}
		if c.passes(but...) {
			return "L4", "text"
		}
	case c.containment >= c.m.Edited && c.shared >= MinSharedEdited:
		c.check(guardTitle, c.title >= LikeTitle, fmt.Sprintf("%.2f alike, at least %.2f", c.title, LikeTitle))
		lead := c.leadShare()
		c.check(guardLead, lead >= likeLead, fmt.Sprintf("%.2f in common, at least %.2f", lead, likeLead))
		c.guard(guardLead, c.otherBrief())
		if !c.sameReport() {
			c.guard(guardQuote, c.onlyQuoted())
		}
		if c.passes(but...) {
			return "L5", "edited"
		}
	}
	return "", ""
}

// byTitle is the rule for items with little or no text: the titles are equal and say something, the dates are
// near, and what text there is does not differ.
func (c *comparison) byTitle() bool {
	content := 0
	for _, t := range c.a.title {
		if _, counts := figure(t); !counts && len([]rune(t.Text)) > 3 {
			content++
		}
	}
	equal := c.a.item.Title != "" && c.b.item.Title != "" && sameTokens(c.a.title, c.b.title)
	apart := c.a.item.Date().Sub(c.b.item.Date()).Abs()
	return equal && content >= titleWords && apart <= titleWindow && overlap(c.a.tokens, c.b.tokens) >= 0.5
}

// supersedes returns the rule by which a is a later report of b by the same source; empty: by none.
func (c *comparison) supersedes() string {
	a, b := c.a.item, c.b.item
	span := a.Date().Sub(b.Date())
	like := c.containment >= c.m.Duplicate && c.shared >= MinShared
	if a.Source != b.Source || span < 0 || span > supersedeSpan || !like || !c.passes(guardNumbers, guardNegation, guardWindow, guardSource) {
		return ""
	}
	if a.Credits.Marker != "" && a.Credits.Marker != b.Credits.Marker {
		return "mark"
	}
	n := min(len(c.a.tokens), len(c.b.tokens), sameLeadWords)
	if !sameTokens(c.a.title, c.b.title) && sameTokens(c.a.tokens[:n], c.b.tokens[:n]) {
		return "title"
	}
	return ""
}

// evidence is what was found, as it is stored.
func (c *comparison) evidence(level, rule string) *news.Join {
	score := c.containment
	if rule == "title" && level == "L4" {
		score = c.title
	}
	return &news.Join{Level: level, Rule: rule, Score: score, With: c.b.item.Key, Shared: c.shared, Title: c.title, Guards: c.guards,
		Thresholds: c.m}
}

// leadShare returns how many of the first words of the one text the other one has, of the two the greater.
func (c *comparison) leadShare() float64 {
	ownA, ownB := 0, 0
	for _, g := range c.gaps {
		ownA += max(0, min(len(g.a), sameLeadWords-g.inA))
		ownB += max(0, min(len(g.b), sameLeadWords-g.inB))
	}
	share := func(own, words int) float64 { return 1 - float64(own)/float64(max(1, min(words, sameLeadWords))) }
	return max(share(ownA, len(c.a.tokens)), share(ownB, len(c.b.tokens)))
}

// otherBrief says that the shorter of two texts is brief and says much that the longer does not say. Empty: it is not so.
func (c *comparison) otherBrief() string {
	a, b := c.a.tokens, c.b.tokens
	if len(a) > len(b) {
		a, b = b, a
	}
	said := content(a)
	if len(a) <= statement {
		said = slices.DeleteFunc(said, attributes)
	}
	if len(a) >= briefWords || len(said) == 0 {
		return ""
	}
	if share := covered(said, b); share < briefShare {
		return fmt.Sprintf("the other has %.2f of what the brief one says, at least %.2f", share, briefShare)
	}
	return ""
}

// How much of two long texts is in common, both ways, where they are one text though their beginnings differ.
const (
	wholeWords  = 60   // of the shorter
	wholeCopied = 0.60 // shingles
	wholeSaid   = 0.80 // of what each of them says, in some form
)

// wholeCopy reports whether each of two long texts is most of the other.
func (c *comparison) wholeCopy() bool {
	if min(len(c.a.tokens), len(c.b.tokens)) < wholeWords || c.copied() < wholeCopied {
		return false
	}
	return covered(content(c.a.tokens), c.b.tokens) >= wholeSaid && covered(content(c.b.tokens), c.a.tokens) >= wholeSaid
}

// copied returns how much of the text that has more shingles is in the other.
func (c *comparison) copied() float64 {
	one, other := c.a.shingleSet(), c.b.shingleSet()
	if len(one) == 0 || len(other) == 0 {
		return 0
	}
	return float64(shared(one, other)) / float64(max(len(one), len(other)))
}

// containment returns how much of the text that has fewer shingles is in the other; both as sets.
func containment(one, other []uint32) float64 {
	if len(one) == 0 || len(other) == 0 {
		return 0
	}
	return float64(shared(one, other)) / float64(min(len(one), len(other)))
}

// set returns what is in a list, ascending and each once.
func set(all []uint32) []uint32 {
	out := slices.Clone(all)
	slices.Sort(out)
	return slices.Compact(out)
}

// shared counts what two ascending lists have in common.
func shared[T cmp.Ordered](a, b []T) (n int) {
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0] < b[0]:
			a = a[1:]
		case a[0] > b[0]:
			b = b[1:]
		default:
			n++
			a, b = a[1:], b[1:]
		}
	}
	return n
}

// likeness returns how much two titles have in common, by runs of four letters, from 0 to 1 (Dice): endings differ,
// stems do not.
func likeness(a, b []text.Token) float64 {
	one, other := runs(a), runs(b)
	if len(one)+len(other) == 0 {
		return 0
	}
	return 2 * float64(shared(one, other)) / float64(len(one)+len(other))
}

// runs returns the runs of four letters, ascending, each packed into a number.
func runs(stretches ...[]text.Token) []uint64 {
	size := 0
	for _, tokens := range stretches {
		for _, tok := range tokens {
			size += len(tok.Text) + 1
		}
	}
	out := make([]uint64, 0, size)
	for _, tokens := range stretches {
		run := uint64(' ')
		n := 1
		for _, tok := range tokens {
			for _, r := range tok.Text + " " {
				run = run<<16 | uint64(uint16(r))
				if n++; n >= 4 {
					out = append(out, run)
				}
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// overlap returns how many of the words of the shorter text are in the other; 1 where there are none.
func overlap(a, b []text.Token) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(a) == 0 {
		return 1
	}
	n := 0
	for _, t := range a {
		if slices.ContainsFunc(b, func(o text.Token) bool { return o.Text == t.Text }) {
			n++
		}
	}
	return float64(n) / float64(len(a))
}

func sameTokens(a, b []text.Token) bool {
	return slices.EqualFunc(a, b, func(x, y text.Token) bool { return x.Text == y.Text })
}
