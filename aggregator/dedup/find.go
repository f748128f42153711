package dedup

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// Fingerprints is what texts are found by; the store's view satisfies it.
type Fingerprints interface {
	Index
	// FindAny returns the items that have one of the terms, the earliest first. For a term held by more than
	// most items it returns more than most of them, perhaps not all.
	FindAny(terms []uint32, most int) ([]news.Hit, error)
	// ItemByNumber returns the current revision of the item with that number.
	ItemByNumber(number uint64) (news.Item, bool, error)
	// Entry returns the entry named k.
	Entry(k news.Key) (news.Entry, bool, error)
	// Rule returns what an editor decided of the item named k.
	Rule(k news.Key) (news.Rule, error)
}

const (
	maxPostings    = 60                 // items that have a term, beyond which it says nothing
	boilerplate    = 5                  // items of one source that have a term, from which on it is boilerplate
	boilerplateFor = 7 * 24 * time.Hour // before and after the item
	maxCompared    = 5                  // candidates that are read, of other sources and of the same
)

// Keep returns how long after it was seen a fingerprint may be needed.
func Keep(m news.Thresholds) time.Duration {
	return max(limits(m).Window, boilerplateFor) + 24*time.Hour
}

// Match is what was found of the text of a new item.
type Match struct {
	Join       *news.Join // the same text as another source's item; nil: as none
	Entry      news.Key   // that it joins; zero where Join is nil
	Others     []news.Key // further entries with the same text
	Supersedes *news.Join // an earlier report of the same source; nil: none
}

// Find looks for the text among those that were seen: L4 and L5 in other sources, then L6 in its own. An item joins an
// entry for its likeness to one of the entry's own items, if that and the representative are one text, see entry.go.
func (t *Text) Find(ix Fingerprints, m news.Thresholds) (Match, error) {
	s, err := t.search(ix, limits(m))
	if err != nil {
		return Match{}, fmt.Errorf("dedup: %w", err)
	}
	out, err := s.join()
	if err != nil || out.Join != nil {
		return out, err
	}
	out.Supersedes, err = s.supersedes()
	return out, err
}

// TakenBack returns the report of the text's own source that the text, which carries a kill mark, takes back: a notice is no copy of what
// other sources have. What is held is found too. Nil: it takes back none that is known.
func (t *Text) TakenBack(ix Fingerprints, m news.Thresholds) (*news.Join, error) {
	s, err := t.search(ix, limits(m))
	if err != nil {
		return nil, fmt.Errorf("dedup: %w", err)
	}
	s.withHeld = true
	return s.supersedes()
}

// Compare makes the decision on two stored items again, with what is stored now: what `why` prints. Its level is empty
// where they are two texts. With is the earlier one.
func Compare(ix Stems, a, b news.Item, m news.Thresholds) (*news.Join, error) {
	if a.Date().Before(b.Date()) {
		a, b = b, a
	}
	if a.Key == b.Key {
		return &news.Join{Level: "L0", Rule: "item", Score: 1, With: b.Key, Title: 1, Thresholds: limits(m)}, nil
	}
	s, err := NewText(a).search(ix, limits(m))
	if err != nil {
		return nil, fmt.Errorf("dedup: %w", err)
	}
	other, err := NewText(b).search(ix, limits(m))
	if err != nil {
		return nil, fmt.Errorf("dedup: %w", err)
	}
	c := compare(s.t, other.t, s.boilerplateTerms(b.Source), cmp.Or(s.series(a.Source), other.series(b.Source)), s.m)
	if address := Canonical(a.URL); address != "" && address == Canonical(b.URL) && a.Source != b.Source {
		return c.evidence("L3", "address"), nil
	}
	if rule := c.supersedes(); rule != "" {
		return c.evidence("L6", rule), nil
	}
	level, rule := c.join()
	if level != "" || a.Source == b.Source {
		return c.evidence(level, rule), nil
	}
	var st text.Stemmer
	score, err := s.t.likeStory(ix, &st, other.t)
	if err != nil {
		return nil, fmt.Errorf("dedup: %w", err)
	}
	if j := c.story(score); j != nil {
		return j, nil
	}
	if j := s.t.inOtherScript(other.t, s.m); j != nil {
		return j, nil
	}
	j := c.evidence("", "")
	j.Story = score.value
	return j, nil
}

// AsStored returns what the store did about two published items, given what [Compare] finds of their texts now: where they are in one
// entry, the evidence by which the one that joined last did; where they are in two, that they are.
func AsStored(j *news.Join, a, b news.Item) *news.Join {
	if a.Key == b.Key || a.Held || b.Held || a.Withdrawn || b.Withdrawn {
		return j
	}
	if a.Entry == b.Entry {
		switch {
		case j.Same():
			return j
		case b.Join != nil && (a.Join == nil || b.Join.With == a.Key || a.Join.With != b.Key && b.Join.At.After(a.Join.At)):
			return b.Join
		case a.Join != nil:
			return a.Join
		}
		return j
	}
	if !j.Same() || j.Level == "L6" {
		return j
	}
	out := *j
	out.Level, out.Rule = "", ""
	out.Guards = append(slices.Clone(j.Guards),
		news.Guard{Name: guardEntry, Detail: "they are in two entries: the text of the representative is another one"})
	return &out
}

// search is a text and what of it was seen before.
type search struct {
	t     *Text
	ix    Fingerprints
	m     news.Thresholds
	seen  []news.Hit
	asked []uint32         // the terms of the text, ascending
	owned map[string][]int // by source: how many of its items have each of them

	crowded  bool // the subject is that of more items than are listed
	withHeld bool // items that are held are candidates too
}

