package aggregator

import (
	"errors"
	"slices"
	"time"

	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
	"dateline/aggregator/parse"
	"dateline/store"
)

// What is held back is stored and not published: what a source that was added later had before (feed.first_poll), and
// what a flood brought up (dedup/flood.go). It waits for the operator's word.

// isFirstOfLateSource reports whether this is the first document of a source that the wire did not begin with.
func (v *visit) isFirstOfLateSource(s store.View) bool {
	switch {
	case v.src.ID == "" || v.state.Items > 0:
		return false
	case s.HasInitialSources():
		return !s.IsInitialSource(v.src.ID)
	}
	return !slices.Contains(v.a.initialSources, v.src.ID)
}

// holdOld holds what is new but for the newest items. What has no date is as new as now; of one age the first of the
// document is the newest.
func (v *visit) holdOld(decided []dedup.Decision) {
	var added []int
	for i, d := range decided {
		if d.Action == dedup.New {
			added = append(added, i)
		}
	}
	at := func(i int) time.Time {
		it := v.doc.Items[v.places[i]]
		it.FirstSeen = v.at
		it.ClampDates(v.at)
		return it.Date()
	}
	slices.SortStableFunc(added, func(a, b int) int { return at(b).Compare(at(a)) })
	for _, i := range added[min(len(added), v.setup.FirstPoll):] {
		decided[i].Hold()
	}
}

// holdFlood looks again at what was decided where too much is new.
func (v *visit) holdFlood(s store.View, decided []dedup.Decision) error {
	before := v.state.Newest
	if v.state.LastSuccess.Before(before) { // what is dated after the last visit cannot have been there
		before = v.state.LastSuccess
	}
	return v.items.Flood(s, decided, dedup.Flood{
		Size: v.doc.Total - v.excluded, Standing: v.stays, Before: before, Thresholds: v.setup.Thresholds,
		Text: func(i int) *dedup.Text {
			_, t := v.refined(v.places[i])
			return t
		},
		Last:  func() ([]news.Item, error) { return lastItems(s, v.src.ID) },
		Known: func() ([]news.Item, error) { return ownItems(s, v.src.ID) },
	})
}

// lastItems returns the items of a source's last document.
func lastItems(s store.View, source string) (all []news.Item, err error) {
	window, err := s.Window(source)
	if err != nil {
		return nil, err
	}
	for _, w := range window {
		it, found, err := s.Item(w.Item)
		if err != nil {
			return nil, err
		}
		if found {
			all = append(all, it)
		}
	}
	return all, nil
}

// ownItems returns the items of a source's last document, those that are held, and those of its newest records, but
// for what is beyond the largest document.
func ownItems(s store.View, source string) ([]news.Item, error) {
	all, err := lastItems(s, source)
	if err != nil {
		return nil, err
	}
	have := make(map[news.Key]bool, len(all))
	for _, it := range all {
		have[it.Key] = true
	}
	add := func(e news.Entry) error {
		for _, k := range e.Members() {
			if have[k] {
				continue
			}
			have[k] = true
			if it, found, err := s.Item(k); err != nil {
				return err
			} else if found && it.Source == source {
				all = append(all, it)
			}
		}
		return nil
	}
	for e, err := range s.HeldBy(source) {
		if len(all) >= parse.MaxItems {
			return all, nil
		}
		if err := errors.Join(err, add(e)); err != nil {
			return nil, err
		}
	}
	for rec, err := range s.Tagged("source:"+source, 0) {
		if err != nil {
			return nil, err
		}
		if len(all) >= parse.MaxItems {
			break
		}
		e, _, err := s.Entry(rec.Entry)
		if err != nil {
			return nil, err
		}
		if err := add(e); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// hold stores a new item without publishing it.
func (c *visitTx) hold(it news.Item, text *dedup.Text) error {
	e, err := c.newEntry(it)
	if err != nil {
		return err
	}
	it.Held, e.State = true, news.Held
	c.addFingerprint(text.Fingerprint(), true)
	c.putEntry(e)
	c.putItem(it)
	c.out.held++
	return nil
}
