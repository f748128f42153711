package store

import "time"

// segments drops those of which nothing is asked for any more.
func (u *pruner) segments(v View) error {
	for _, x := range indexes {
		keys, n, err := u.past(v, x)
		if err != nil {
			return err
		}
		for _, k := range keys {
			if err := v.dropSegment(x, k); err != nil {
				return err
			}
		}
		u.done.Fingerprints += n
	}
	return nil
}

// past returns the keys of the segments to drop, and how many fingerprints they have. Prints are compared with for as long as
// Retention.Fingerprints says; what an item is searched for by goes with its text.
func (u *pruner) past(v View, x *index) (keys [][]byte, fingerprints int, err error) {
	switch {
	case x == stems:
		return v.past(x, u.now.Add(-u.r.Text), func(s *segment) (bool, error) { return u.textless(v, s) })
	case u.r.Fingerprints > 0:
		return v.past(x, u.now.Add(-u.r.Fingerprints), nil)
	}
	return nil, 0, nil
}

// textless reports whether no item of a segment has a text any more. Items that have not left their feed keep it.
func (u *pruner) textless(v View, s *segment) (bool, error) {
	kept := dayOf(u.now.Add(-u.r.Text))
	for place := range len(s.items) / itemBytes {
		p, err := s.posting(uint16(place))
		if err != nil {
			return false, err
		}
		k, found, err := v.keyOf(p.number)
		if err != nil {
			return false, err
		}
		if !found {
			continue
		}
		c, err := v.identity(k.IdentityKey())
		if err != nil || c.departed == 0 || c.departed > kept {
			return false, err
		}
	}
	return true, nil
}

// past returns the keys of the segments of an index whose last print was seen before that time, the oldest first, and
// how many fingerprints they have: those of which gone, where it is not nil, says that they may be dropped.
func (v View) past(x *index, before time.Time, gone func(*segment) (bool, error)) (keys [][]byte, fingerprints int, err error) {
	b := v.tx.Bucket(x.bucket)
	if b == nil {
		return nil, 0, nil
	}
	c := b.Cursor()
	for k, _ := c.Seek([]byte{kSegment}); len(k) == 9 && k[0] == kSegment; k, _ = c.Next() {
		s, err := openSegment(k, b.Bucket(k))
		if err != nil || s.until >= before.Unix() { // the later ones end later
			return keys, fingerprints, err
		}
		drop := true
		if gone != nil {
			if drop, err = gone(s); err != nil {
				return nil, 0, err
			}
		}
		if drop {
			keys, fingerprints = append(keys, s.key), fingerprints+len(s.items)/itemBytes
		}
	}
	return keys, fingerprints, nil
}

// dropSegment removes a segment, and what it has from the counters.
func (v View) dropSegment(x *index, key []byte) error {
	root := v.tx.Bucket(x.bucket)
	if x.counted {
		s, err := openSegment(key, root.Bucket(key))
		if err != nil {
			return err
		}
		counts, err := s.counts()
		if err != nil {
			return err
		}
		for m, n := range counts {
			counts[m] = -n
		}
		if err := v.count(x, counts, -len(s.items)/itemBytes); err != nil {
			return err
		}
	}
	return root.DeleteBucket(key)
}
