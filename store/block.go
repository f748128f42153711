package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"dateline/aggregator/news"
	"dateline/store/postings"
)

// New items of one visit are kept in blocks, packed together: texts of one feed share most of their words, so that
// a block of six takes seven tenths of what six take apart, and less time. A later
// revision of an item stands by itself, under a key of its own, and the block says which is the latest: so it is seen when
// that is lost. Retention rewrites the block without the texts that are gone.

const (
	blockItems = 6        // more would pack better, and take longer to read one item of
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
	plain, err := c.raw.DecodeAll(packed, nil)
	if err != nil {
		return fmt.Errorf("%w: %w", errValue, err)
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
	if len(k) != 9 || k[0] != 0 || len(b) < 2 || number >= num8(k[1:])+uint64(b[1]) {
		return nil, nil, c.err
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
	b := v.memo.block(first)
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

// current returns the newest revision of the item with that number.
func (v View) current(number uint64) (news.Item, bool, error) {
	if it := v.memo.fresh.get(number); it != nil {
		return *it, true, nil
	}
	k, value, err := v.findBlock(number)
	if k == nil {
		return news.Item{}, false, err
	}
	_, latest, err := headerOf(value, int(number-num8(k[1:])))
	if err != nil {
		return news.Item{}, false, err
	}
	if latest == 0 {
		return v.original(number)
	}
	key := revisionKey(number, int(latest))
	value, err = v.table(bItem).get(key)
	if err == nil && value == nil {
		err = v.table(bItem).damaged(key, "is missing")
	}
	if err != nil {
		return news.Item{}, false, err
	}
	return v.single(number, value)
}

// original returns the item as its block has it: its first revision.
func (v View) original(number uint64) (news.Item, bool, error) {
	b, i, err := v.block(number)
	if err != nil || b == nil || len(b.items[i]) == 0 {
		return news.Item{}, false, err
	}
	it, err := v.decode(b.keys[i], b.items[i])
	return it, err == nil, err
}

// single reads a revision that stands by itself.
func (v View) single(number uint64, value []byte) (news.Item, bool, error) {
	k, found, err := v.keyOf(number)
	if err != nil || !found {
		return news.Item{}, false, err
	}
	if len(value) == 0 || value[0] != formZstd {
		return news.Item{}, false, errValue
	}
	plain, err := v.s.codec.raw.DecodeAll(value[1:], nil)
	if err != nil {
		return news.Item{}, false, fmt.Errorf("%w: %w", errValue, err)
	}
	it, err := v.decode(k, plain)
	return it, err == nil, err
}

// revision returns revision n of the item with that number, if it is kept.
func (v View) revision(number uint64, n int) (news.Item, bool, error) {
	if it := v.memo.fresh.get(number); it != nil {
		return *it, it.Revision == n, nil
	}
	value, err := v.table(bItem).get(revisionKey(number, n))
	if err != nil {
		return news.Item{}, false, err
	}
	if value != nil {
		return v.single(number, value)
	}
	it, found, err := v.original(number)
	return it, found && it.Revision == n, err
}

// decode turns a record into an item, with the description of its feed.
func (v View) decode(k news.Key, plain []byte) (news.Item, error) {
	var r storedItem
	if err := v.s.codec.dec.Unmarshal(plain, &r); err != nil {
		return r.Item, fmt.Errorf("%w: %w", errValue, err)
	}
	r.Item.Key = k
	if r.Item.Entry.IsZero() {
		r.Item.Entry = k
	}
	if r.FeedHash == 0 {
		return r.Item, nil
	}
	fr, err := v.feed(r.FeedHash)
	if err == nil && fr.Uses == 0 {
		err = v.table(bSource).damaged(feedKey(r.FeedHash), "is missing")
	}
	r.Item.Feed = fr.Feed
	r.Item.Feed.Updated = r.FeedUpdated
	return r.Item, err
}

// encode turns an item into a record: without its key, which the block has, without an entry that is its own, and with
// its feed's description under its hash.
func (t *Tx) encode(it news.Item) ([]byte, error) {
	hash, err := t.useFeed(it.Feed)
	if err != nil {
		return nil, err
	}
	if it.Entry == it.Key {
		it.Entry = news.Key{}
	}
	it.Key = news.Key{}
	return t.s.codec.marshal(storedItem{Item: it, FeedHash: hash, FeedUpdated: it.Feed.Updated})
}

// storedItem is an item as it is stored.
type storedItem struct {
	Item        news.Item `cbor:"1,keyasint"`
	FeedHash    uint64    `cbor:"2,keyasint,omitempty"`
	FeedUpdated time.Time `cbor:"3,keyasint,omitzero"`
}

// putItem stores an item under its number, a new one under the next. A new one is kept back until the transaction ends, since the
// new items of one visit are packed together.
func (t *Tx) putItem(it news.Item) (number uint64, isNew bool, err error) {
	number, known, err := t.numberOf(it.Key)
	if err == nil && known {
		_, known, err = t.keyOf(number) // an alias of an item that was forgotten is no item
	}
	switch {
	case err != nil:
		return 0, false, err
	case !known:
		return t.putNew(it), true, nil
	case t.memo.fresh.put(number, it):
		return number, false, nil
	}
	return number, false, t.putRevision(number, it)
}

// putNew gives an item its number.
func (t *Tx) putNew(it news.Item) (number uint64) {
	t.memo.totals.number++
	number = t.memo.totals.number
	t.memo.fresh.add(number, it)
	t.memo.fresh.addTerms(number, []uint64{keyTerm(it.Key.IdentityKey())})
	t.memo.name(it.Key, number)
	return number
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

func (t *Tx) putBlock(b *block) error {
	if len(b.keys) == 0 {
		return nil
	}
	t.memo.forget(b.first)
	return t.table(bItem).filled(0.95).put(blockKey(b.first), b.pack(t.s.codec)) // numbers only grow
}

// maxRevisions bounds how many revisions of an item are kept besides the first: a feed that changes an
// item at every visit must not fill the disk.
const maxRevisions = 50

func (t *Tx) putRevision(number uint64, it news.Item) error {
	if err := t.dropRevision(number, it.Revision); err != nil { // it is only being completed
		return err
	}
	if err := t.dropRevision(number, it.Revision-maxRevisions); err != nil {
		return err
	}
	stored, err := t.encode(it)
	if err != nil {
		return err
	}
	packed := t.s.codec.zip.EncodeAll(stored, []byte{formZstd})
	if err := t.table(bItem).filled(bbolt.DefaultFillPercent).put(revisionKey(number, it.Revision), packed); err != nil {
		return err
	}
	return t.noteRevision(number, uint16(it.Revision))
}

// noteRevision notes in the block of an item that a revision stands by itself.
func (t *Tx) noteRevision(number uint64, n uint16) error {
	k, value, err := t.findBlock(number)
	if err == nil && k == nil {
		err = fmt.Errorf("item %d: %w", number, errUnknownItem)
	}
	if err != nil {
		return err
	}
	first := num8(k[1:])
	_, latest, err := headerOf(value, int(number-first))
	if err != nil || latest >= n {
		return err
	}
	value = bytes.Clone(value)
	binary.BigEndian.PutUint16(value[2+itemHeader*int(number-first)+16:], n)
	t.memo.forget(first)
	return t.table(bItem).filled(0.95).put(blockKey(first), value)
}

// dropRevision removes a revision that stands by itself, if there is one.
func (t *Tx) dropRevision(number uint64, n int) error {
	b := t.table(bItem)
	value, err := b.get(revisionKey(number, n))
	if value == nil {
		return err
	}
	plain, err := t.s.codec.raw.DecodeAll(value[1:], nil)
	if err != nil {
		return fmt.Errorf("%w: %w", errValue, err)
	}
	if err := t.dropFeedOf(plain); err != nil {
		return err
	}
	return b.delete(revisionKey(number, n))
}

// dropFeedOf counts one reference less to the description that a record refers to.
func (t *Tx) dropFeedOf(stored []byte) error {
	var r storedItem
	if err := t.s.codec.dec.Unmarshal(stored, &r); err != nil {
		return fmt.Errorf("%w: %w", errValue, err)
	}
	return t.dropFeed(r.FeedHash)
}

// replace puts a stub in the place of an item and all its revisions; nil: nothing at all. A block of which
// nothing is left goes too.
func (t *Tx) replace(number uint64, stub *news.Item) error {
	if err := t.flush(); err != nil {
		return err
	}
	c := t.table(bItem).cursor()
	var revisions []int
	for k, _ := c.seek(revisionKey(number, 0)); isRevision(k, number); k, _ = c.next() {
		revisions = append(revisions, int(binary.BigEndian.Uint16(k[9:])))
	}
	if c.err != nil {
		return c.err
	}
	for _, n := range revisions {
		if err := t.dropRevision(number, n); err != nil {
			return err
		}
	}
	old, i, err := t.block(number)
	if err != nil || old == nil {
		return err
	}
	b := &block{first: old.first, keys: slices.Clone(old.keys), latest: slices.Clone(old.latest), items: slices.Clone(old.items)}
	b.latest[i] = 0
	if len(b.items[i]) > 0 {
		if err := t.dropFeedOf(b.items[i]); err != nil {
			return err
		}
	}
	if stub == nil {
		b.keys[i], b.items[i] = news.Key{}, nil
	} else if b.items[i], err = t.encode(*stub); err != nil {
		return err
	}
	if b.size() == 0 {
		t.memo.forget(b.first)
		return t.table(bItem).delete(blockKey(b.first))
	}
	return t.putBlock(b)
}

// memo remembers what a view has unpacked.
type memo struct {
	blocks   map[uint64]*block
	fresh    fresh            // of a transaction that writes
	postings *postings.Reader // nil: not asked for yet
	states   *states          // nil: likewise; those of a Tx are its own copy
	numbers  map[news.Key]uint64
	totals   *totals
	tables   map[string]table
}

// memoBlocks bounds how many.
const memoBlocks = 64

func (m *memo) block(first uint64) *block { return m.blocks[first] }

func (m *memo) remember(b *block) {
	if len(m.blocks) >= memoBlocks {
		clear(m.blocks)
	}
	m.blocks[b.first] = b
}

func (m *memo) forget(first uint64) { delete(m.blocks, first) }
