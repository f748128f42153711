package postings

import (
	"cmp"
	"iter"
	"math"
	"slices"
)

// Newest yields the IDs of the documents that have all of the terms, each once, the highest first, from the ID `from` downwards
// (0: from the highest there is), until cost postings were read. Without terms there are none.
func (r *Reader) Newest(index int, terms []uint64, from uint64, cost int) iter.Seq2[uint64, error] {
	return func(yield func(uint64, error) bool) {
		if len(terms) == 0 {
			return
		}
		if from == 0 {
			from = math.MaxUint64
		}
		n := newest{terms: terms, from: from}
		if err := n.begin(r, index); err != nil {
			yield(0, err)
			return
		}
		last, any := uint64(0), false
		for {
			id, more, err := n.next(cost)
			if err != nil {
				yield(0, err)
				return
			}
			if !more {
				return
			}
			if any && id == last {
				continue
			}
			if last, any = id, true; !yield(id, nil) {
				return
			}
		}
	}
}

// newest looks for documents with all of some terms.
type newest struct {
	terms []uint64 // the rarest first
	from  uint64
	found []uint64   // ascending, not yielded yet
	rest  []*segment // not looked at yet, those with the highest numbers last
	read  int        // postings

	places, more []uint16 // scratch
}

// begin orders the terms and looks into the memtable.
func (n *newest) begin(r *Reader, index int) error {
	of, _, err := r.Count(index, n.terms)
	if err != nil {
		return err
	}
	n.terms = byCount(n.terms, of)
	t, end, err := r.memtable(index)
	if err != nil {
		return err
	}
	all, err := r.segments(index)
	if err != nil {
		return err
	}
	n.rest = slices.Clone(all)
	slices.SortStableFunc(n.rest, func(a, b *segment) int { return cmp.Compare(a.highest, b.highest) })
	t.mu.RLock()
	defer t.mu.RUnlock()
	_, err = n.intersect(func(term uint64, to []uint16) ([]uint16, error) { return t.find(term, 0, end, math.MaxInt, to), nil })
	for _, p := range n.places {
		n.add(t.docs[p].ID)
	}
	slices.Sort(n.found)
	return err
}

func byCount(terms []uint64, of []int) []uint64 {
	order := make([]int, len(terms))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(of[a], of[b]) })
	out := make([]uint64, len(terms))
	for i, at := range order {
		out[i] = terms[at]
	}
	return out
}

func (n *newest) add(id uint64) {
	if id <= n.from {
		n.found = append(n.found, id)
	}
}

// next returns the highest ID that is left; more is false where there is none, or the cost is reached.
func (n *newest) next(cost int) (id uint64, more bool, err error) {
	for len(n.rest) > 0 {
		s := n.rest[len(n.rest)-1]
		if len(n.found) > 0 && n.found[len(n.found)-1] > s.highest {
			break
		}
		if n.read > cost {
			break
		}
		n.rest = n.rest[:len(n.rest)-1]
		if err := n.inSegment(s); err != nil {
			return 0, false, err
		}
	}
	if len(n.found) == 0 {
		return 0, false, nil
	}
	last := len(n.found) - 1
	id, n.found = n.found[last], n.found[:last]
	return id, true, nil
}

func (n *newest) inSegment(s *segment) error {
	if s.lowest > n.from {
		return nil
	}
	for _, term := range n.terms {
		h := hashOf(term)
		if may, err := s.may(&h); err != nil || !may {
			return err
		}
	}
	if _, err := n.intersect(s.find); err != nil {
		return err
	}
	for _, p := range n.places {
		d, err := s.doc(int(p))
		if err != nil {
			return err
		}
		n.add(d.ID)
	}
	slices.Sort(n.found)
	return nil
}

// intersect leaves in places those that find gives for every term.
func (n *newest) intersect(find func(term uint64, to []uint16) ([]uint16, error)) (_ []uint16, err error) {
	for i, term := range n.terms {
		if n.more, err = find(term, n.more[:0]); err != nil {
			return nil, err
		}
		n.read += len(n.more)
		if i == 0 {
			n.places = append(n.places[:0], n.more...)
		} else {
			n.places = both(n.places, n.more)
		}
		if len(n.places) == 0 {
			break
		}
	}
	return n.places, nil
}

// both leaves of a what is in b too; they are ascending.
func both(a, b []uint16) []uint16 {
	out := a[:0]
	for _, at := range a {
		for len(b) > 0 && b[0] < at {
			b = b[1:]
		}
		if len(b) > 0 && b[0] == at {
			out = append(out, at)
		}
	}
	return out
}
