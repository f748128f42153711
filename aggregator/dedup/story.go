package dedup

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"sync"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// Stems is what tellings of one event are found by; the store's view satisfies it.
type Stems interface {
	Fingerprints
	// FindAtLeast returns the items of which one revision has at least so many of the stems, of each stem the newest most. Items
	// that are all from before since may be left out.
	FindAtLeast(stems []uint32, since time.Time, least, most int) ([]news.Hit, error)
	// Frequency returns how many texts have each stem, and how many there are.
	Frequency(stems []uint32) (of []int, documents int, err error)
}

// How tellings are found: by the rarest stems that others have too, of which several must be in common.
const (
	rareStems          = 12   // that are looked up
	rareOwners         = 64   // items that are listed of each, the newest
	rareShare          = 200  // a stem that more than one in so many has is not rare, unless few have it
	minRare            = 2    // in common
	minMass            = 0.12 // of all that the text tells, in what was looked up and is in common
	maxStoryCandidates = 4    // candidates that are read
)

// How they are judged. The score is made of stems in common, weighed by how rare they are, and of runs of four letters,
// which tell of names and compounds what stems do not. How much of it is wanted falls with how much text both have
// (notes/why-stories-are-links.md).
const (
	stemShare    = 0.6 // of the score; the rest are letters
	storyWords   = 100 // of a lead, are compared
	storyTitles  = 0.60
	storyShort   = 0.50 // with shortWords
	storyLong    = 0.40 // with storyWords
	shortWords   = 40
	otherFigure  = 0.5  // what titles with figures against each other leave of the score
	minDocuments = 2000 // items that a small store is thought to have besides: what is rare shows in many only
)

const guardStory = "story" // L7: the score

// Story finds entries of other sources that tell of the same event in other words (L7), or whose text is near to this
// one and was held apart by a guard. It returns what was found, the likest first; With names the item, Entry its entry.
func (t *Text) Story(ix Stems, st *text.Stemmer, m news.Thresholds) ([]news.Join, error) {
	out, err := t.story(ix, st, limits(m))
	if err != nil {
		return nil, fmt.Errorf("dedup: %w", err)
	}
	return out, nil
}

// LookUp asks the index what [Text.Find] and [Text.Story] will ask it first, for an index that remembers what it was asked.
func (t *Text) LookUp(ix Stems, st *text.Stemmer, m news.Thresholds) error {
	_, err := ix.FindAny(t.wanted(), maxPostings)
	if err == nil {
		_, err = t.storyCandidates(ix, st, limits(m))
	}
	if err != nil {
		return fmt.Errorf("dedup: %w", err)
	}
	return nil
}

func (t *Text) story(ix Stems, st *text.Stemmer, m news.Thresholds) ([]news.Join, error) {
	all, err := t.storyCandidates(ix, st, m)
	if err != nil {
		return nil, err
	}
	look := sync.OnceValues(func() (*search, error) { return t.search(ix, m) })
	var out []news.Join
	for _, o := range all {
		it, found, err := ix.ItemByNumber(o.Number)
		if err != nil {
			return nil, err
		}
		if !found || it.Withdrawn || it.Erased || it.Held || it.Entry == t.item.Entry {
			continue
		}
		e, found, err := ix.Entry(it.Entry)
		if err != nil {
			return nil, err
		}
		if !found || e.State != news.Public {
			continue
		}
		j, err := t.compareStory(ix, st, NewText(it), m, look)
		if err != nil {
			return nil, err
		}
		if j != nil {
			j.Entry = e.Key
			out = append(out, *j)
		}
	}
	slices.SortStableFunc(out, func(a, b news.Join) int {
		return cmp.Or(cmp.Compare(b.Story, a.Story), slices.Compare(a.With[:], b.With[:]))
	})
	return eachEntryOnce(out), nil
}

