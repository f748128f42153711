package store

import (
	"bytes"
	"iter"
	"time"

	"dateline/aggregator/news"
)

// What is held back is listed by its source. The list follows the items: an item stands in it while it is held and its
// text is there.

func heldKey(source string, number uint64) []byte {
	return append(windowKey(source), key8(number)...)
}

// HeldBy yields the entries that are held back of a source, in the order of their arrival.
func (v View) HeldBy(source string) iter.Seq2[news.Entry, error] {
	return func(yield func(news.Entry, error) bool) {
		for number := range v.heldNumbers(source) {
			k, found, err := v.keyOf(number)
			var e news.Entry
			if err == nil && found {
				e, found, err = v.Entry(k)
			}
			if err == nil && !found {
				continue
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
	}
}

func (v View) heldNumbers(source string) iter.Seq[uint64] {
	return func(yield func(uint64) bool) {
		prefix := windowKey(source)
		c := v.tx.Bucket(bHeld).Cursor()
		for k, _ := c.Seek(prefix); len(k) == len(prefix)+8 && bytes.HasPrefix(k, prefix); k, _ = c.Next() {
			if !yield(num8(k[len(prefix):])) {
				return
			}
		}
	}
}

// countHeld returns how many items are held back of a source, and how many of them because of an embargo; when the first of those
// ends: zero: none has a moment.
func (v View) countHeld(source string) (held, embargoed uint64, ends time.Time) {
	first := uint64(0)
	for number := range v.heldNumbers(source) {
		held++
		row := v.tx.Bucket(bHeld).Get(heldKey(source, number))
		if len(row) > 1 {
			embargoed++
		}
		if m := embargoMoment(row); m > 0 && (first == 0 || m < first) {
			first = m
		}
	}
	if first > 0 {
		ends = time.Unix(int64(first), 0).UTC()
	}
	return held, embargoed, ends
}

// listHeld lists an item that is held back, and takes one that is not off the list.
func (t *Tx) listHeld(it news.Item, number uint64) error {
	b, k := t.tx.Bucket(bHeld), heldKey(it.Source, number)
	var is []byte
	if it.Held {
		is = heldRow(it)
	}
	if err := t.listEmbargo(number, b.Get(k), is); err != nil {
		return err
	}
	if is == nil {
		return b.Delete(k)
	}
	return b.Put(k, is)
}
