package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"dateline/aggregator/news"
)

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
