package store

import (
	"slices"
	"time"

	"dateline/aggregator/news"
)

// Sighted returns the items with one of the marks whose prints are kept, the earliest first. Of a mark that more than
// most items have, it returns more than most of them, and not all.
func (v View) Sighted(marks []uint32, most int) ([]news.Sighting, error) {
	return v.having(prints, marks, time.Time{}, most+1)
}

// having returns the items with one of the marks, of each mark the newest most, as far as they are in the tail or in
// segments that end after since.
func (v View) having(x *index, marks []uint32, since time.Time, most int) ([]news.Sighting, error) {
	t, err := v.tail(x)
	if err != nil {
		return nil, err
	}
	found := sightings{}
	left := make([]int, len(marks)) // how many more to list of each
	var places []uint16
	for i, m := range marks {
		places = t.find(m, most, places[:0])
		for _, at := range places {
			found.add(t.printed(at), m)
		}
		left[i] = most - len(places)
	}
	var sieve *sieve
	if x == prints {
		if sieve, err = v.sieve(len(marks)); err != nil {
			return nil, err
		}
	}
	passed := sieve.pass(marks)
	for s, err := range v.segments(x) {
		if err != nil {
			return nil, err
		}
		if s.until < since.Unix() {
			break
		}
		column := sieve.column(s.number())
		for i, m := range marks {
			if left[i] == 0 || column != 0 && passed[i]&column == 0 {
				continue
			}
			if places, err = s.find(m, places[:0]); err != nil {
				return nil, err
			}
			places = places[max(0, len(places)-left[i]):]
			for _, at := range places {
				p, err := s.printed(at)
				if err != nil {
					return nil, err
				}
				found.add(p, m)
			}
			left[i] -= len(places)
		}
	}
	return found.sorted(), nil
}

// sightings are collected by item: one that was revised has several prints.
type sightings map[uint64]*news.Sighting

func (s sightings) add(p printed, mark uint32) {
	o := s[p.number]
	if o == nil {
		seen := p.sighting()
		o = &seen
		s[p.number] = o
	}
	if i, found := slices.BinarySearch(o.Marks, mark); !found {
		o.Marks = slices.Insert(o.Marks, i, mark)
	}
}

func (s sightings) sorted() []news.Sighting {
	out := make([]news.Sighting, 0, len(s))
	for _, o := range s {
		out = append(out, *o)
	}
	slices.SortFunc(out, func(a, b news.Sighting) int { return int(a.Number) - int(b.Number) })
	return out
}

// Numbered returns the current revision of the item with that number.
func (v View) Numbered(number uint64) (news.Item, bool, error) { return v.current(number) }
