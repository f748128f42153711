package postings

import (
	"math"
	"slices"
)

// mergeSealed merges the oldest sealed segments of an index, where there are enough that were not merged. All indexes are sealed
// together: each waits for one segment more than the one before it, so that a transaction merges one index at most.
func (w *Writer) mergeSealed(index int) error {
	all, err := w.segments(index)
	if err != nil {
		return err
	}
	sealed := 0 // the newest
	for sealed < len(all) && all[sealed].level == 0 {
		sealed++
	}
	if sealed < w.set.fanout+index {
		return nil
	}
	at := sealed - w.set.fanout
	inputs := slices.Clone(all[at:sealed])
	slices.Reverse(inputs)
	was, err := w.sealed()
	if err != nil {
		return err
	}
	known, leftOut := slices.Clone(was.counts), false
	if err := w.rewrite(inputs, 1, w.set.older(all, sealed), func(d Doc) (gone bool, err error) {
		if w.Expired != nil {
			gone, err = w.Expired(index, d)
		}
		leftOut = leftOut || gone
		return gone, err
	}); err != nil {
		return err
	}
	if known[index] = known[index].merged(at, w.set.fanout); leftOut {
		known[index] = &counts{limit: w.set.maxCounts}
	}
	return w.carry(known)
}

// left is in place of the new place of a document that is left out.
const left = math.MaxUint32

// rewrite puts one segment in the place of several, which are given in the order of their age, without the documents that gone
// reports. Where none remains there is no segment. It becomes the newest of a group with the older ones; none: it does not.
func (w *Writer) rewrite(inputs []*segment, level int, older []*segment, gone func(Doc) (bool, error)) error {
	var docs []Doc
	readers := make([]*input, len(inputs))
	for i, s := range inputs {
		in := &input{scanner: scanner{s: s}, places: make([]uint32, s.docs)}
		readers[i] = in
		for place := range s.docs {
			d, err := s.doc(place)
			if err != nil {
				return err
			}
			drop, err := gone(d)
			if err != nil {
				return err
			}
			if in.places[place] = left; !drop {
				in.places[place] = uint32(len(docs))
				docs = append(docs, d)
			}
		}
	}
	h := w.newHead(inputs[0].index, inputs[0].first, level)
	b := &builder{}
	if err := merge(readers, b); err != nil {
		return err
	}
	if len(older) > 0 {
		var err error
		if b.group, err = h.groupFilter(b, older); err != nil {
			return err
		}
	}
	for _, s := range inputs {
		if err := w.drop(s); err != nil {
			return err
		}
	}
	if len(docs) > 0 {
		w.state.sections[h.index].segments++
		if err := w.putSegment(h, docs, b); err != nil {
			return err
		}
	}
	return nil
}

// drop removes a segment.
func (w *Writer) drop(s *segment) error {
	w.state.sections[s.index].segments--
	w.changed()
	return w.deleteBucket(w.segmentBucket(), segmentKey(s.index, s.first))
}

// input is a segment that is being merged.
type input struct {
	scanner
	places []uint32 // by place in the segment: place in the new one, or left
	done   bool
}

func (in *input) advance() error {
	more, err := in.next()
	in.done = !more
	return err
}

// merge gives the builder the postings of the inputs. Documents keep their order, so places stay ascending.
func merge(inputs []*input, b *builder) error {
	for _, in := range inputs {
		if err := in.advance(); err != nil {
			return err
		}
	}
	var places []uint16
	for {
		term, found := uint64(math.MaxUint64), false
		for _, in := range inputs {
			if !in.done && in.b.term <= term {
				term, found = in.b.term, true
			}
		}
		if !found {
			return nil
		}
		places = places[:0]
		for _, in := range inputs {
			if in.done || in.b.term != term {
				continue
			}
			for _, p := range in.scanner.places {
				if int(p) >= len(in.places) {
					return in.s.damaged("block", in.b.number, "leads to a document that is not there")
				}
				if to := in.places[p]; to != left {
					places = append(places, uint16(to))
				}
			}
			if err := in.advance(); err != nil {
				return err
			}
		}
		if len(places) > 0 {
			b.add(term, places)
		}
	}
}
