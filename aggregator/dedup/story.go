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

// Stems is what reports of one event are found by; the store's view satisfies it.
type Stems interface {
	Fingerprints
	// FindAtLeast returns the items of which one revision has at least so many of the stems, of each stem the newest most. Items
	// that are all from before since may be left out.
	FindAtLeast(stems []uint32, since time.Time, least, most int) ([]news.Hit, error)
	// Frequency returns how many texts have each stem, and how many there are.
	Frequency(stems []uint32) (of []int, documents int, err error)
}

// How reports are found: by the rarest stems that others have too, of which several must be in common.
const (
	rareStems          = 12   // that are looked up
	rareOwners         = 64   // items that are listed of each, the newest
	rareShare          = 200  // a stem that more than one in so many has is not rare, unless few have it
	minRare            = 2    // in common
	minMass            = 0.08 // of all that the text says, in what was looked up and is in common
	maxStoryCandidates = 4    // candidates that are read
)

// Story finds entries of other sources about the same event in other words (L7), or whose text is near to this
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
	if err == nil {
		_, err = t.bilingual(ix)
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
	abroad, err := t.bilingual(ix)
	if err != nil {
		return nil, err
	}
	for _, o := range abroad {
		if !slices.ContainsFunc(all, func(h news.Hit) bool { return h.Number == o.Number }) {
			all = append(all, o)
		}
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
	v, err := weigh(ix, t.storyTerms(st, storyWords).all)
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

// storyTerms are stems without those that say nothing, ascending, each once.
type storyTerms struct {
	title []uint32
	all   []uint32 // of the title and of the words of the lead that are compared
}

// storyTerms returns the stems of the title and of so many words of the lead.
func (t *Text) storyTerms(st *text.Stemmer, words int) storyTerms {
	if words != storyWords {
		return t.makeStoryTerms(st, words)
	}
	if t.made.story == nil {
		all := t.makeStoryTerms(st, words)
		t.made.story = &all
	}
	return *t.made.story
}

func (t *Text) makeStoryTerms(st *text.Stemmer, words int) (out storyTerms) {
	for i, tokens := range [][]text.Token{t.title, t.tokens[:min(len(t.tokens), words)]} {
		out.all = slices.Grow(out.all, len(tokens))
		st.EachStem(tokens, func(_ int, stem text.Stem) {
			if !stem.StopWord {
				out.all = append(out.all, stem.Term)
			}
		})
		if i == 0 {
			out.title = set(out.all)
		}
	}
	out.all = set(out.all)
	return out
}

// weighed is stems with the weight of each.
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
		idf := v.idf(max(n, 1)) // a text that is not stored yet counts as one that is
		v.weight[i] = idf * idf
		v.mass += idf * idf
	}
	return v, nil
}

// idf is the inverse document frequency of a stem that so many texts have.
func (v *weighed) idf(owners int) float64 {
	return math.Log(float64(v.documents+minDocuments) / float64(owners))
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

// rarest returns the stems to look up: those that another item has, and few.
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

// compareStory compares the text with another one, and returns the evidence that they are about the same event; nil: they do
// not. What takes time is done for those that look like it.
func (t *Text) compareStory(ix Stems, st *text.Stemmer, b *Text, m news.Thresholds, look func() (*search, error)) (*news.Join, error) {
	if j := t.inOtherScript(b, m); j != nil {
		return j, nil
	}
	score, err := t.likeStory(ix, st, b)
	if err != nil || score.value < storyLeast && containment(t.shingleSet(), b.shingleSet()) < m.Edited {
		return nil, err
	}
	s, err := look()
	if err != nil {
		return nil, err
	}
	c := compare(s.t, b, s.boilerplateTerms(b.item.Source), cmp.Or(s.series(s.t.item.Source), s.series(b.item.Source)), s.m)
	return c.story(score), nil
}

// story returns the evidence that two texts are about the same event; nil: they are not. A text that is near enough to be a
// copy, and is none since a figure, a denial, its title, its lead, a quotation or its own dateline contradicts it, is an update
// of the same story.
func (c *comparison) story(score storyScore) *news.Join {
	near := c.containment >= c.m.Edited && c.shared >= MinSharedEdited && score.others == ""
	but := []string{guardNumbers, guardNegation, guardShort, guardTitle, guardLead, guardQuote, guardDateline}
	if !near && c.series == "" { // what is in the place of what is said of texts that are alike
		but = append(but, guardSerial)
	}
	if !c.passes(but...) {
		return nil
	}
	c.check(guardStory, near || score.value >= storyLeast, score.String())
	j := c.evidence("L7", "words")
	j.Story = score.value
	switch {
	case near:
		j.Rule = "text"
	case score.value < storyLeast:
		return nil
	}
	return j
}
