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
// revision of an item is stored by itself, under a key of its own, and the block says which is the latest: so it is seen when
// that is lost. Retention rewrites the block without the texts that are gone, and joins blocks in which there is none.

const (
	blockItems = 10       // more would take longer to read one item of
	blockBytes = 32 << 10 // before packing; an item alone may be larger

	// Of items without texts there are as many in a block as its count can say, and its page has room for behind its head, that of the
	// row, the key and the sum.
	joinedItems = 255
	joinedBytes = pageSize - 64
)

// block is some items with consecutive numbers. Its value is a form byte, their count, a header for each (so that it can be had
// without unpacking), and all records, each after its length, packed.
type block struct {
	first   uint64
	headers []header
	items   [][]byte // an empty one: forgotten
}

// header is what a block says of an item: its key, 16 bytes, the number of its latest revision that is stored by itself, 2, and 1 where its
// text is gone.
type header struct {
	key    news.Key // zero: it was forgotten
	latest uint16   // 0: no revision is stored by itself
	erased bool
}

const headerBytes = 16 + 2 + 1

func (h header) append(b []byte) []byte {
	b = binary.BigEndian.AppendUint16(append(b, h.key[:]...), h.latest)
	if h.erased {
		return append(b, 1)
	}
	return append(b, 0)
}

func (r *reader) header() header {
	return header{r.key(), binary.BigEndian.Uint16(r.Take(2)), r.Byte() == 1}
}

// blockRow is a block as it is stored.
type blockRow struct {
	first uint64
	value []byte // nil: none
}

func (b blockRow) has(number uint64) bool {
	return b.value != nil && number >= b.first && number-b.first < uint64(b.value[1])
}

// headerAt returns where the header of an item is in the value.
func (b blockRow) headerAt(number uint64) int { return 2 + headerBytes*int(number-b.first) }

func (b blockRow) header(number uint64) (header, error) {
	r := reader{postings.Decoder{Rest: b.value}}
	r.Take(b.headerAt(number))
	h := r.header()
	return h, r.err()
}

func (b *block) pack(c *codec) []byte {
	v := append(make([]byte, 0, 2+headerBytes*len(b.headers)), formBlock, byte(len(b.headers)))
	for _, h := range b.headers {
		v = h.append(v)
	}
	plain := make([]byte, 0, b.size()+binary.MaxVarintLen32*len(b.headers))
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

// readHeaders reads the headers of a block's value and returns the packed rest.
func (b *block) readHeaders(v []byte) (packed []byte, err error) {
	r := read(v, formBlock)
	for range r.Byte() {
		b.headers = append(b.headers, r.header())
	}
	return r.Rest, r.err()
}

func (b *block) unpack(c *codec, v []byte) error {
	packed, err := b.readHeaders(v)
	if err != nil {
		return err
	}
	plain, err := c.unzip(packed)
	if err != nil {
		return err
	}
	r := reader{postings.Decoder{Rest: plain}}
	for range b.headers {
		b.items = append(b.items, r.Bytes())
	}
	return r.err()
}

// blockRow returns the block that number belongs to as it is stored; the zero one: none does. Items that are asked for one after the
// other are in few blocks: the last is remembered.
func (v View) blockRow(number uint64) (blockRow, error) {
	if v.memo.last.has(number) {
		return v.memo.last, nil
	}
	c := v.table(bItem).cursor()
	k, value := c.below(blockKey(number + 1))
	if !isBlock(k, value) {
		return blockRow{}, c.err
	}
	b := blockRow{num8(k[1:]), value}
	switch {
	case number < b.first: // bbolt goes through a page that has another number of elements than it says
		return blockRow{}, c.damaged(k, "is not in its place")
	case !b.has(number):
		return blockRow{}, nil
	}
	v.memo.last = b
	return b, nil
}

// block reads the block that number belongs to, and the item's place in it. Blocks read before in this view
// are remembered.
func (v View) block(number uint64) (*block, int, error) {
	row, err := v.blockRow(number)
	if row.value == nil {
		return nil, 0, err
	}
	b := v.memo.blocks[row.first]
	if b == nil {
		b = &block{first: row.first}
		if err := b.unpack(v.s.codec, row.value); err != nil {
			return nil, 0, fmt.Errorf("items from number %d: %w", row.first, err)
		}
		remember(v.memo.blocks, memoBlocks, row.first, b)
	}
	return b, int(number - row.first), nil
}

// header returns the header of the item with that number; a zero one: it was forgotten.
func (v View) header(number uint64) (header, error) {
	if it := v.memo.fresh.get(number); it != nil {
		return header{key: it.Key}, nil
	}
	b, err := v.blockRow(number)
	if b.value == nil {
		return header{}, err
	}
	return b.header(number)
}

// keyOf returns the key of the item with that number; found is false for one that was forgotten.
func (v View) keyOf(number uint64) (k news.Key, found bool, err error) {
	h, err := v.header(number)
	return h.key, err == nil && !h.key.IsZero(), err
}

func (t *Tx) putBlock(b *block) error {
	t.memo.forget(b.first)
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
		if n := len(b.headers); n > 0 && (n == size || b.size()+len(stored) > blockBytes) {
			if err := t.putBlock(b); err != nil {
				return err
			}
			b, size = &block{first: b.first + uint64(n)}, blockSize(len(f.items)-i)
		}
		b.headers, b.items = append(b.headers, header{key: it.Key, erased: it.Erased}), append(b.items, stored)
	}
	f.items, f.terms, f.byTerm = nil, nil, nil
	return t.putBlock(b)
}
