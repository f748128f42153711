package store

import (
	"fmt"
	"slices"

	"dateline/aggregator/news"
	"dateline/store/postings"
)

// flush writes the new items that were kept back, in blocks, and their keys.
func (t *Tx) flush() error {
	f := &t.memo.fresh
	if len(f.items) == 0 {
		return nil
	}
	var keys []postings.Posting
	for i, terms := range f.terms {
		slices.Sort(terms)
		keys = append(keys, keyPosting(f.first+uint64(i), slices.Compact(terms)))
	}
	if err := t.addPostings(keys...); err != nil {
		return err
	}
	b := &block{first: f.first}
	for _, it := range f.items {
		stored, err := t.encode(it)
		if err != nil {
			return fmt.Errorf("item %s: %w", it.Key, err)
		}
		if n := len(b.keys); n > 0 && (n == blockItems || b.size()+len(stored) > blockBytes) {
			if err := t.putBlock(b); err != nil {
				return err
			}
			b = &block{first: b.first + uint64(n)}
		}
		b.keys, b.latest, b.items = append(b.keys, it.Key), append(b.latest, 0), append(b.items, stored)
	}
	f.items, f.terms, f.byTerm = nil, nil, nil
	return t.putBlock(b)
}

// fresh is new items of a transaction that are not written yet: they have consecutive numbers from first on.
type fresh struct {
	first  uint64
	items  []news.Item
	terms  [][]uint64          // of each item: of its keys
	byTerm map[uint64][]uint64 // numbers of the items that have the term, ascending
}

func (f *fresh) add(number uint64, it news.Item) {
	if len(f.items) == 0 {
		f.first = number
	}
	f.items, f.terms = append(f.items, it), append(f.terms, nil)
}

// addTerms adds to the terms of an item, if it is among them.
func (f *fresh) addTerms(number uint64, terms []uint64) (done bool) {
	if f.get(number) == nil {
		return false
	}
	if f.byTerm == nil {
		f.byTerm = map[uint64][]uint64{}
	}
	f.terms[number-f.first] = append(f.terms[number-f.first], terms...)
	for _, term := range terms {
		of := f.byTerm[term]
		at, _ := slices.BinarySearch(of, number)
		f.byTerm[term] = slices.Insert(of, at, number)
	}
	return true
}

func (f *fresh) withTerm(term uint64) []uint64 { return f.byTerm[term] }

// get returns the item with that number; nil: it is not among them.
func (f *fresh) get(number uint64) *news.Item {
	if i := number - f.first; i < uint64(len(f.items)) {
		return &f.items[i]
	}
	return nil
}

// put takes an item in place of the one with that number, if there is one.
func (f *fresh) put(number uint64, it news.Item) (done bool) {
	was := f.get(number)
	if was != nil {
		*was = it
	}
	return was != nil
}
