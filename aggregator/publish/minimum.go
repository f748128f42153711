package publish

import (
	"cmp"
	"fmt"
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
	var first, others []sourceAt
	for _, src := range p.o.Sources {
		switch {
		case src.Removed || m.share[src.ID] >= p.o.AtLeast:
		case m.share[src.ID] > 0:
			first = append(first, sourceAt{src.ID, m.at[src.ID]})
		default:
			others = append(others, sourceAt{id: src.ID})
		}
	}
	newestFirst(first)
	turns, err := m.round(m.turns(first))
	if err == nil && m.added < p.o.Entries {
		var more []*turn
		more, err = m.others(others)
		turns = append(turns, more...)
	}
	for err == nil && len(turns) > 0 {
		turns, err = m.round(turns)
	}
	s.sort()
	return err
}

// others adds an entry of each of the sources that have none in the selection.
func (m *minimum) others(all []sourceAt) (again []*turn, err error) {
	if err := m.p.newest.fill(m.r, all); err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(src sourceAt) bool { return src.pos < max(1, m.r.Oldest()) })
	newestFirst(all)
	return m.round(m.turns(all))
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

func (m *minimum) turns(sources []sourceAt) []*turn {
	all := make([]*turn, len(sources))
	for i, src := range sources {
		all[i] = &turn{source: src.id, left: m.p.o.Entries}
	}
	return all
}

// round adds an entry of each source in turn, and returns the turns of those that may get another.
func (m *minimum) round(turns []*turn) (again []*turn, err error) {
	for _, t := range turns {
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
	for rec, err := range m.r.Tagged("source:"+t.source, max(t.below, 1)-1) {
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

// sourceAt is a source and a position of the log; 0: it has none.
type sourceAt struct {
	id  string
	pos uint64
}

func newestFirst(all []sourceAt) {
	slices.SortStableFunc(all, func(a, b sourceAt) int { return cmp.Compare(b.pos, a.pos) })
}
