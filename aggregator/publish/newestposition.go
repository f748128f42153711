package publish

import (
	"fmt"
	"sync"
)

// newestPositions keeps the newest position of each source, so that after a change only the sources of the entries that changed are looked
// up. What it has is as of an update of the store.
type newestPositions struct {
	mu  sync.Mutex
	seq uint64
	of  map[string]uint64 // by source; nil: nothing is known
}

// fill sets the position of each of the sources to its newest as r has it.
func (n *newestPositions) fill(r Reader, sources []sourceAt) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	of := n.of
	if seq := r.Seq(); of == nil || seq < n.seq { // a snapshot older than the last one is read for itself
		of = make(map[string]uint64, len(sources))
	} else if err := dropChanged(r, n.seq, of); err != nil {
		n.of = nil
		return err
	}
	if r.Seq() >= n.seq {
		n.of, n.seq = of, r.Seq()
	}
	for i, src := range sources {
		pos, known := of[src.id]
		if !known {
			for rec, err := range r.Tagged("source:"+src.id, 0) {
				if err != nil {
					return fmt.Errorf("%w: log: %w", ErrRead, err)
				}
				pos = rec.Pos
				break
			}
			of[src.id] = pos
		}
		sources[i].pos = pos
	}
	return nil
}

// dropChanged forgets the positions of the sources that carry entries which were changed since the update seq.
func dropChanged(r Reader, seq uint64, of map[string]uint64) error {
	changed, known := r.ChangedSince(seq)
	if !known || len(changed) > len(of)/4 { // to look up all is less work
		clear(of)
		return nil
	}
	for _, k := range changed {
		e, found, err := r.Entry(k)
		if err != nil {
			return fmt.Errorf("%w: entry %s: %w", ErrRead, k, err)
		}
		if !found {
			continue
		}
		for _, item := range e.Members() {
			it, found, err := r.Item(item)
			if err != nil {
				return fmt.Errorf("%w: item %s: %w", ErrRead, item, err)
			}
			if found {
				delete(of, it.Source)
			}
		}
	}
	return nil
}
