package entries

import (
	"cmp"
	"slices"

	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
)

// Which item represents an entry is decided once, when the entry is published: the originator, which is the item of the agency that
// one of the texts names as such; else the item of the source with the highest priority; else the fullest; else the earliest. An item
// that joins later changes credits and links only (notes/why-entries-keep-their-key.md).

// represent returns the item that is to represent the others.
func (s *Setup) represent(items []news.Item) news.Item {
	return slices.MinFunc(items, func(a, b news.Item) int {
		return cmp.Or(
			first(s.originates(a, items), s.originates(b, items)),
			cmp.Compare(s.source(b.Source).Priority, s.source(a.Source).Priority),
			cmp.Compare(len(b.Lead), len(a.Lead)),
			a.Date().Compare(b.Date()),
			a.FirstSeen.Compare(b.FirstSeen),
			slices.Compare(a.Key[:], b.Key[:]),
		)
	})
}

// first orders true before false.
func first(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// originates reports whether the item is by the agency that one of the texts names as the originator. What is known from the
// configuration alone does not count.
func (s *Setup) originates(it news.Item, items []news.Item) bool {
	agency := s.source(it.Source).Agency
	return agency != "" && slices.ContainsFunc(items, func(o news.Item) bool {
		c := o.Credits.Agency
		return c != nil && c.Agency == agency && c.Evidence.Field != "config"
	})
}

// source returns the source named id. One that is no longer configured has neither agency nor priority.
func (s *Setup) source(id string) news.Source {
	i := slices.IndexFunc(s.Sources, func(src news.Source) bool { return src.ID == id })
	if i < 0 {
		return news.Source{ID: id}
	}
	src := s.Sources[i]
	if src.Agency == "" {
		src.Agency = id
	}
	return src
}

// setRepresentative makes e the entry of the items, represented by rep, and publishes it.
func (d *tx) setRepresentative(e news.Entry, rep news.Item, items []news.Item) error {
	e.Items = []news.Key{rep.Key}
	for _, it := range items {
		it.Entry = e.Key
		switch {
		case it.Key == rep.Key:
			it.Join = nil
		case it.Join == nil || !slices.ContainsFunc(items, func(o news.Item) bool { return o.Key == it.Join.With }):
			j, err := d.evidence(it, rep)
			if err != nil {
				return err
			}
			it.Join = j
		}
		if it.Key != rep.Key {
			e.Items = append(e.Items, it.Key)
		}
		if err := d.putItem(it); err != nil {
			return err
		}
		if err := d.repoint(it.Key, e.Key); err != nil {
			return err
		}
	}
	if len(e.Items) == 1 {
		e.Items = nil
	}
	return d.publishEntry(e)
}

// evidence returns why an item is in the entry that rep represents: by comparing the two texts, else as it was found before.
func (d *tx) evidence(it, rep news.Item) (*news.Join, error) {
	j, err := dedup.Compare(d, it, rep, d.setup.Thresholds)
	if err != nil {
		return nil, err
	}
	if found := cmp.Or(it.Join, rep.Join); !j.Same() && found != nil {
		was := *found
		j = &was
	}
	j.With, j.At = rep.Key, d.Now()
	return j, nil
}
