package publish

import (
	"cmp"
	"fmt"
	"slices"
	"sync"
)

// newestPositions keeps the newest position of each source, so that after a change only the sources of the entries that changed are looked
// up. What it has is as of an update of the store.
type newestPositions struct {
	mu   sync.Mutex
	seq  uint64
	list []sourceAt // of every source that has a record, the newest first; an element is never changed. nil: nothing is known
}

// sourceAt is a source, by its place in Options.Sources, and a position of the log.
type sourceAt struct {
	place int
	pos   uint64
}

// compare orders sources: the newest first, of one position as they are configured.
func (a sourceAt) compare(b sourceAt) int {
	return cmp.Or(cmp.Compare(b.pos, a.pos), cmp.Compare(a.place, b.place))
}

// newest returns the sources that have a record of the log in r, the newest first.
func (p *Publisher) newest(r Reader) ([]sourceAt, error) {
	n := &p.positions
	n.mu.Lock()
	defer n.mu.Unlock()
	older := r.Seq() < n.seq
	if n.list != nil && !older {
		if list, err := p.changedPositions(r, n); list != nil || err != nil {
			n.list, n.seq = list, r.Seq()
			return list, err
		}
	}
	list := make([]sourceAt, 0, len(p.o.Sources))
	for place := range p.o.Sources {
		pos, err := p.newestOf(r, place)
		if err != nil {
			return nil, err
		}
		if pos > 0 {
			list = append(list, sourceAt{place, pos})
		}
	}
	slices.SortFunc(list, sourceAt.compare)
	if !older { // a snapshot older than the last one is read for itself
		n.list, n.seq = list, r.Seq()
	}
	return list, nil
}

// changedPositions returns n's list as r has it; nil: to look up all sources is less work, or what changed is not known.
func (p *Publisher) changedPositions(r Reader, n *newestPositions) ([]sourceAt, error) {
	changed, known := r.ChangedSince(n.seq)
	if !known || len(changed) > 8+len(n.list)/4 {
		return nil, nil
	}
	if len(changed) == 0 {
		return n.list, nil
	}
	places := map[int]bool{}
	err := eachCarrier(r, changed, func(source string) {
		if place, configured := p.places[source]; configured {
			places[place] = true
		}
	})
	if err != nil {
		return nil, err
	}
	list := make([]sourceAt, 0, len(n.list)+len(places))
	for _, src := range n.list {
		if !places[src.place] {
			list = append(list, src)
		}
	}
	for place := range places {
		pos, err := p.newestOf(r, place)
		if err != nil {
			return nil, err
		}
		if pos > 0 {
			src := sourceAt{place, pos}
			i, _ := slices.BinarySearchFunc(list, src, sourceAt.compare)
			list = slices.Insert(list, i, src)
		}
	}
	return list, nil
}

// newestOf returns the newest position of a source; 0: it has none.
func (p *Publisher) newestOf(r Reader, place int) (uint64, error) {
	for rec, err := range r.Tagged(tagSource+p.o.Sources[place].ID, 0) {
		if err != nil {
			return 0, fmt.Errorf("%w: log: %w", ErrRead, err)
		}
		return rec.Pos, nil
	}
	return 0, nil
}
