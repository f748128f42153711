package aggregator

import (
	"context"
	"time"

	"dateline/aggregator/news"
	"dateline/store"
)

// An entry may wait for its originator: it is stored, found by copies that come after it, and published when the originator
// is there or the time is up. The store keeps since when, so that neither a restart nor a shorter hold is missed.

// waitStep bounds the entries that one transaction publishes, so that visits wait little.
const waitStep = 200

// endWaits publishes what has waited long enough, until ctx ends.
func (a *Aggregator) endWaits(ctx context.Context) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-a.waiting:
		}
		if next := a.endDue(now()); !next.IsZero() {
			timer.Reset(time.Until(next))
		}
	}
}

// endDue publishes what has waited long enough at t, and returns when there is more to do; zero: nothing waits. What goes
// wrong is logged, and tried again in a minute.
func (a *Aggregator) endDue(t time.Time) time.Time {
	a.mu.Lock()
	setup := a.setup
	a.mu.Unlock()
	for {
		due, next, err := a.waited(t.Add(-setup.Hold))
		if err == nil && len(due) > 0 {
			err = a.store.Commit(func(v store.View) (store.Writes, error) { return endAll(v, &setup, due, t) })
		}
		switch {
		case err != nil:
			a.log.Error("entries that waited are not published", "err", err)
			return t.Add(time.Minute)
		case len(due) < waitStep && next.IsZero():
			return time.Time{}
		case len(due) < waitStep:
			return next.Add(setup.Hold)
		}
	}
}

// waited returns the entries that have waited since until or longer, and since when the next one does.
func (a *Aggregator) waited(until time.Time) (due []news.Key, next time.Time, err error) {
	err = a.store.View(func(v store.View) error {
		for since, k := range v.Waiting() {
			if since.After(until) || len(due) == waitStep {
				next = since
				break
			}
			due = append(due, k)
		}
		return nil
	})
	return due, next, err
}

func endAll(v store.View, setup *Setup, due []news.Key, t time.Time) (store.Writes, error) {
	w := store.Writes{Now: t}
	d := newDraft(v, &w, setup)
	for _, k := range due {
		e, found, err := d.Entry(k)
		if err != nil {
			return w, err
		}
		if !found || e.State != news.Waiting { // another transaction was first
			continue
		}
		if err := d.elect(e); err != nil {
			return w, err
		}
	}
	return w, nil
}