// eachEntryOnce leaves of the items of one entry the likest.
func eachEntryOnce(all []news.Join) (out []news.Join) {
	for _, j := range all {
		if !slices.ContainsFunc(out, func(o news.Join) bool { return o.Entry == j.Entry }) {
			out = append(out, j)
		}
	}
	return out
}

// storyCandidates returns the items of other sources, within the window, that have most of the rare stems in common.
func (t *Text) storyCandidates(ix Stems, st *text.Stemmer, m news.Thresholds) ([]news.Hit, error) {
	v, err := weigh(ix, t.storyTerms(st, storyWords))
	if err != nil {
		return nil, err
	}
	rare := v.rarest()
	if len(rare) < minRare {
		return nil, nil
	}
	at := t.item.Date()
	since := at
	if !t.item.FirstSeen.IsZero() && t.item.FirstSeen.Before(at) {
		since = t.item.FirstSeen
	}
	seen, err := ix.FindAtLeast(rare, since.Add(-m.Window), minRare, rareOwners)
	if err != nil {
		return nil, err
	}
	mass := map[uint64]float64{}
	seen = slices.DeleteFunc(seen, func(o news.Hit) bool {
		near := o.At.Sub(at).Abs() <= m.Window+time.Minute // hits know the minute only
		if !near || o.Source == t.item.Source {
			return true
		}
		mass[o.Number] = v.of(o.Terms)
		return mass[o.Number] < minMass*v.mass
	})
	slices.SortStableFunc(seen, func(a, b news.Hit) int {
		return cmp.Or(cmp.Compare(mass[b.Number], mass[a.Number]), a.At.Compare(b.At), cmp.Compare(a.Source, b.Source))
	})
	return seen[:min(len(seen), maxStoryCandidates)], nil
}

// storyTerms returns the stems of the title and of so many words of the lead, ascending, without those that tell nothing.
func (t *Text) storyTerms(st *text.Stemmer, words int) []uint32 {
	var terms []uint32
	for _, tokens := range [][]text.Token{t.title, t.tokens[:min(len(t.tokens), words)]} {
		for _, stem := range st.Stems(tokens) {
			if !stem.StopWord {
				terms = append(terms, stem.Term)
			}
		}
	}
	slices.Sort(terms)
	return slices.Compact(terms)
}

// weighed is stems with what each of them tells.
type weighed struct {
	terms     []uint32  // ascending
	owners    []int     // prints that have it
	weight    []float64 // square of the inverse document frequency
	mass      float64   // of all
	documents int
}

func weigh(ix Stems, terms []uint32) (*weighed, error) {
	of, documents, err := ix.Frequency(terms)
	if err != nil {
		return nil, err
	}
	v := &weighed{terms: terms, owners: of, documents: documents, weight: make([]float64, len(terms))}
	for i, n := range of {
		idf := math.Log(float64(documents+minDocuments) / float64(max(n, 1))) // a text that is not stored yet counts as one that is
		v.weight[i] = idf * idf
		v.mass += idf * idf
	}
	return v, nil
}

// of returns the weight of all the terms that v has too.
func (v *weighed) of(terms []uint32) (sum float64) {
	for _, m := range terms {
		if i, found := slices.BinarySearch(v.terms, m); found {
			sum += v.weight[i]
		}
	}
	return sum
}

// rarest returns the stems to look up: those that somebody else has, and few.
func (v *weighed) rarest() []uint32 {
	places := make([]int, 0, len(v.terms))
	for i, n := range v.owners {
		if n > 0 && n <= max(rareOwners, v.documents/rareShare) {
			places = append(places, i)
		}
	}
	slices.SortFunc(places, func(a, b int) int { return cmp.Or(cmp.Compare(v.owners[a], v.owners[b]), cmp.Compare(a, b)) })
	rare := make([]uint32, min(len(places), rareStems))
	for i := range rare {
		rare[i] = v.terms[places[i]]
	}
	return rare
}

