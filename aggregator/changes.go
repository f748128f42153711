package aggregator

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"dateline/aggregator/dedup"
	"dateline/aggregator/entries"
	"dateline/aggregator/news"
	"dateline/store"
)

// This file holds the changes that no visit makes: an editor's decisions, held items that are released or dropped, embargoes that end,
// and what is removed with time or for good.

// Split takes an item out of its entry, for good; result and errors are those of [entries.Split].
func (a *Aggregator) Split(entry, item news.Key, reason string) (old, own news.Key, err error) {
	err = a.edit(func(t *store.Tx, setup *entries.Setup) (err error) {
		old, own, err = entries.Split(t, setup, entry, item, reason)
		return err
	})
	return old, own, err
}

// Join makes two entries one, for good; result and errors are those of [entries.Join].
func (a *Aggregator) Join(one, other news.Key, reason string) (into news.Key, err error) {
	err = a.edit(func(t *store.Tx, setup *entries.Setup) (err error) {
		into, err = entries.Join(t, setup, one, other, reason)
		return err
	})
	return into, err
}

// Withdraw takes an entry back; result and errors are those of [entries.Withdraw].
func (a *Aggregator) Withdraw(entry news.Key, erase bool, reason string) (k news.Key, err error) {
	err = a.edit(func(t *store.Tx, setup *entries.Setup) (err error) {
		k, err = entries.Withdraw(t, setup, entry, erase, reason)
		return err
	})
	return k, err
}

// Restore publishes a withdrawn entry again; result and errors are those of [entries.Restore].
func (a *Aggregator) Restore(entry news.Key, reason string) (k news.Key, err error) {
	err = a.edit(func(t *store.Tx, setup *entries.Setup) (err error) {
		k, err = entries.Restore(t, setup, entry, reason)
		return err
	})
	return k, err
}

// edit makes a change in one transaction.
func (a *Aggregator) edit(change func(*store.Tx, *entries.Setup) error) error {
	setup := a.currentSetup()
	return a.store.Update(now(), func(t *store.Tx) error { return change(t, &setup.entries) })
}

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

const (
	embargoStep  = 100         // items that are released in one transaction: visits wait for it
	embargoLook  = time.Minute // how often the clock is looked at while a moment is awaited: it may be set
	embargoRetry = time.Minute // after an error of the store
)

// releaseDue publishes the items whose embargo has ended, the earliest first, and returns how long there is nothing to do.
func (a *Aggregator) releaseDue() (wait time.Duration) {
	var last []news.Key
	for {
		var due []news.Key
		var next time.Time
		at := now()
		err := a.store.View(func(s store.View) (err error) {
			due, next, err = s.EmbargoesEnding(at, embargoStep)
			return err
		})
		var out entries.Outcome
		if err == nil && len(due) > 0 {
			err = a.edit(func(t *store.Tx, setup *entries.Setup) (err error) {
				out, err = entries.EndEmbargoes(t, setup, due)
				return err
			})
		}
		if err == nil && len(due) > 0 && slices.Equal(due, last) {
			err = errors.New("the store lists items that are under no embargo")
		}
		last = due
		switch {
		case err != nil:
			a.log.Error("embargoes were not ended", "err", err)
			return embargoRetry
		case len(due) > 0:
			a.log.Info("embargoes ended", "items", len(due), "new", out.New, "joined", out.Joined)
		case next.IsZero() && a.frontier == nil: // else another process may have brought one
			return time.Hour
		case next.IsZero():
			return embargoLook
		default:
			return min(time.Until(next), embargoLook)
		}
	}
}

// embargoLoop publishes what is under embargo at its moment, until done is closed.
func (a *Aggregator) embargoLoop(done <-chan struct{}) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-done:
			return
		case <-timer.C:
		case <-a.embargoes:
		}
		timer.Reset(a.releaseDue())
	}
}

const (
	pruneEvery  = time.Hour   // how often the daemon looks for what is past retention
	pruneBudget = time.Second // how long it takes at a stretch
	prunePause  = time.Minute // between two stretches
)

// pruneLoop removes in small steps what is past retention, until ctx ends.
func (a *Aggregator) pruneLoop(ctx context.Context) {
	timer := time.NewTimer(prunePause)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		if a.prune() {
			timer.Reset(prunePause)
		} else {
			timer.Reset(pruneEvery)
		}
	}
}

// prune does one stretch, and reports whether there is more to do. What goes wrong is logged: the next
// visit meets the same store and says so where it is seen.
func (a *Aggregator) prune() (more bool) {
	a.mu.Lock()
	retention := a.setup.Retention
	retention.Fingerprints = dedup.Keep(a.setup.Thresholds)
	a.mu.Unlock()
	if retention.Text <= 0 {
		return false
	}
	done, err := a.store.Prune(now(), retention, dedup.IdentityKeys, pruneBudget)
	if err != nil {
		a.log.Error("upkeep failed", "err", err)
	}
	if done.Texts+done.Keys+done.Records+done.Fingerprints > 0 {
		a.log.Info("upkeep", "items", done.Texts, "keys", done.Keys, "records", done.Records, "prints", done.Fingerprints)
	}
	return done.More
}

// ConfiguredError says that a source cannot be purged: it is in the config, or a visit of it has not ended yet.
type ConfiguredError struct{ Source string }

func (e *ConfiguredError) Error() string {
	return fmt.Sprintf("source %s is configured still", e.Source)
}

// Purge removes the items, keys and state of a source that is no longer configured, see [store.Store.Purge]. It returns a
// [*ConfiguredError] or an [*UnknownSourceError] before anything is done.
func (a *Aggregator) Purge(source string) (store.Purged, error) {
	a.mu.Lock()
	_, configured := a.source(source)
	configured = configured || a.runs[source] != nil
	a.mu.Unlock()
	if configured {
		return store.Purged{}, &ConfiguredError{Source: source}
	}
	err := a.store.View(func(s store.View) error {
		all, err := KnownSources(s, nil)
		if err == nil && !slices.ContainsFunc(all, func(o news.Source) bool { return o.ID == source }) {
			err = &UnknownSourceError{IDs: []string{source}}
		}
		return err
	})
	if err != nil {
		return store.Purged{}, err
	}
	return a.store.Purge(now(), source, dedup.IdentityKeys)
}
