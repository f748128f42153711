package postings

// Each calls do with every term of an index and the ID of every document that has it, in no order.
func (r *Reader) Each(index int, do func(term, id uint64)) error {
	t, end, err := r.memtable(index)
	if err != nil {
		return err
	}
	eachOf(t, end, do)
	all, err := r.segments(index)
	if err != nil {
		return err
	}
	for _, s := range all {
		if err := s.each(do); err != nil {
			return err
		}
	}
	return nil
}

func eachOf(t *memtable, end int, do func(term, id uint64)) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	var one [1]uint16
	for term, l := range t.lists {
		for _, place := range t.all(l, 0, end, &one) {
			do(term, t.docs[place].ID)
		}
	}
}

func (s *segment) each(do func(term, id uint64)) error {
	ids := make([]uint64, s.docs)
	for place := range ids {
		d, err := s.doc(place)
		if err != nil {
			return err
		}
		ids[place] = d.ID
	}
	r := scanner{s: s}
	for {
		more, err := r.next()
		if err != nil || !more {
			return err
		}
		for _, place := range r.places {
			if int(place) >= len(ids) {
				return s.damaged("block", r.b.number, "leads to a document that is not there")
			}
			do(r.b.term, ids[place])
		}
	}
}
