package store

import (
	"bytes"
	"encoding/binary"
	"slices"

	"dateline/aggregator/news"
)

// erase leaves of an item what it is recognised by: of its text and credits nothing is kept, in any revision.
// What was held back is so no more: nothing is left that could be released.
func (v View) erase(number uint64, identityKeys func(news.Item) []news.IdentityKey) error {
	it, found, err := v.current(number)
	if err != nil || !found {
		return err
	}
	if e, found, err := v.Entry(it.Entry); err != nil {
		return err
	} else if found {
		if err := v.putEntry(e); err != nil { // it has changed
			return err
		}
	}
	stub := news.Item{
		Key: it.Key, Source: it.Source, Entry: it.Entry, FirstSeen: it.FirstSeen, Revised: it.Revised, Revision: it.Revision,
		Published: it.Published, Language: it.Language, // of the notice that may stand in its place
		Hash: it.Hash, Withdrawn: it.Withdrawn, Withdrawal: it.Withdrawal, Erased: true, IdentityKeys: it.IdentityKeys,
	}
	if !it.Erased {
		stub.IdentityKeys = identityKeys(it)
	}
	if err := v.listHeld(stub); err != nil {
		return err
	}
	return v.replace(number, &stub)
}

// eraseAll destroys texts at an editor's word, and what they were found by. Retention leaves prints alone: they end by
// themselves, and long before.
func (v View) eraseAll(all []Erasure) error {
	if len(all) == 0 {
		return nil
	}
	gone := map[uint64]bool{}
	for _, e := range all {
		number, err := v.mustNumber(e.Item)
		if err != nil {
			return err
		}
		if err := v.erase(number, func(news.Item) []news.IdentityKey { return e.IdentityKeys }); err != nil {
			return err
		}
		gone[number] = true
	}
	return v.dropFingerprints(gone)
}

// dropFingerprints takes the fingerprints of items out of the tails and out of the segments that have some.
func (v View) dropFingerprints(gone map[uint64]bool) error {
	for _, x := range indexes {
		if v.tx.Bucket(x.bucket) == nil {
			continue
		}
		if err := v.dropFromMemtable(x, gone); err != nil {
			return err
		}
		var all []*segment // a cursor does not outlive a change
		for s, err := range v.segments(x) {
			if err != nil {
				return err
			}
			all = append(all, s)
		}
		for _, s := range all {
			if err := v.dropFromSegment(x, s, gone); err != nil {
				return err
			}
		}
		v.memo.segments[x.at] = nil
	}
	return nil
}

func (v View) dropFromMemtable(x *index, gone map[uint64]bool) error {
	root := v.tx.Bucket(x.bucket)
	b := root.Bucket(kMemtable)
	if b == nil {
		return nil
	}
	rows := map[string][]byte{}
	err := b.ForEach(func(k, row []byte) error {
		kept, err := rowWithout(row, gone)
		if err == nil && !bytes.Equal(kept, row) {
			rows[string(k)] = kept
		}
		return err
	})
	if err != nil {
		return err
	}
	for k, row := range rows {
		if err := b.Put([]byte(k), row); err != nil {
			return err
		}
	}
	_, err = root.NextSequence() // the memtable is another one now: what is in memory of it is read anew
	return err
}

// rowWithout returns a row of the memtable without some items.
func rowWithout(row []byte, gone map[uint64]bool) ([]byte, error) {
	r := reader{b: row}
	r.form(formPlain)
	r.string()
	r.varint()
	kept := slices.Clone(row[:len(row)-len(r.b)])
	for !r.done() {
		begin := r.b
		number := r.uvarint()
		r.varint()
		for range min(r.uvarint(), uint64(len(r.b))) {
			r.uvarint()
		}
		if r.err == nil && !gone[number] {
			kept = append(kept, begin[:len(begin)-len(r.b)]...)
		}
	}
	return kept, r.err
}

// dropFromSegment rewrites the blocks of a segment that hold postings of the items. Their places stay, and stand for
// nothing.
func (v View) dropFromSegment(x *index, s *segment, gone map[uint64]bool) error {
	places := map[uint16]bool{}
	for place := range len(s.items) / itemBytes {
		p, err := s.posting(uint16(place))
		if err != nil {
			return err
		}
		if gone[p.number] {
			places[uint16(place)] = true
		}
	}
	if len(places) == 0 {
		return nil
	}
	counts := map[uint32]int{}
	var blocks []*postings
	c := s.bucket.Cursor()
	for k, value := c.Seek([]byte{'p'}); len(k) == 5 && k[0] == 'p'; k, value = c.Next() {
		from, n := binary.BigEndian.Uint32(k[1:]), 0
		kept := newPostings(from)
		err := eachPosting(from, value, func(term uint32, place uint16) bool {
			if n++; !places[place] {
				kept.add(term, place)
			} else {
				counts[term]--
			}
			return true
		})
		if err != nil {
			return err
		}
		if kept.n < n {
			blocks = append(blocks, kept)
		}
	}
	for _, p := range blocks {
		if err := s.bucket.Put(postKey(p.from), p.packed); err != nil {
			return err
		}
	}
	if !x.counted {
		return nil
	}
	return v.count(x, counts, 0)
}
