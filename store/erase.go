package store

import (
	"bytes"
	"encoding/binary"
	"slices"

	"dateline/aggregator/news"
)

// erase leaves of an item what it is recognised by: of its text and credits nothing is kept, in any revision.
func (v View) erase(number uint64, claims func(news.Item) []news.Claim) error {
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
		Hash: it.Hash, Held: it.Held, Withdrawn: it.Withdrawn, Withdrawal: it.Withdrawal, Erased: true, Claims: it.Claims,
	}
	if !it.Erased {
		stub.Claims = claims(it)
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
		if err := v.erase(number, func(news.Item) []news.Claim { return e.Claims }); err != nil {
			return err
		}
		gone[number] = true
	}
	return v.dropPrints(gone)
}

// dropPrints takes the prints of items out of the tail and out of the segments that have some.
func (v View) dropPrints(gone map[uint64]bool) error {
	if v.tx.Bucket(bPrint) == nil {
		return nil
	}
	if err := v.dropFromTail(gone); err != nil {
		return err
	}
	segments, err := v.segments()
	if err != nil {
		return err
	}
	for _, s := range segments {
		if err := s.drop(gone); err != nil {
			return err
		}
	}
	v.memo.segments, v.memo.opened = nil, false
	return nil
}

func (v View) dropFromTail(gone map[uint64]bool) error {
	b := v.tx.Bucket(bPrint).Bucket(kTail)
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
	v.s.tail = nil // it is read anew
	return nil
}

// rowWithout returns a row of the tail without some items.
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

// drop rewrites the blocks of a segment that hold postings of the items. Their places stay, and stand for nothing.
func (s *segment) drop(gone map[uint64]bool) error {
	places := map[uint16]bool{}
	for place := range len(s.items) / itemBytes {
		p, err := s.printed(place)
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
	var blocks [][2][]byte
	c := s.bucket.Cursor()
	for k, value := c.Seek([]byte{'p'}); len(k) == 5 && k[0] == 'p'; k, value = c.Next() {
		from := binary.BigEndian.Uint32(k[1:])
		all, err := unpackPostings(from, value)
		if err != nil {
			return err
		}
		n := len(all)
		if all = slices.DeleteFunc(all, func(p posting) bool { return places[p.place] }); len(all) < n {
			blocks = append(blocks, [2][]byte{bytes.Clone(k), packPostings(from, all)})
		}
	}
	for _, kv := range blocks { // a cursor does not outlive a change
		if err := s.bucket.Put(kv[0], kv[1]); err != nil {
			return err
		}
	}
	return nil
}
