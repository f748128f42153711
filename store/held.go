package store

import (
	"cmp"
	"iter"
	"time"

	"dateline/aggregator/news"
)

// What is held back is listed by its source. The list follows the items: an item is in it while it is held and its
// text is there.

func heldKey(source string, number uint64) []byte { return append(windowKey(source), key8(number)...) }

// HeldBy yields the entries that are held back of a source, in the order of their arrival.
func (v View) HeldBy(source string) iter.Seq2[news.Entry, error] {
	return sequence(func(give func(news.Entry) error) error {
		return v.eachHeld(source, func(number uint64, _ []byte) error {
			e, found, err := v.entryOf(number)
			if err != nil || !found {
				return err
			}
			return give(e)
		})
	})
}

// eachHeld calls do with the items that are held back of a source and their rows on the list, until it returns an error.
func (v View) eachHeld(source string, do func(number uint64, row []byte) error) error {
	return v.table(bHeld).under(windowKey(source), func(number, row []byte) error { return do(num8(number), row) })
}

// countHeld counts in a state the items that are held back of its source, and those of them that are under an embargo; and sets when
// the first of those ends; zero: none has a moment.
func (v View) countHeld(source string, st *news.State) error {
	first := uint64(0)
	err := v.eachHeld(source, func(_ uint64, row []byte) error {
		st.Held++
		if len(row) > 1 {
			st.Embargoed++
		}
		if m := embargoMoment(row); m > 0 && (first == 0 || m < first) {
			first = m
		}
		return nil
	})
	if first > 0 {
		st.EmbargoEnds = time.Unix(int64(first), 0).UTC()
	}
	return err
}

// listHeld lists an item that is held back, and takes one that is not off the list.
func (t *Tx) listHeld(it news.Item, number uint64) error {
	held, embargoes, k := t.table(bHeld), t.table(bEmbargo), heldKey(it.Source, number)
	was, err := held.get(k)
	if m := embargoMoment(was); m > 0 {
		err = embargoes.delete(embargoKey(m, number))
	}
	switch {
	case err != nil:
		return err
	case !it.Held:
		return held.delete(k)
	}
	is := heldRow(it)
	if m := embargoMoment(is); m > 0 {
		err = embargoes.put(embargoKey(m, number), nil)
	}
	return cmp.Or(err, held.put(k, is))
}

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
