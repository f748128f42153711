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
		for number, err := range v.heldNumbers(source) {
			var k news.Key
			var e news.Entry
			found := false
			if err == nil {
				k, found, err = v.keyOf(number)
			}
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

func (v View) heldNumbers(source string) iter.Seq2[uint64, error] {
	return func(yield func(uint64, error) bool) {
		prefix := windowKey(source)
		c := v.table(bHeld).cursor()
		for k, _ := c.seek(prefix); len(k) == len(prefix)+8 && bytes.HasPrefix(k, prefix); k, _ = c.next() {
			if !yield(num8(k[len(prefix):]), nil) {
				return
			}
		}
		if c.err != nil {
			yield(0, c.err)
		}
	}
}

// countHeld counts in a state the items that are held back of its source, and those of them that are under an embargo; and sets when
// the first of those ends; zero: none has a moment.
func (v View) countHeld(source string, st *news.State) error {
	first := uint64(0)
	for number, err := range v.heldNumbers(source) {
		if err != nil {
			return err
		}
		st.Held++
		row, err := v.table(bHeld).get(heldKey(source, number))
		if err != nil {
			return err
		}
		if len(row) > 1 {
			st.Embargoed++
		}
		if m := embargoMoment(row); m > 0 && (first == 0 || m < first) {
			first = m
		}
	}
	if first > 0 {
		st.EmbargoEnds = time.Unix(int64(first), 0).UTC()
	}
	return nil
}

// listHeld lists an item that is held back, and takes one that is not off the list.
func (t *Tx) listHeld(it news.Item, number uint64) error {
	b, k := t.table(bHeld), heldKey(it.Source, number)
	was, err := b.get(k)
	if err != nil {
		return err
	}
	var is []byte
	if it.Held {
		is = heldRow(it)
	}
	if err := t.listEmbargo(number, was, is); err != nil {
		return err
	}
	if is == nil {
		return b.delete(k)
	}
	return b.put(k, is)
}
