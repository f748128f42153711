package aggregator

import (
	"slices"

	"dateline/aggregator/entries"
	"dateline/aggregator/news"
	"dateline/store"
)

// heldStep is how many held items one transaction decides on, since visits wait for it.
const heldStep = 100

// Released counts what became of the held items of a source.
type Released struct {
	Published int // in entries of their own
	Joined    int // published as carriers of other entries
	Dropped   int // their text is gone, their identity keys stay
}

// Release publishes the held items of a source, the oldest first, see [entries.Release]. It returns an [*UnknownSourceError] for a
// source that is neither configured nor remembered. What was released before another error stays released.
func (a *Aggregator) Release(source string) (Released, error) {
	return a.decideHeld(source, entries.Release)
}

// DropHeld decides that the held items of a source are never published, see [entries.Drop]. Its errors are those of
// [Aggregator.Release].
func (a *Aggregator) DropHeld(source string) (Released, error) {
	return a.decideHeld(source, entries.Drop)
}

// heldDecision is [entries.Release] or [entries.Drop].
type heldDecision func(*store.Tx, *entries.Setup, []news.Key) (entries.Outcome, error)

func (a *Aggregator) decideHeld(source string, decide heldDecision) (done Released, err error) {
	held, err := a.heldOf(source)
	if err != nil {
		return done, err
	}
	for some := range slices.Chunk(held, heldStep) {
		items := make([]news.Key, len(some))
		for i, e := range some {
			items[i] = e.Key
		}
		var out entries.Outcome
		err := a.edit(func(t *store.Tx, setup *entries.Setup) (err error) {
			out, err = decide(t, setup, items)
			return err
		})
		if err != nil {
			return done, err
		}
		done.Published += out.New
		done.Joined += out.Joined
		done.Dropped += out.Dropped
	}
	return done, nil
}

// heldOf returns the held entries of the source named id, the oldest first.
func (a *Aggregator) heldOf(id string) (held []news.Entry, err error) {
	err = a.store.View(func(s store.View) error {
		all, err := KnownSources(s, a.Sources())
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(all, func(o news.Source) bool { return o.ID == id }) {
			return &UnknownSourceError{IDs: []string{id}}
		}
		for e, err := range s.HeldBy(id) {
			if err != nil {
				return err
			}
			held = append(held, e)
		}
		return nil
	})
	slices.SortStableFunc(held, func(x, y news.Entry) int { return x.Published.Compare(y.Published) })
	return held, err
}
