package store

import (
	"encoding/binary"
	"fmt"
	"time"
)

// An item is last seen on the day it leaves its feed, not on each day that it is there: the many visits that bring nothing
// write no day (aggregator/notes/why-leaving-is-last-seen.md). All that leave with one update are one row, behind that of the update
// before: a row for each would be in a page that no other item of the visit is in. An item that comes back stays in that row, and its last
// day is noted elsewhere.

// dayOf counts days from 1970-01-01 UTC, the first being 1, so that 0 says "still there".
func dayOf(t time.Time) uint32 {
	if t.Unix() < 0 {
		return 1
	}
	return uint32(t.Unix()/86400) + 1
}

// noteExpiry has what of items expire by the day on which they left their feeds.
func (t *Tx) noteExpiry(what byte, day uint32, numbers ...uint64) error {
	if len(numbers) == 0 {
		return nil
	}
	days, returned := t.table(bExpiry).filled(1), t.table(bReturned)
	k := expiryKey(what, day, t.Seq())
	row, err := days.get(k)
	if row == nil {
		row = []byte{formPlain}
	}
	for _, n := range numbers {
		row = binary.AppendUvarint(row, n)
		back := false
		if err == nil {
			back, err = returned.has(key8(n))
		}
		if err == nil && back {
			err = returned.put(key8(n), dayAlone(day))
		}
	}
	if err != nil {
		return err
	}
	return days.put(k, row)
}

// leftOn reports whether the day on which an item left its feed is the last on which it did, and whether it is gone still.
func (v View) leftOn(day uint32, number uint64) (bool, error) {
	last, err := v.table(bReturned).get(key8(number))
	if last == nil {
		return err == nil, err
	}
	if len(last) != 4 {
		return false, fmt.Errorf("item %d: day of departure: %w", number, errValue)
	}
	return binary.BigEndian.Uint32(last) == day, nil
}

// readExpiring reads a row of bucket expiry: the numbers of the items that left on a day.
func readExpiring(k, value []byte) (day uint32, numbers []uint64, err error) {
	if len(k) != 13 || k[0] > expireKeys {
		return 0, nil, fmt.Errorf("expiry %x: %w", k, errValue)
	}
	r := read(value, formPlain)
	for !r.Done() {
		numbers = append(numbers, r.Uvarint())
	}
	return binary.BigEndian.Uint32(k[1:]), numbers, r.err()
}

// dropExpiry removes the first items of a row of bucket expiry.
type dropExpiry struct {
	_   struct{} `cbor:",toarray"`
	Row []byte   // its key
	N   int
}

func (o *dropExpiry) do(t *Tx) error {
	days := t.table(bExpiry)
	value, err := days.get(o.Row)
	if err != nil {
		return err
	}
	_, numbers, err := readExpiring(o.Row, value)
	switch {
	case err != nil:
		return err
	case o.N >= len(numbers):
		return days.delete(o.Row)
	}
	rest := []byte{formPlain}
	for _, n := range numbers[o.N:] {
		rest = binary.AppendUvarint(rest, n)
	}
	return days.put(o.Row, rest)
}
