package dedup

import (
	"cmp"
	"fmt"
	"slices"

	"dateline/aggregator/news"
)

// Which entry an item joins: of the items that have its text, the likest decides. The item joins the entry of that one if it has the text
// of the entry's representative, too. If it has not, it joins where the likest has the representative's text and no guard but those of
// titles, beginnings and quotations is against the representative, or the likest is a copy of the item, or says most of what the two
// say: one step, never two. A guard against any other item of the entry is not asked. Entries of which an item has both texts are merged
// by the same test, in which the items of both may be the likest. So the grouping of items that are all alike, and of copies that are all
// like one of them, does not depend on the order of arrival. An entry may hold two items of one source.

// copied is the containment, both ways, from which on two texts are copies of each other.
const copied = 0.90

// join is L4 and L5: of the entries that the item may join, the one with the likest item, then the others.
func (s *search) join() (Match, error) {
	all, err := s.joinable()
	if err != nil {
		return Match{}, err
	}
	var out Match
	for _, c := range all {
		if c.entry.Key == out.Entry || slices.Contains(out.Others, c.entry.Key) {
			continue
		}
		joins, err := s.joins(c.entry, c.Item, c.like)
		switch {
		case err != nil:
			return Match{}, err
		case !joins:
		case out.Join == nil:
			out.Join, out.Entry = c.like.evidence(c.level, c.rule), c.entry.Key
		default:
			out.Others = append(out.Others, c.entry.Key)
		}
	}
	return out, nil
}

// joinable returns the items of other sources that have the text and are in public entries, the likest first; of two the one in the
// older entry.
func (s *search) joinable() ([]candidate, error) {
	all, err := s.candidates(false, s.m.Window)
	if err != nil {
		return nil, err
	}
	out := all[:0]
	for _, c := range all {
		if c.level, c.rule = c.like.join(); c.level == "" || c.Entry == s.t.item.Entry {
			continue
		}
		found := false
		if c.entry, found, err = s.ix.Entry(c.Entry); err != nil {
			return nil, err
		}
		if found && c.entry.State == news.Public {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.like.containment, a.like.containment), cmp.Compare(a.entry.First, b.entry.First),
			a.Item.Date().Compare(b.Item.Date()), slices.Compare(a.Key[:], b.Key[:]))
	})
	return out, nil
}

// joins reports whether the text may join an entry for its likeness to one of the entry's items.
func (s *search) joins(e news.Entry, with news.Item, like *comparison) (bool, error) {
	apart, err := s.setApart(e)
	if apart || err != nil || with.Key == e.Key {
		return !apart, err
	}
	it, found, err := s.ix.Item(e.Key)
	if err != nil {
		return false, err
	}
	if !found || it.Erased {
		return true, nil // what the representative said is not known
	}
	rep := NewText(it)
	whole := s.compare(rep)
	if level, _ := whole.join(guardSource); level != "" {
		return true, nil
	}
	if same, err := sameAddress(s.ix, s.t.item, it); same || err != nil {
		return same, err
	}
	if like.copied() >= copied && passed(with, it) {
		return true, nil
	}
	between := compare(NewText(with), rep, nil, "", s.m)
	if !whole.near() && like.copied() < copied && min(said(like.a, like.b), said(between.b, between.a)) < wholeCopied {
		return false, nil
	}
	level, _ := between.join(guardSource)
	return level != "", nil
}

// passed reports whether an item joined an entry for having the text of its representative, which may have been rewritten since.
func passed(member, representative news.Item) bool {
	j := member.Join
	return j != nil && j.With == representative.Key && (j.Level == "L3" || j.Level == "L4" || j.Level == "L5")
}

// said returns how much of one text another one says, from 0 to 1.
func said(one, other *Text) float64 {
	a, b := one.shingleSet(), other.shingleSet()
	return float64(shared(a, b)) / float64(max(1, len(a)))
}

// near reports whether two texts are one but for their titles and beginnings: a text that is edited, under a title that another has, too.
func (c *comparison) near() bool {
	return c.containment >= c.m.Edited && c.shared >= MinSharedEdited && c.passes(guardSource, guardTitle, guardLead, guardQuote)
}

// compare measures the text against another one, with what is known of both sources.
func (s *search) compare(b *Text) *comparison {
	from := b.item.Source
	return compare(s.t, b, s.boilerplateTerms(from), cmp.Or(s.series(s.t.item.Source), s.series(from)), s.m)
}

// setApart reports whether an editor decided that the text, or an earlier one of its source that says the same, is in no entry with an
// item of e: the decision is about what they say, and not about what they are called.
func (s *search) setApart(e news.Entry) (bool, error) {
	mine, err := s.ix.Rule(s.t.item.Key)
	if err != nil {
		return false, err
	}
	for _, member := range e.Members() {
		if slices.Contains(mine.Apart, member) {
			return true, nil
		}
		its, err := s.ix.Rule(member)
		if err != nil {
			return false, err
		}
		for _, k := range its.Apart {
			it, found, err := s.ix.Item(k)
			if err != nil {
				return false, err
			}
			if found && !it.Erased && k != s.t.item.Key && it.Source == s.t.item.Source &&
				compare(s.t, NewText(it), s.boilerplateTerms(it.Source), "", s.m).containment >= s.m.Edited {
				return true, nil
			}
		}
	}
	return false, nil
}

// Alike reports whether two entries have turned out to be one: each item of from would join into for its likeness to an item
// of either. It returns the evidence for the representative; nil: they are two.
func Alike(ix Fingerprints, into, from news.Entry, m news.Thresholds) (*news.Join, error) {
	items, err := from.Load(ix.Item)
	if err != nil {
		return nil, fmt.Errorf("dedup: %w", err)
	}
	items = slices.DeleteFunc(items, func(it news.Item) bool { return it.Erased || it.Withdrawn })
	if len(items) == 0 || items[0].Key != from.Key {
		return nil, nil
	}
	members, err := into.Load(ix.Item)
	if err != nil {
		return nil, fmt.Errorf("dedup: %w", err)
	}
	members = append(members, items...)
	var join *news.Join
	for i, it := range items {
		s, err := NewText(it).search(ix, limits(m))
		if err != nil {
			return nil, fmt.Errorf("dedup: %w", err)
		}
		j, err := s.best(into, members, i > 0)
		if err != nil {
			return nil, fmt.Errorf("dedup: %w", err)
		}
		if j == nil {
			return nil, nil
		}
		if i == 0 {
			join = j
		}
	}
	return join, nil
}

// best returns the evidence of that of the items for which the text may join the entry e, the likest; nil: of none. anySource takes items
// of the text's own source, too.
func (s *search) best(e news.Entry, items []news.Item, anySource bool) (*news.Join, error) {
	var best *news.Join
	for _, it := range items {
		if it.Erased || it.Withdrawn || it.Key == s.t.item.Key || it.Source == s.t.item.Source && !anySource {
			continue
		}
		c := s.compare(NewText(it))
		level, rule := c.join(guardSource)
		if level == "" {
			if same, err := sameAddress(s.ix, s.t.item, it); err != nil {
				return nil, err
			} else if same {
				level, rule = "L3", "address"
			}
		}
		if level == "" || best != nil && c.containment <= best.Score {
			continue
		}
		joins, err := s.joins(e, it, c)
		if err != nil {
			return nil, err
		}
		if joins {
			best = c.evidence(level, rule)
		}
	}
	return best, nil
}
