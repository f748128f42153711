package store

import (
	"encoding/binary"
	"fmt"
	"slices"

	"dateline/aggregator/news"
	"dateline/store/postings"
)

// New items of one visit are kept in blocks of about the same size, packed together: texts of one feed share most of their words, and a
// block leaves up to a page empty. At 50 items of 1.4 KB in a visit, blocks of ten take 821 bytes an item, of six 1,026. A later
// revision of an item stands by itself, under a key of its own, and the block says which is the latest: so it is seen when
// that is lost. Retention rewrites the block without the texts that are gone.

const (
	blockItems = 10       // more would take longer to read one item of
	blockBytes = 32 << 10 // before packing; an item alone may be larger
)

// block is some items with consecutive numbers. Its value is a form byte, their count, a header for each (so that it can be had
// without unpacking), and all records, each after its length, packed. A header is the item's key, 16 bytes, and the number of its
// latest revision that stands by itself, 2.
type block struct {
	first  uint64
	keys   []news.Key // a zero one: forgotten
	latest []uint16   // 0: no revision stands by itself
	items  [][]byte   // an empty one: forgotten
}

const itemHeader = 16 + 2

// headerOf returns the header of an item in the value of a block.
func headerOf(value []byte, place int) (k news.Key, latest uint16, err error) {
	at := 2 + itemHeader*place
	if len(value) < at+itemHeader {
		return k, 0, errValue
	}
	return news.Key(value[at : at+16]), binary.BigEndian.Uint16(value[at+16:]), nil
}

func (b *block) pack(c *codec) []byte {
	v := append(make([]byte, 0, 2+itemHeader*len(b.keys)), formBlock, byte(len(b.keys)))
	for i, k := range b.keys {
		v = binary.BigEndian.AppendUint16(append(v, k[:]...), b.latest[i])
	}
	plain := make([]byte, 0, b.size()+binary.MaxVarintLen32*len(b.keys))
	for _, r := range b.items {
		plain = append(binary.AppendUvarint(plain, uint64(len(r))), r...)
	}
	return c.zip.EncodeAll(plain, v)
}

func (b *block) size() (n int) {
	for _, r := range b.items {
		n += len(r)
	}
	return n
}

// header reads the headers of a block's value and returns the packed rest.
func (b *block) header(v []byte) (packed []byte, err error) {
	r := reader{b: v}
	r.form(formBlock)
	for range r.byte() {
		b.keys = append(b.keys, news.Key(r.next(16)))
		b.latest = append(b.latest, binary.BigEndian.Uint16(r.next(2)))
	}
	return r.b, r.err
}

func (b *block) unpack(c *codec, v []byte) error {
	packed, err := b.header(v)
	if err != nil {
		return err
	}
	plain, err := c.unzip(packed)
	if err != nil {
		return err
	}
	r := reader{b: plain}
	for range b.keys {
		b.items = append(b.items, r.bytes())
	}
	return r.err
}

// findBlock returns the key and the value of the block that number belongs to; nil: none does.
func (v View) findBlock(number uint64) (key, value []byte, err error) {
	c := v.table(bItem).cursor()
	k, b := c.below(blockKey(number + 1))
	switch {
	case !isBlock(k, b) || number >= num8(k[1:])+uint64(b[1]):
		return nil, nil, c.err
	case number < num8(k[1:]): // bbolt goes through a page that has another number of elements than it says
		return nil, nil, c.damaged(k, "is not in its place")
	}
	return k, b, nil
}

// block reads the block that number belongs to, and the item's place in it. Blocks read before in this view
// are remembered.
func (v View) block(number uint64) (*block, int, error) {
	k, value, err := v.findBlock(number)
	if k == nil {
		return nil, 0, err
	}
	first := num8(k[1:])
	b := v.memo.blocks[first]
	if b == nil {
		b = &block{first: first}
		if err := b.unpack(v.s.codec, value); err != nil {
			return nil, 0, fmt.Errorf("items from number %d: %w", first, err)
		}
		v.memo.remember(b)
	}
	return b, int(number - first), nil
}

// keyOf returns the key of the item with that number; found is false for one that was forgotten.
func (v View) keyOf(number uint64) (k news.Key, found bool, err error) {
	var b blockKeys
	return b.of(v, number)
}

// blockKeys is the block that a key was looked for in last: items that stand in one document have their keys in few.
type blockKeys struct {
	first uint64
	value []byte // nil: none
}

// of returns the key of the item with that number; found is false for one that was forgotten.
func (b *blockKeys) of(v View, number uint64) (k news.Key, found bool, err error) {
	if it := v.memo.fresh.get(number); it != nil {
		return it.Key, true, nil
	}
	if b.value == nil || number-b.first >= uint64(b.value[1]) {
		key, value, err := v.findBlock(number)
		if key == nil {
			return k, false, err
		}
		b.first, b.value = num8(key[1:]), value
	}
	k, _, err = headerOf(b.value, int(number-b.first))
	return k, err == nil && !k.IsZero(), err
}

func (t *Tx) putBlock(b *block) error {
	if len(b.keys) == 0 {
		return nil
	}
	delete(t.memo.blocks, b.first)
	return t.table(bItem).filled(0.95).put(blockKey(b.first), b.pack(t.s.codec)) // numbers only grow
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

// get returns the item with that number; nil: it is not among them.
func (f *fresh) get(number uint64) *news.Item {
	if i := number - f.first; i < uint64(len(f.items)) {
		return &f.items[i]
	}
	return nil
}

// each yields the items until no more are asked for.
func (f *fresh) each(yield func(news.Item, error) bool) {
	for _, it := range f.items {
		if !yield(it, nil) {
			return
		}
	}
}

// put takes an item in place of the one with that number, if there is one.
func (f *fresh) put(number uint64, it news.Item) (done bool) {
	was := f.get(number)
	if was != nil {
		*was = it
	}
	return was != nil
}

// blockSize returns how many of n items the next block holds, so that all blocks have about the same size.
func blockSize(n int) int {
	blocks := (n + blockItems - 1) / blockItems
	return (n + blocks - 1) / blocks
}

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
	b, size := &block{first: f.first}, blockSize(len(f.items))
	for i, it := range f.items {
		stored, err := t.encode(it)
		if err != nil {
			return fmt.Errorf("item %s: %w", it.Key, err)
		}
		if n := len(b.keys); n > 0 && (n == size || b.size()+len(stored) > blockBytes) {
			if err := t.putBlock(b); err != nil {
				return err
			}
			b, size = &block{first: b.first + uint64(n)}, blockSize(len(f.items)-i)
		}
		b.keys, b.latest, b.items = append(b.keys, it.Key), append(b.latest, 0), append(b.items, stored)
	}
	f.items, f.terms, f.byTerm = nil, nil, nil
	return t.putBlock(b)
}
