package dedup

import (
	"cmp"
	"fmt"
	"slices"

	"dateline/aggregator/news"
)

// join is L4 and L5: of the entries that the item may join, the one with the likest item, then the others.
func (s *search) join() (Match, error) {
	all, err := s.candidates(false, s.m.Window)
	if err != nil {
		return Match{}, err
	}
	slices.SortStableFunc(all, func(a, b candidate) int {
		return cmp.Or(cmp.Compare(b.like.containment, a.like.containment), a.Item.Date().Compare(b.Item.Date()), slices.Compare(a.Key[:], b.Key[:]))
	})
	var out Match
	for _, c := range all {
		level, rule := c.like.join()
		if level == "" || c.Entry == s.t.item.Entry || c.Entry == out.Entry || slices.Contains(out.Others, c.Entry) {
			continue
		}
		e, found, err := s.ix.Entry(c.Entry)
		if err != nil {
			return Match{}, err
		}
		if !found || e.State != news.Public {
			continue
		}
		against, err := s.standsAgainst(e, c.Key)
		switch {
		case err != nil:
			return Match{}, err
		case against != "":
		case out.Join == nil:
			out.Join, out.Entry = c.like.evidence(level, rule), e.Key
		default:
			out.Others = append(out.Others, e.Key)
		}
	}
	return out, nil
}

// standsAgainst compares the text with the other items of an entry, so that joins do not chain: A like B and B like C
// make no entry of A and C. It returns what speaks against one of them; empty: nothing.
func (s *search) standsAgainst(e news.Entry, but news.Key) (string, error) {
	decided, err := s.ix.Rule(s.t.item.Key)
	if err != nil {
		return "", err
	}
	for _, k := range e.Members() {
		if slices.Contains(decided.Apart, k) {
			return "an editor set them apart", nil
		}
		if again, err := s.setApart(k); err != nil || again {
			return "an editor set its source's telling apart", err
		}
		if k == but {
			continue
		}
		it, found, err := s.ix.Item(k)
		if err != nil {
			return "", err
		}
		switch {
		case !found || it.Erased:
			continue
		case it.Source == s.t.item.Source:
			return guardSource, nil
		}
		c := compare(s.t, NewText(it), s.boilerplateTerms(it.Source), "", s.m)
		if !c.passes(guardSerial, guardShort, guardWindow) {
			return "numbers, negation or language", nil
		}
		if k == e.Key && c.passes(guardSerial, guardWindow) && c.containment < s.m.Edited {
			return "another text", nil
		}
	}
	return "", nil
}

// setApart reports whether an editor took an earlier telling of the text's source out of the entry of the item named k:
// the decision is about what they say, and not about what they are called.
func (s *search) setApart(k news.Key) (bool, error) {
	decided, err := s.ix.Rule(k)
	if err != nil {
		return false, err
	}
	for _, k := range decided.Apart {
		it, found, err := s.ix.Item(k)
		if err != nil {
			return false, err
		}
		if found && !it.Erased && k != s.t.item.Key && it.Source == s.t.item.Source &&
			compare(s.t, NewText(it), s.boilerplateTerms(it.Source), "", s.m).containment >= s.m.Edited {
			return true, nil
		}
	}
	return false, nil
}

// Alike tells whether two entries have turned out to be one: from's representative has the text of an item of into, and
// none of from's items stands against one of into's. It returns the evidence; nil: they are two.
func Alike(ix Fingerprints, into, from news.Entry, m news.Thresholds) (*news.Join, error) {
	items, err := from.Load(ix.Item)
	if err != nil {
		return nil, fmt.Errorf("dedup: %w", err)
	}
	items = slices.DeleteFunc(items, func(it news.Item) bool { return it.Erased || it.Withdrawn })
	if len(items) == 0 || items[0].Key != from.Key {
		return nil, nil
	}
	var join *news.Join
	for _, it := range items {
		s, err := NewText(it).search(ix, limits(m))
		if err != nil {
			return nil, fmt.Errorf("dedup: %w", err)
		}
		var with news.Key
		if it.Key == from.Key {
			if join, err = s.best(into); join == nil || err != nil {
				return nil, err
			}
			with = join.With
		}
		if against, err := s.standsAgainst(into, with); against != "" || err != nil {
			return nil, err
		}
	}
	return join, nil
}

// best compares the text with the items of an entry, and returns the evidence of the one that it is most like; nil: of none.
func (s *search) best(e news.Entry) (*news.Join, error) {
	items, err := e.Load(s.ix.Item)
	if err != nil {
		return nil, fmt.Errorf("dedup: %w", err)
	}
	var best *news.Join
	for _, it := range items {
		if it.Erased || it.Withdrawn || it.Source == s.t.item.Source {
			continue
		}
		c := compare(s.t, NewText(it), s.boilerplateTerms(it.Source), cmp.Or(s.series(s.t.item.Source), s.series(it.Source)), s.m)
		level, rule := c.join()
		if level == "" {
			if same, err := sameAddress(s.ix, s.t.item, it); err != nil {
				return nil, fmt.Errorf("dedup: %w", err)
			} else if same {
				level, rule = "L3", "address"
			}
		}
		if level != "" && (best == nil || c.containment > best.Score) {
			best = c.evidence(level, rule)
		}
	}
	return best, nil
}
