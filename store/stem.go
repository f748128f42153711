package store

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"time"

	"dateline/aggregator/news"
)

// FindAtLeast returns the items that have at least so many of the stems and were seen since that time, the earliest
// first. Of a stem that more than most items have, the newest most of them are looked at.
func (v View) FindAtLeast(terms []uint32, since time.Time, least, most int) ([]news.Hit, error) {
	return v.findTerms(stems, terms, since, least, most)
}

// FindAll yields the items that have all of the stems, the one seen last first, until cost postings were read. One
// that was revised comes once for each fingerprint that has them all, and its text may be another by now.
func (v View) FindAll(terms []uint32, cost int) iter.Seq2[news.Hit, error] {
	return func(yield func(news.Hit, error) bool) {
		if len(terms) == 0 {
			return
		}
		terms, err := v.rarestFirst(terms)
		if err != nil {
			yield(news.Hit{}, err)
			return
		}
		t, err := v.memtable(stems)
		if err != nil {
			yield(news.Hit{}, err)
			return
		}
		var found intersection
		places, _ := found.all(terms, func(m uint32, to []uint16) ([]uint16, error) { return t.find(m, math.MaxInt, to), nil })
		for _, p := range slices.Backward(t.postings(places, nil)) {
			if !yield(p.hit(), nil) {
				return
			}
		}
		for s, err := range v.segments(stems) {
			if found.read > cost {
				return
			}
			if err == nil {
				places, err = found.all(terms, s.find)
			}
			if err != nil {
				yield(news.Hit{}, err)
				return
			}
			for _, at := range slices.Backward(places) {
				p, err := s.posting(at)
				if !yield(p.hit(), err) || err != nil {
					return
				}
			}
		}
	}
}

// rarestFirst returns the stems in the order in which they are best looked up.
func (v View) rarestFirst(terms []uint32) ([]uint32, error) {
	of, _, err := v.Frequency(terms)
	if err != nil {
		return nil, err
	}
	type counted struct {
		term uint32
		n    int
	}
	all := make([]counted, len(terms))
	for i, m := range terms {
		all[i] = counted{m, of[i]}
	}
	slices.SortStableFunc(all, func(a, b counted) int { return cmp.Compare(a.n, b.n) })
	out := make([]uint32, len(terms))
	for i, c := range all {
		out[i] = c.term
	}
	return out, nil
}

// intersection looks for prints that have all of some terms.
type intersection struct {
	read         int // postings
	places, more []uint16
}

// all returns the places, in order, that find gives for every term.
func (h *intersection) all(terms []uint32, find func(uint32, []uint16) ([]uint16, error)) (_ []uint16, err error) {
	for i, m := range terms {
		if h.more, err = find(m, h.more[:0]); err != nil {
			return nil, err
		}
		h.read += len(h.more)
		if i == 0 {
			h.places = append(h.places[:0], h.more...)
		} else {
			h.places = both(h.places, h.more)
		}
		if len(h.places) == 0 {
			break
		}
	}
	return h.places, nil
}

// both leaves of a what is in b too; they are in order.
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
