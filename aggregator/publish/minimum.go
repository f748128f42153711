package publish

import (
	"fmt"
	"iter"
	"slices"

	"dateline/aggregator/news"
)

// minimum adds to a selection what it lacks of each configured source: one entry a source in turn, until each has Options.AtLeast of
// them or Options.Entries were added. Sources with entries in the selection come first, then the others, each by its newest position.
type minimum struct {
	p     *Publisher
	r     Reader
	s     *selection
	shown map[news.Key]bool
	share map[string]int    // entries in the selection
	at    map[string]uint64 // newest position in the selection
	first map[string]bool   // they have an entry in the selection as it was
	added int
}

// addPerSourceMinimum adds the minimum of each source to s. It only adds. Of a source no more records are looked at than a document shows.
func (p *Publisher) addPerSourceMinimum(r Reader, s *selection) error {
	if p.o.AtLeast <= 0 {
		return nil
	}
	m := minimum{p: p, r: r, s: s, shown: make(map[news.Key]bool, 2*len(s.parts)), share: map[string]int{}, at: map[string]uint64{}}
	for _, f := range s.parts {
		m.count(f)
	}
	turns, err := m.round(slices.Values(m.present()))
	if err == nil && m.added < p.o.Entries {
		var more []*turn
		more, err = m.others()
		turns = append(turns, more...)
	}
	for err == nil && len(turns) > 0 {
		turns, err = m.round(slices.Values(turns))
	}
	s.sort()
	return err
}

// present returns the turns of the sources that have an entry in the selection, and fewer than they are to have.
func (m *minimum) present() []*turn {
	var all []sourceAt
	m.first = make(map[string]bool, len(m.share))
	for id, share := range m.share {
		m.first[id] = true
		if place, configured := m.p.places[id]; configured && share < m.p.o.AtLeast && !m.p.o.Sources[place].Removed {
			all = append(all, sourceAt{place, m.at[id]})
		}
	}
	slices.SortFunc(all, sourceAt.compare)
	turns := make([]*turn, len(all))
	for i, src := range all {
		turns[i] = m.turn(src)
	}
	return turns
}

// others adds an entry of each of the sources that have none in the selection.
func (m *minimum) others() (again []*turn, err error) {
	all, err := m.p.newest(m.r)
	if err != nil {
		return nil, err
	}
	return m.round(func(yield func(*turn) bool) {
		for _, src := range all {
			if s := &m.p.o.Sources[src.place]; src.pos < m.r.Oldest() || !s.Removed && !m.first[s.ID] && !yield(m.turn(src)) {
				return
			}
		}
	})
}

// count notes an entry that is in the selection.
func (m *minimum) count(f *fragment) {
	m.shown[f.c.Entry.Key] = true
	if f.c.Entry.State == news.Withdrawn {
		return
	}
	has := make(map[string]bool, 2)
	for _, src := range f.c.Sources() {
		if !has[src.ID] {
			has[src.ID] = true
			m.share[src.ID]++
			m.at[src.ID] = max(m.at[src.ID], f.c.Entry.Last)
		}
	}
}

// turn is a source whose turn comes again.
type turn struct {
	source string
	below  uint64 // its records below this position were not looked at; 0: none was
	left   int    // records that may be looked at
}

func (m *minimum) turn(src sourceAt) *turn {
	return &turn{source: m.p.o.Sources[src.place].ID, left: m.p.o.Entries}
}

// round adds an entry of each source in turn, and returns the turns of those that may get another.
func (m *minimum) round(turns iter.Seq[*turn]) (again []*turn, err error) {
	for t := range turns {
		if m.added >= m.p.o.Entries {
			return nil, nil
		}
		if m.share[t.source] >= m.p.o.AtLeast {
			continue
		}
		found, err := m.addNext(t)
		if err != nil {
			return nil, err
		}
		if found && m.share[t.source] < m.p.o.AtLeast {
			again = append(again, t)
		}
	}
	return again, nil
}

// addNext adds the next entry that the source carries and that is not there, and reports whether there is one.
func (m *minimum) addNext(t *turn) (bool, error) {
	if t.below == 1 {
		return false, nil
	}
	for rec, err := range m.r.Tagged(tagSource+t.source, max(t.below, 1)-1) {
		if err != nil {
			return false, fmt.Errorf("%w: log: %w", ErrRead, err)
		}
		if t.left--; t.left < 0 {
			return false, nil
		}
		t.below = rec.Pos
		if m.shown[rec.Entry] {
			continue
		}
		f, err := m.p.load(m.r, rec.Entry, false)
		if err != nil {
			return false, err
		}
		if f != nil && f.c.Entry.State != news.Withdrawn && f.c.CarriedBy(t.source) {
			m.s.parts = append(m.s.parts, f)
			m.added++
			m.count(f)
			return true, nil
		}
	}
	return false, nil
}
