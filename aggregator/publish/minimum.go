package publish

import (
	"fmt"

	"dateline/aggregator/news"
)

// addPerSourceMinimum adds to s what it lacks of each configured source: its newest entries, up to Options.AtLeast with those that are
// there already. It only adds. Of a source no more records are looked at than a document shows.
func (p *Publisher) addPerSourceMinimum(r Reader, s *selection) error {
	if p.o.AtLeast <= 0 {
		return nil
	}
	shown := make(map[news.Key]bool, len(s.parts))
	share := make(map[string]int, len(p.o.Sources))
	count := func(f *fragment) {
		shown[f.c.Entry.Key] = true
		if f.c.Entry.State == news.Withdrawn {
			return
		}
		has := make(map[string]bool)
		for _, src := range f.c.Sources() {
			has[src.ID] = true
		}
		for id := range has {
			share[id]++
		}
	}
	for _, f := range s.parts {
		count(f)
	}
	for _, src := range p.o.Sources {
		if src.Removed || share[src.ID] >= p.o.AtLeast {
			continue
		}
		looked := 0
		for rec, err := range r.Tagged("source:"+src.ID, 0) {
			if err != nil {
				return fmt.Errorf("%w: log: %w", ErrRead, err)
			}
			if looked++; looked > p.o.Entries || share[src.ID] >= p.o.AtLeast {
				break
			}
			if shown[rec.Entry] {
				continue
			}
			f, err := p.load(r, rec.Entry, false)
			if err != nil {
				return err
			}
			if f != nil && f.c.Entry.State != news.Withdrawn && f.c.CarriedBy(src.ID) {
				s.parts = append(s.parts, f)
				count(f)
			}
		}
	}
	s.sort()
	return nil
}
