package postings

// Each calls do with every term of an index and the ID of every document that has it, in no order.
func (r *Reader) Each(index int, do func(term, id uint64)) error {
	return r.EachFrom(index, 0, func(uint64) bool { return true }, do)
}

// EachFrom calls do as Each does, but only with terms for which wanted returns true and documents whose ID is from or higher. It reads
// every segment with such a document whole; for one term or few documents [Reader.Newest] reads less.
func (r *Reader) EachFrom(index int, from uint64, wanted func(term uint64) bool, do func(term, id uint64)) error {
	t, end, err := r.memtable(index)
	if err != nil {
		return err
	}
	each := eacher{from, wanted, do}
	each.ofMemtable(t, end)
	all, err := r.segments(index)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.highest < from {
			continue
		}
		if err := each.ofSegment(s); err != nil {
			return err
		}
	}
	return nil
}

// eacher is what EachFrom was asked for.
type eacher struct {
	from   uint64
	wanted func(term uint64) bool
	do     func(term, id uint64)
}

func (e eacher) ofMemtable(t *memtable, end int) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	var one [1]uint16
	for term, l := range t.lists.all() {
		if !e.wanted(term) {
			continue
		}
		for _, place := range t.all(l, 0, end, &one) {
			if id := t.docs[place].ID; id >= e.from {
				e.do(term, id)
			}
		}
	}
}

func (e eacher) ofSegment(s *segment) error {
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
		if !e.wanted(r.b.term) {
			continue
		}
		for _, place := range r.places {
			if int(place) >= len(ids) {
				return s.damaged("block", r.b.number, "leads to a document that is not there")
			}
			if id := ids[place]; id >= e.from {
				e.do(r.b.term, id)
			}
		}
	}
}
