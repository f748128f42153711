package store

import (
	"slices"
	"time"

	"dateline/aggregator/news"
)

// FindAny returns the items with one of the terms whose prints are kept, the earliest first. Of a term that more than
// most items have, it returns more than most of them, and not all.
func (v View) FindAny(terms []uint32, most int) ([]news.Hit, error) {
	return v.findTerms(fingerprints, terms, time.Time{}, 1, most+1)
}

// findTerms returns the items with at least so many of the terms, of each term the newest most, as far as they are in the
// tail or in segments that end after since.
func (v View) findTerms(x *index, terms []uint32, since time.Time, least, most int) ([]news.Hit, error) {
	t, err := v.memtable(x)
	if err != nil {
		return nil, err
	}
	found := &v.memo.hits
	found.all, found.terms = found.all[:0], found.terms[:0]
	remaining := make([]int, len(terms)) // how many more to list of each
	var places []uint16
	for i, m := range terms {
		places = t.find(m, most, places[:0])
		found.all = t.postings(places, found.all)
		found.tag(m)
		remaining[i] = most - len(places)
	}
	var sieve *sieve
	if x == fingerprints {
		if sieve, err = v.sieve(len(terms)); err != nil {
			return nil, err
		}
	}
	passed := sieve.pass(terms)
	for s, err := range v.segments(x) {
		if err != nil {
			return nil, err
		}
		if s.until < since.Unix() {
			break
		}
		column := sieve.column(s.number())
		for i, m := range terms {
			if remaining[i] == 0 || column != 0 && passed[i]&column == 0 {
				continue
			}
			if places, err = s.find(m, places[:0]); err != nil {
				return nil, err
			}
			places = places[max(0, len(places)-remaining[i]):]
			for _, at := range places {
				p, err := s.posting(at)
				if err != nil {
					return nil, err
				}
				found.all = append(found.all, p)
			}
			found.tag(m)
			remaining[i] -= len(places)
		}
	}
	return found.byItem(least), nil
}

// hits are prints that have one of the terms looked for. A fingerprint stands there once for each that it has.
type hits struct {
	all   []posting
	terms []uint32 // of each
	order []uint64 // scratch
}

// tag says that the hits added last have the term.
func (h *hits) tag(term uint32) {
	for len(h.terms) < len(h.all) {
		h.terms = append(h.terms, term)
	}
}

// hitBits is enough for the place of a hit; the rest of 64 bits is enough for an item's number.
const hitBits = 24

// byItem makes one hit of all fingerprints of an item, one that was revised has several, if it has at least so many
// of the terms.
func (h *hits) byItem(least int) []news.Hit {
	h.order = h.order[:0]
	for i, p := range h.all {
		h.order = append(h.order, p.number<<hitBits|uint64(i))
	}
	slices.Sort(h.order)
	var out []news.Hit
	var terms []uint32 // of one hit behind those of the other
	for order := h.order; len(order) > 0; {
		n := 1
		for n < len(order) && order[n]>>hitBits == order[0]>>hitBits {
			n++
		}
		if n >= least {
			from := len(terms)
			for _, o := range order[:n] {
				terms = append(terms, h.terms[o&(1<<hitBits-1)])
			}
			slices.Sort(terms[from:])
			terms = terms[:from+len(slices.Compact(terms[from:]))]
			if len(terms)-from >= least {
				o := h.all[order[0]&(1<<hitBits-1)].hit()
				o.Terms = terms[from:len(terms):len(terms)]
				out = append(out, o)
			}
		}
		order = order[n:]
	}
	return out
}

// ItemByNumber returns the current revision of the item with that number.
func (v View) ItemByNumber(number uint64) (news.Item, bool, error) { return v.current(number) }
