package store

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"time"

	"go.etcd.io/bbolt"

	"dateline/aggregator/news"
)

// Item returns the current revision of the item named k.
func (v View) Item(k news.Key) (news.Item, bool, error) { return named(v, k, v.ItemByNumber) }

// named reads what there is of the item named k, by its number.
func named[T any](v View, k news.Key, read func(number uint64) (T, bool, error)) (is T, found bool, err error) {
	number, found, err := v.numberOf(k)
	if err != nil || !found {
		return is, false, err
	}
	return read(number)
}

// Revision returns revision n of the item named k, if it is kept.
func (v View) Revision(k news.Key, n int) (news.Item, bool, error) {
	return named(v, k, func(number uint64) (news.Item, bool, error) {
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
	})
}

// Items yields the current revision of every item, the earliest first.
func (v View) Items() iter.Seq2[news.Item, error] { return v.items(v.table(bItem).each, time.Time{}) }

// errEnough ends a walk of which no more is asked for.
var errEnough = errors.New("enough")

// sequence yields what walk gives, and then the error that it returns. give returns one where no more is asked for.
func sequence[T any](walk func(give func(T) error) error) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		err := walk(func(one T) error {
			if !yield(one, nil) {
				return errEnough
			}
			return nil
		})
		if err != nil && err != errEnough {
			var none T
			yield(none, err)
		}
	}
}

// ItemsSince yields the current revision of the items that were first seen at that time or later, in the order in which they were
// stored. It reads little else: the other items of that day.
func (v View) ItemsSince(at time.Time) iter.Seq2[news.Item, error] {
	return v.items(func(do func(k, value []byte) error) error {
		first, err := v.firstSince(at)
		if err != nil {
			return err
		}
		c := v.table(bItem).cursor()
		k, value := c.below(blockKey(first + 1)) // the block that has it
		if !isBlock(k, value) {
			k, value = c.seek(blockKey(first))
		}
		for ; isBlock(k, value); k, value = c.next() {
			if err := do(k, value); err != nil {
				return err
			}
		}
		return c.err
	}, at)
}

