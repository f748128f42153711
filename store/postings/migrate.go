package postings

import "slices"

// AddGroups gives the heads of segments that were written before there were groups of them their fields: they are in none. It returns
// a [*DamageError], or an error of bbolt.
func (w *Writer) AddGroups() error {
	all := w.segmentBucket()
	if all == nil {
		return nil
	}
	var keys [][]byte
	c := all.Cursor()
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		keys = append(keys, slices.Clone(k))
	}
	for _, k := range keys {
		b := all.Bucket(k)
		if b == nil {
			return &DamageError{w.set.name + " segment " + hex(k), "is no bucket"}
		}
		value, ok := withGroup(b.Get(kHead), w.segmentSeed(k))
		if !ok {
			return &DamageError{w.set.name + " segment " + hex(k), "has an unreadable head"}
		}
		if err := w.put(b, kHead, value); err != nil {
			return err
		}
	}
	return nil
}

// withGroup returns a head of before there were groups with the fields of none, before its newest minute.
func withGroup(stored []byte, seed uint32) ([]byte, bool) {
	value, ok := WithoutSum(seed, kHead, stored)
	if !ok {
		return nil, false
	}
	d := Decoder{Rest: value}
	d.Begins(format)
	d.Byte()
	d.Byte()
	for range 7 { // up to the highest ID
		d.Uvarint()
	}
	at := len(value) - len(d.Rest)
	return WithSum(seed, kHead, slices.Concat(value[:at], []byte{0, 0}, d.Rest)), !d.Bad
}
