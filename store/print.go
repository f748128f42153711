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
	var found hits
	left := make([]int, len(marks)) // how many more to list of each
	var places []uint16
	for i, m := range marks {
		places = t.find(m, most, places[:0])
		found.all = t.printed(places, found.all)
		found.are(m)
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
				found.all = append(found.all, p)
			}
			found.are(m)
			left[i] -= len(places)
		}
	}
	return found.sightings(), nil
}

// hits are prints that have one of the marks looked for. A print stands there once for each that it has.
type hits struct {
	all   []printed
	marks []uint32 // of each
}

// are says that the hits added last have the mark.
func (h *hits) are(mark uint32) {
	for len(h.marks) < len(h.all) {
		h.marks = append(h.marks, mark)
	}
}

// hitBits is enough for the place of a hit; the rest of 64 bits is enough for an item's number.
const hitBits = 24

// sightings makes one sighting of all prints of an item: one that was revised has several.
func (h *hits) sightings() []news.Sighting {
	order := make([]uint64, len(h.all))
	for i, p := range h.all {
		order[i] = p.number<<hitBits | uint64(i)
	}
	slices.Sort(order)
	out := make([]news.Sighting, 0, len(order))
	marks := make([]uint32, 0, len(order)) // of one sighting behind those of the other
	from := 0
	for i, o := range order {
		if i == 0 || o>>hitBits != order[i-1]>>hitBits {
			out, from = append(out, h.all[o&(1<<hitBits-1)].sighting()), len(marks)
		}
		mark := h.marks[o&(1<<hitBits-1)]
		if at, found := slices.BinarySearch(marks[from:], mark); !found {
			marks = slices.Insert(marks, from+at, mark)
		}
		out[len(out)-1].Marks = marks[from:len(marks):len(marks)]
	}
	return out
}

// Numbered returns the current revision of the item with that number.
func (v View) Numbered(number uint64) (news.Item, bool, error) { return v.current(number) }
