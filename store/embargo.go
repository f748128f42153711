package store

import (
	"time"

	"dateline/aggregator/news"
)

// What is under an embargo with a moment is listed by that moment besides: bucket embargo. The value of the item's row in the list of
// what is held names the moment, so that the row here is found again.

// heldRow is the value of an item on the list of what is held.
func heldRow(it news.Item) []byte {
	if !it.UnderEmbargo() {
		return []byte{formPlain}
	}
	moment := uint64(0)
	if u := it.Embargo.Until; !u.IsZero() {
		moment = uint64(max(u.Unix(), 1))
	}
	return append([]byte{formPlain}, key8(moment)...)
}

// embargoMoment returns the moment that the value of a row names; 0: none.
func embargoMoment(row []byte) uint64 {
	if len(row) != 9 {
		return 0
	}
	return num8(row[1:])
}

func embargoKey(moment, number uint64) []byte { return append(key8(moment), key8(number)...) }

// listEmbargo replaces the row of an item by one that fits its row on the list of what is held; nil: it is not on that.
func (t *Tx) listEmbargo(number uint64, was, is []byte) error {
	b := t.table(bEmbargo)
	if m := embargoMoment(was); m > 0 && m != embargoMoment(is) {
		if err := b.delete(embargoKey(m, number)); err != nil {
			return err
		}
	}
	if m := embargoMoment(is); m > 0 {
		return b.put(embargoKey(m, number), nil)
	}
	return nil
}

// EmbargoesEnding returns at most limit items whose embargo ends at a time or before, the earliest first, and the moment at which the
// next one after them ends; zero: there is none.
func (v View) EmbargoesEnding(at time.Time, limit int) (due []news.Key, next time.Time, err error) {
	c := v.table(bEmbargo).cursor()
	for k, _ := c.first(); len(k) == 16; k, _ = c.next() {
		moment := time.Unix(int64(num8(k)), 0).UTC()
		if moment.After(at) || len(due) == limit {
			return due, moment, nil
		}
		key, found, err := v.keyOf(num8(k[8:]))
		if err != nil {
			return due, next, err
		}
		if found {
			due = append(due, key)
		}
	}
	return due, next, c.err
}
