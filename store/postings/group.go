package postings

// Group is how many merged segments have one filter of all their terms besides their own: a term that none of them has as this says is
// not asked of each. The newest of a group has that filter.
const Group = 4

// older returns the merged segments with which one that is about to be made of the newest sealed ones becomes a group; none while there
// are too few that are in no group. all are the segments of the index, the newest first, of which so many are not merged.
func (s *Set) older(all []*segment, sealed int) []*segment {
	merged := all[sealed:]
	if len(merged) < s.group-1 {
		return nil
	}
	merged = merged[:s.group-1]
	for _, m := range merged {
		if m.head.group > 0 {
			return nil
		}
	}
	return merged
}

// groupFilter returns the filter of the terms of a builder and of the segments, and says in the head what it is of.
func (h *head) groupFilter(b *builder, older []*segment) ([]byte, error) {
	h.group, h.oldest = len(b.terms), h.first
	for _, s := range older {
		h.group, h.oldest = h.group+s.terms, min(h.oldest, s.first)
	}
	filter := newFilter(h.group)
	for _, t := range b.terms {
		at := hashOf(t)
		at.addTo(filter)
	}
	for _, s := range older {
		for n := range s.head.blocks {
			b, err := s.block(n)
			if err != nil {
				return nil, err
			}
			for b.next() {
				at := hashOf(b.term)
				at.addTo(filter)
			}
			if b.bad {
				return nil, s.damaged("block", n, "is unreadable")
			}
		}
	}
	return filter, nil
}

// asker asks the filters of segments for some terms: first that of the group, where the segment is in one.
type asker struct {
	terms  []hashed
	places []int // of the terms, in what was asked for

	some       []hashed // of the terms those that the group asked last may have
	somePlaces []int
	oldest     uint64 // first of the oldest segment of that group
	inside     bool   // the segment asked last is in that group

	found []int // scratch
}

// empty returns an asker of nothing, in the memory of this one.
func (a asker) empty() asker {
	return asker{terms: a.terms[:0], places: a.places[:0], some: a.some[:0], somePlaces: a.somePlaces[:0], found: a.found[:0]}
}

// add adds a term that is at a place in what was asked for.
func (a *asker) add(term uint64, place int) {
	a.terms, a.places = append(a.terms, hashOf(term)), append(a.places, place)
}

// touch reads what is asked first: the filters of groups, and of segments that are in none.
func (a *asker) touch(all []*segment) {
	for _, s := range all {
		if a.inside = a.inside && s.first >= a.oldest; a.inside {
			continue
		}
		if s.group.n == 0 {
			s.filter.touch(a.terms)
			continue
		}
		s.group.touch(a.terms)
		a.oldest, a.inside = s.oldest, true
	}
	a.inside = false
}

// in returns the places of the terms that a segment may have; they are valid until the next call. All segments are asked in turn, the
// newest first.
func (a *asker) in(s *segment) ([]int, error) {
	terms, places := a.terms, a.places
	if a.inside = a.inside && s.first >= a.oldest; a.inside || s.group.n > 0 {
		if err := a.enter(s); err != nil {
			return nil, err
		}
		terms, places = a.some, a.somePlaces
		s.filter.touch(terms)
	}
	a.found = a.found[:0]
	for i := range terms {
		may, err := s.may(&terms[i])
		if err != nil {
			return nil, err
		}
		if may {
			a.found = append(a.found, places[i])
		}
	}
	return a.found, nil
}

// enter asks the filter of the group that begins with a segment, which may be one of the group asked last.
func (a *asker) enter(s *segment) error {
	if a.inside {
		return nil
	}
	a.some, a.somePlaces = a.some[:0], a.somePlaces[:0]
	for i := range a.terms {
		h := &a.terms[i]
		may, ok := s.group.may(h)
		if !ok {
			return s.damaged("group filter line", h.line(s.group.n), wrongSum)
		}
		if may {
			a.some, a.somePlaces = append(a.some, *h), append(a.somePlaces, a.places[i])
		}
	}
	a.oldest, a.inside = s.oldest, true
	return nil
}
