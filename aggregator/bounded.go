package aggregator

import (
	"errors"
	"time"

	"dateline/aggregator/entries"
	"dateline/store"
)

const (
	prepareTime = 5 * time.Minute  // for a document to be read, and for its items to be made ready; the largest takes seconds
	itemTime    = 30 * time.Second // for an item that is made ready in the transaction, which others wait for
)

var errUnready = errors.New("the document was not read, or its items not made ready, in time")

// inTime calls do on a document of a source and returns its result, within a time also where do never returns: then the error is
// errUnready, what do returns later is dropped, and until it does every document of the source has that error at once. So a library that
// hangs over a source costs one goroutine, with what it has in memory, and holds up no other source.
func inTime[T any](a *Aggregator, source string, limit time.Duration, do func() (T, error)) (none T, _ error) {
	a.mu.Lock()
	stuck := a.stuck[source]
	a.mu.Unlock()
	if stuck {
		return none, errUnready
	}
	var result T
	var err error
	done := make(chan struct{})
	go func() {
		defer close(done)
		err = store.Recovered(func() (err error) {
			result, err = do()
			return err
		})
	}()
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-done:
		if err != nil {
			return none, err
		}
		return result, nil
	case <-timer.C:
	}
	a.setStuck(source, true)
	go func() {
		<-done
		a.setStuck(source, false)
	}()
	return none, errUnready
}

func (a *Aggregator) setStuck(source string, stuck bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if stuck {
		a.stuck[source] = true
	} else {
		delete(a.stuck, source)
	}
}

// itemInTransaction returns the item at a place. Nearly always it is ready. It panics with errUnready where it is not made ready in time:
// the transaction is undone, and the visit recorded as one that failed.
func (b *batch) itemInTransaction(a *Aggregator, place int) entries.Prepared {
	if p := b.prepared[place]; p.Text != nil {
		return p.Prepared
	}
	p, err := inTime(a, b.Source.ID, itemTime, func() (entries.Prepared, error) { return b.item(place), nil })
	if err != nil {
		panic(err)
	}
	return p
}