// items yields the current revision of the items of the rows that are blocks, and then of those that are in no block yet; of all of
// them those that were first seen at that time or later.
func (v View) items(rows func(do func(k, value []byte) error) error, since time.Time) iter.Seq2[news.Item, error] {
	return sequence(func(give func(news.Item) error) error {
		err := rows(func(k, value []byte) error {
			if !isBlock(k, value) {
				return nil
			}
			first := num8(k[1:])
			for i := range uint64(value[1]) {
				it, found, err := v.ItemByNumber(first + i)
				if err == nil && found && !it.FirstSeen.Before(since) {
					err = give(it)
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		for _, it := range v.memo.fresh.items {
			if err == nil && !it.FirstSeen.Before(since) {
				err = give(it)
			}
		}
		return err
	})
}

// firstSince returns a number from which on all items are that were first seen on the day of that time or later.
func (v View) firstSince(at time.Time) (number uint64, err error) {
	number = v.memo.totals.number + 1
	c := v.table(bFirstSeen).cursor()
	for k, value := c.seek(dayAlone(dayOf(at))); k != nil; k, value = c.next() {
		if len(value) != 8 {
			return 0, errValue
		}
		number = min(number, num8(value))
	}
	return number, c.err
}

// ItemByNumber returns the current revision of the item with that number.
func (v View) ItemByNumber(number uint64) (news.Item, bool, error) {
	if it := v.memo.fresh.get(number); it != nil {
		return *it, true, nil
	}
	h, err := v.header(number)
	if err != nil {
		return news.Item{}, false, err
	}
	if h.latest == 0 {
		return v.original(number)
	}
	key := revisionKey(number, int(h.latest))
	value, err := v.table(bItem).get(key)
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
	return v.decode(b.headers[i].key, b.items[i])
}

// single reads a revision that is stored by itself.
func (v View) single(number uint64, value []byte) (news.Item, bool, error) {
	k, found, err := v.keyOf(number)
	if err != nil || !found {
		return news.Item{}, false, err
	}
	plain, err := v.s.codec.unzipRevision(value)
	if err != nil {
		return news.Item{}, false, err
	}
	return v.decode(k, plain)
}

// revisions calls do with each revision of an item that is stored by itself, the earliest first.
func (v View) revisions(number uint64, do func(n int, value []byte) error) error {
	return v.table(bItem).under(revisionKey(number, 0)[:9], func(n, value []byte) error {
		return do(int(binary.BigEndian.Uint16(n)), value)
	})
}

// unzipRevision returns the record of a revision that is stored by itself.
func (c *codec) unzipRevision(value []byte) ([]byte, error) {
	if len(value) == 0 || value[0] != formZstd {
		return nil, errValue
	}
	return c.unzip(value[1:])
}

// decode turns a record into an item, with the description of its feed.
func (v View) decode(k news.Key, plain []byte) (news.Item, bool, error) {
	var r storedItem
	if err := v.s.codec.unmarshal(plain, &r); err != nil {
		return news.Item{}, false, err
	}
	r.Item.Key, r.Item.Entry = k, cmp.Or(r.Item.Entry, k)
	if r.FeedHash == 0 {
		return r.Item, true, nil
	}
	fr, err := v.feed(r.FeedHash)
	if err == nil && fr.Uses == 0 {
		err = v.table(bSource).damaged(feedKey(r.FeedHash), "is missing")
	}
	r.Item.Feed = fr.Feed
	r.Item.Feed.Updated = r.FeedUpdated
	return r.Item, err == nil, err
}

// PutItem stores an item: a new one, under the next number, which it returns; a new revision of a known one; or a known
// revision as it is now.
func (t *Tx) PutItem(it news.Item) (number uint64, err error) {
	o := &putItem{Item: it, Feed: it.Feed}
	err = t.change(o)
	return o.Number, err
}

type putItem struct {
	_      struct{} `cbor:",toarray"`
	Number uint64   // that the item has, or gets; 0: not known yet
	Item   news.Item
	Feed   news.Feed
}

func (o *putItem) do(t *Tx) error {
	it := o.Item
	it.Feed = o.Feed
	number, isNew, err := t.putItem(it)
	if err == nil && o.Number != 0 && o.Number != number {
		err = fmt.Errorf("it would have number %d, not %d", number, o.Number)
	}
	if err == nil && (!isNew || it.Held) {
		err = t.listHeld(it, number)
	}
	if err != nil {
		return fmt.Errorf("item %s: %w", it.Key, err)
	}
	o.Number = number
	return nil
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
		number, err = t.putNew(it)
		return number, true, err
	}
	if was := t.memo.fresh.get(number); was != nil {
		*was = it
		return number, false, nil
	}
	return number, false, t.putRevision(number, it)
}

// putNew gives an item its number. That is noted where it is the first of its day.
func (t *Tx) putNew(it news.Item) (number uint64, err error) {
	t.memo.totals.number++
	number = t.memo.totals.number
	t.memo.fresh.add(number, it)
	t.memo.fresh.addTerms(number, []uint64{keyTerm(it.Key.IdentityKey())})
	t.memo.name(it.Key, number)
	days, day := t.table(bFirstSeen), dayAlone(dayOf(it.FirstSeen))
	if noted, err := days.has(day); noted || err != nil {
		return number, err
	}
	return number, days.put(day, key8(number))
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

// maxRevisions bounds how many revisions of an item are kept besides the first: a feed that changes an
// item at every visit must not fill the disk.
const maxRevisions = 50

func (t *Tx) putRevision(number uint64, it news.Item) error {
	for _, n := range []int{it.Revision, it.Revision - maxRevisions} { // the former is only being completed
		if err := t.dropRevision(number, n); err != nil {
			return err
		}
	}
	stored, err := t.encode(it)
	if err != nil {
		return err
	}
	packed := t.s.codec.zip.EncodeAll(stored, []byte{formZstd})
	if err := t.table(bItem).filled(bbolt.DefaultFillPercent).put(revisionKey(number, it.Revision), packed); err != nil {
		return err
	}
	return t.noteRevision(number, uint16(it.Revision), it.Erased)
}

// noteRevision notes in the block of an item that a revision is stored by itself.
func (t *Tx) noteRevision(number uint64, n uint16, erased bool) error {
	b, err := t.blockRow(number)
	if err == nil && b.value == nil {
		err = fmt.Errorf("item %d: %w", number, errUnknownItem)
	}
	if err != nil {
		return err
	}
	was, err := b.header(number)
	is := header{was.key, n, erased}
	if err != nil || was.latest > n || was == is {
		return err
	}
	value := bytes.Clone(b.value)
	is.append(value[:b.headerAt(number)])
	t.memo.forget(b.first)
	return t.table(bItem).filled(0.95).put(blockKey(b.first), value)
}

// dropRevision removes a revision that is stored by itself, if there is one.
func (t *Tx) dropRevision(number uint64, n int) error {
	b := t.table(bItem)
	value, err := b.get(revisionKey(number, n))
	if value == nil {
		return err
	}
	plain, err := t.s.codec.unzipRevision(value)
	if err == nil {
		err = t.dropFeedOf(plain)
	}
	if err != nil {
		return err
	}
	return b.delete(revisionKey(number, n))
}
