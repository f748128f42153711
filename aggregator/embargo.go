package aggregator

import (
	"errors"
	"slices"
	"time"

	"dateline/aggregator/entries"
	"dateline/aggregator/news"
	"dateline/store"
)

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
		case next.IsZero():
			return time.Hour
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