// compareStory compares the text with another one, and returns the evidence that they tell of the same event; nil: they do
// not. What takes time is done for those that look like it.
func (t *Text) compareStory(ix Stems, st *text.Stemmer, b *Text, m news.Thresholds, look func() (*search, error)) (*news.Join, error) {
	score, err := t.likeStory(ix, st, b)
	if err != nil || score.value < score.least && containment(t.shingles, b.shingles) < m.Edited {
		return nil, err
	}
	s, err := look()
	if err != nil {
		return nil, err
	}
	c := compare(s.t, b, s.boilerplateTerms(b.item.Source), cmp.Or(s.series(s.t.item.Source), s.series(b.item.Source)), s.m)
	return c.story(score), nil
}

// story returns the evidence that two texts tell of the same event; nil: they do not. A text that is near enough to be a
// copy, and is none since a figure, a denial, its title, its lead, a quotation or its own dateline stands against it, is an update
// of the same story.
func (c *comparison) story(score storyScore) *news.Join {
	if !c.passes(guardNumbers, guardNegation, guardShort, guardTitle, guardLead, guardQuote, guardDateline) {
		return nil
	}
	near := c.containment >= c.m.Edited && c.shared >= MinSharedEdited
	c.check(guardStory, near || score.value >= score.least, score.String())
	j := c.evidence("L7", "words")
	j.Story = score.value
	switch {
	case near:
		j.Rule = "text"
	case score.value < score.least:
		return nil
	}
	return j
}

// storyScore is how much two texts tell of the same event.
type storyScore struct {
	stems, letters float64
	words          int  // of both leads
	figures        bool // figures of the titles stand against each other
	value, least   float64
}

func (s storyScore) String() string {
	figures := ""
	if s.figures {
		figures = ", figures in the titles against each other"
	}
	return fmt.Sprintf("%.2f, at least %.2f: stems %.2f, letters %.2f, over titles and %d words%s", s.value, s.least, s.stems, s.letters, s.words, figures)
}

// likeStory measures two texts over their titles and as many words as both have.
func (t *Text) likeStory(ix Stems, st *text.Stemmer, b *Text) (storyScore, error) {
	s := storyScore{words: min(len(t.tokens), len(b.tokens), storyWords)}
	if s.words < MinWords {
		s.words = 0
	}
	one, other := t.storyTerms(st, s.words), b.storyTerms(st, s.words)
	v, err := weigh(ix, slices.Compact(slices.Sorted(slices.Values(slices.Concat(one, other)))))
	if err != nil {
		return s, err
	}
	s.stems = v.cosine(one, other)
	s.letters = jaccard(runs(t.title, t.tokens[:s.words]), runs(b.title, b.tokens[:s.words]))
	s.value = stemShare*s.stems + (1-stemShare)*s.letters
	if s.figures = against(figures(t.title), figures(b.title), nil, nil) != ""; s.figures {
		s.value *= otherFigure
	}
	s.least = storyLeast(s.words)
	return s, nil
}

// storyLeast is what two texts that have so many words besides their titles must score.
func storyLeast(words int) float64 {
	if words <= shortWords {
		return storyTitles + (storyShort-storyTitles)*float64(words)/shortWords
	}
	return storyShort + (storyLong-storyShort)*float64(words-shortWords)/(storyWords-shortWords)
}

// cosine is that of the angle between two texts, each a vector of its stems' inverse document frequencies.
func (v *weighed) cosine(a, b []uint32) float64 {
	both := v.of(slices.DeleteFunc(slices.Clone(a), func(m uint32) bool {
		_, shared := slices.BinarySearch(b, m)
		return !shared
	}))
	if both == 0 {
		return 0
	}
	return both / math.Sqrt(v.of(a)*v.of(b))
}

// jaccard is how much of two ascending lists is in both.
func jaccard(a, b []uint64) float64 {
	n := shared(a, b)
	if len(a)+len(b) == 0 {
		return 0
	}
	return float64(n) / float64(len(a)+len(b)-n)
}
