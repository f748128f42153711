package postings

import "slices"

// Remove removes the documents of an index that have one of the IDs, from the memtable and from segments, each of which is rewritten
// where it holds one. It returns how many there were.
func (w *Writer) Remove(index int, ids ...uint64) (docs int, err error) {
	if len(ids) == 0 {
		return 0, nil
	}
	all := make(map[uint64]bool, len(ids))
	for _, id := range ids {
		all[id] = true
	}
	return w.remove(index, slices.Min(ids), slices.Max(ids), func(d Doc) bool { return all[d.ID] })
}

// remove removes the documents that gone reports, whose IDs are in a range.
func (w *Writer) remove(index int, lowest, highest uint64, gone func(Doc) bool) (docs int, err error) {
	n, err := w.removeFromMemtable(index, gone)
	if err != nil {
		return 0, err
	}
	all, err := w.segments(index)
	if err != nil {
		return 0, err
	}
	for _, s := range all {
		if s.highest < lowest || s.lowest > highest {
			continue
		}
		before := n
		for place := range s.docs {
			d, err := s.doc(place)
			if err != nil {
				return 0, err
			}
			if gone(d) {
				n++
			}
		}
		if n == before {
			continue
		}
		if err := w.rewrite([]*segment{s}, s.level, nil, func(d Doc) (bool, error) { return gone(d), nil }); err != nil {
			return 0, err
		}
	}
	if n == 0 {
		return 0, nil
	}
	return n, w.save()
}

// removeFromMemtable rewrites the rows that hold such documents. Their numbers stay.
func (w *Writer) removeFromMemtable(index int, gone func(Doc) bool) (docs int, err error) {
	t, end, err := w.memtable(index)
	if err != nil {
		return 0, err
	}
	for _, d := range t.docs[:end] {
		if gone(d) {
			docs++
		}
	}
	if docs == 0 {
		return 0, nil
	}
	b, seed := w.root.Bucket(kMemtable), w.memtableSeed()
	for n := range w.state.rows {
		k := rowKey(n + 1)
		stored, ok := w.rowWithout(seed, k, b.Get(k), index, gone)
		if !ok {
			return 0, w.damagedRow(n + 1)
		}
		if stored == nil {
			continue
		}
		if err := w.put(b, k, stored); err != nil {
			return 0, err
		}
	}
	w.state.sections[index].docs -= docs
	w.state.memtable++
	return docs, nil
}

// rowWithout returns a row without such documents; nil where it has none.
func (w *Writer) rowWithout(seed uint32, k, stored []byte, index int, gone func(Doc) bool) (_ []byte, ok bool) {
	value, ok := WithoutSum(seed, k, stored)
	if !ok {
		return nil, false
	}
	row, found := newRow(len(w.set.indexes)), false
	for i := range w.set.indexes {
		s, ok := section(value, i)
		if !ok || !eachDoc(s, func(d Doc, terms []uint64) {
			if i == index && gone(d) {
				found = true
				return
			}
			row.add(Posting{i, d, terms})
		}) {
			return nil, false
		}
	}
	if !found {
		return nil, true
	}
	return row.pack(seed, k), true
}

// Prune removes the documents of an index that have expired from the memtable, and drops the segments in which every document has.
// It returns how many documents went. A segment of which one has not expired stays as it is, until it is merged. An expired that is nil
// says that none has.
func (w *Writer) Prune(index int, expired func(Doc) (bool, error)) (docs int, err error) {
	if expired == nil {
		return 0, nil
	}
	gone, err := w.expiredInMemtable(index, expired)
	if err != nil {
		return 0, err
	}
	if len(gone) > 0 {
		if docs, err = w.removeFromMemtable(index, func(d Doc) bool { return gone[d] }); err != nil {
			return 0, err
		}
	}
	all, err := w.segments(index)
	if err != nil {
		return 0, err
	}
	for _, s := range all {
		gone, err := s.all(expired)
		if err != nil {
			return 0, err
		}
		if !gone {
			continue
		}
		docs += s.docs
		if err := w.drop(s); err != nil {
			return 0, err
		}
	}
	if docs == 0 {
		return 0, nil
	}
	return docs, w.save()
}

// expiredInMemtable returns the documents of the memtable that have expired.
func (r *Reader) expiredInMemtable(index int, expired func(Doc) (bool, error)) (map[Doc]bool, error) {
	docs, err := r.memtableDocs(index)
	if err != nil {
		return nil, err
	}
	gone := map[Doc]bool{}
	for _, d := range docs {
		if is, err := expired(d); err != nil {
			return nil, err
		} else if is {
			gone[d] = true
		}
	}
	return gone, nil
}

// Prunable reports whether [Writer.Prune] would remove a document. An expired that is nil says that none has.
func (r *Reader) Prunable(index int, expired func(Doc) (bool, error)) (bool, error) {
	if expired == nil {
		return false, nil
	}
	gone, err := r.expiredInMemtable(index, expired)
	if err != nil || len(gone) > 0 {
		return len(gone) > 0, err
	}
	all, err := r.segments(index)
	if err != nil {
		return false, err
	}
	for _, s := range all {
		if gone, err := s.all(expired); gone || err != nil {
			return gone, err
		}
	}
	return false, nil
}

// all reports whether every document is one that is asks for.
func (s *segment) all(is func(Doc) (bool, error)) (bool, error) {
	for place := range s.docs {
		d, err := s.doc(place)
		if err != nil {
			return false, err
		}
		if yes, err := is(d); err != nil || !yes {
			return false, err
		}
	}
	return true, nil
}
