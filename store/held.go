package store

import (
	"bytes"
	"iter"

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

// countHeld returns how many items are held back of a source.
func (v View) countHeld(source string) (n uint64) {
	for range v.heldNumbers(source) {
		n++
	}
	return n
}

// listHeld lists an item that is held back, and takes one that is not off the list.
func (t *Tx) listHeld(it news.Item, number uint64) error {
	b := t.tx.Bucket(bHeld)
	if it.Held {
		return b.Put(heldKey(it.Source, number), []byte{formPlain})
	}
	return b.Delete(heldKey(it.Source, number))
}