// search finds out who else has the terms of the text, and which terms say something.
func (t *Text) search(ix Fingerprints, m news.Thresholds) (*search, error) {
	s := &search{t: t, ix: ix, m: m, asked: t.wanted(), owned: map[string][]int{}}
	seen, err := ix.FindAny(s.asked, maxPostings)
	if err != nil || len(seen) == 0 {
		return s, err
	}
	owners := make([]int, len(s.asked))
	at := t.item.Date()
	for _, o := range seen {
		owned := s.owned[o.Source]
		if owned == nil {
			owned = make([]int, len(s.asked))
			s.owned[o.Source] = owned
		}
		for _, term := range o.Terms {
			i := s.place(term)
			owners[i]++
			if o.At.Sub(at).Abs() <= boilerplateFor {
				owned[i]++
			}
		}
	}
	s.crowded = t.subject != 0 && owners[s.place(t.subject)] > maxPostings
	for _, o := range seen {
		o.Terms = slices.DeleteFunc(slices.Clone(o.Terms), func(term uint32) bool {
			i := s.place(term)
			return owners[i] > maxPostings || term != t.subject && s.isBoilerplate(i, o.Source)
		})
		if len(o.Terms) > 0 {
			s.seen = append(s.seen, o)
		}
	}
	return s, nil
}

// place is that of a term of the text.
func (s *search) place(term uint32) int {
	i, _ := slices.BinarySearch(s.asked, term)
	return i
}

// isBoilerplate reports whether a term is part of what the text's source or the other one prints under everything.
func (s *search) isBoilerplate(place int, source string) bool {
	return s.has(source, place) >= boilerplate || s.has(s.t.item.Source, place) >= boilerplate
}

// has returns how many items of a source have the term.
func (s *search) has(source string, place int) int {
	if owned := s.owned[source]; owned != nil {
		return owned[place]
	}
	return 0
}

// boilerplateTerms returns the terms that say nothing of the text and one of the source.
func (s *search) boilerplateTerms(source string) map[uint32]bool {
	var out map[uint32]bool
	for i, term := range s.asked {
		if term != s.t.subject && s.isBoilerplate(i, source) {
			if out == nil {
				out = map[uint32]bool{}
			}
			out[term] = true
		}
	}
	return out
}

// seriesSpan is how far apart two items with one subject are on two days.
const seriesSpan = 18 * time.Hour

// series says that the source has had the subject of the text on several days; empty: it has not.
func (s *search) series(source string) string {
	if s.crowded {
		return "more items than can be distinguished have the subject"
	}
	var first, last time.Time
	add := func(at time.Time) {
		if first.IsZero() || at.Before(first) {
			first = at
		}
		if at.After(last) {
			last = at
		}
	}
	if source == s.t.item.Source {
		add(s.t.item.Date())
	}
	for _, o := range s.seen {
		if o.Source == source && slices.Contains(o.Terms, s.t.subject) {
			add(o.At)
		}
	}
	if last.Sub(first) < seriesSpan {
		return ""
	}
	return source + " had the subject from " + first.UTC().Format(time.DateOnly) + " to " + last.UTC().Format(time.DateOnly)
}

// candidate is an item that may have the same text.
type candidate struct {
	news.Item
	like        *comparison
	level, rule string     // by which it has the text; empty: not asked yet, or it has not
	entry       news.Entry // that it is in, where it has the text
}

// candidates reads the items that share most with the text: of its own source, or of others.
func (s *search) candidates(sameSource bool, span time.Duration) ([]candidate, error) {
	titles := 0
	var all []news.Hit
	for _, o := range s.seen {
		titled := slices.Contains(o.Terms, s.t.subject)
		if titled {
			titles++
		}
		near := o.At.Sub(s.t.item.Date()).Abs() <= span+time.Minute // hits know the minute only
		if near && (o.Source == s.t.item.Source) == sameSource && (titled || len(o.Terms) >= MinSharedEdited) {
			all = append(all, o)
		}
	}
	if titles > maxTitleOwners {
		all = slices.DeleteFunc(all, func(o news.Hit) bool { return len(o.Terms) < MinSharedEdited })
	}
	slices.SortStableFunc(all, func(a, b news.Hit) int {
		return cmp.Or(cmp.Compare(len(b.Terms), len(a.Terms)), a.At.Compare(b.At), cmp.Compare(a.Source, b.Source))
	})
	var out []candidate
	for _, o := range all[:min(len(all), maxCompared)] {
		it, found, err := s.ix.ItemByNumber(o.Number)
		if err != nil {
			return nil, err
		}
		if !found || it.Key == s.t.item.Key || it.Withdrawn || it.Erased || it.Held && !s.withHeld {
			continue
		}
		like := measure(s.t, NewText(it), s.boilerplateTerms(it.Source), s.m)
		if like.hopeless() {
			continue
		}
		like.ask(cmp.Or(s.series(s.t.item.Source), s.series(it.Source)))
		out = append(out, candidate{Item: it, like: like})
	}
	return out, nil
}

// supersedes is L6: the newest of the source's own reports that this one takes the place of.
func (s *search) supersedes() (*news.Join, error) {
	all, err := s.candidates(true, supersedeSpan)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b candidate) int {
		return cmp.Or(b.Item.Date().Compare(a.Item.Date()), slices.Compare(a.Key[:], b.Key[:]))
	})
	for _, c := range all {
		if rule := c.like.supersedes(); rule != "" {
			j := c.like.evidence("L6", rule)
			j.Entry = c.Entry
			return j, nil
		}
	}
	return nil, nil
}
