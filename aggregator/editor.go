package aggregator

import (
	"dateline/aggregator/entries"
	"dateline/aggregator/news"
	"dateline/store"
)

// Split takes an item out of its entry, for good, see [entries.Split].
func (a *Aggregator) Split(entry, item news.Key) (old, own news.Key, err error) {
	err = a.edit(func(t *store.Tx, setup *entries.Setup) (err error) {
		old, own, err = entries.Split(t, setup, entry, item)
		return err
	})
	return old, own, err
}

// Join makes two entries one, for good, see [entries.Join].
func (a *Aggregator) Join(one, other news.Key) (into news.Key, err error) {
	err = a.edit(func(t *store.Tx, setup *entries.Setup) (err error) {
		into, err = entries.Join(t, setup, one, other)
		return err
	})
	return into, err
}

// Withdraw takes an entry back, see [entries.Withdraw].
func (a *Aggregator) Withdraw(entry news.Key, erase bool) (k news.Key, err error) {
	err = a.edit(func(t *store.Tx, setup *entries.Setup) (err error) {
		k, err = entries.Withdraw(t, setup, entry, erase)
		return err
	})
	return k, err
}

// Restore publishes a withdrawn entry again, see [entries.Restore].
func (a *Aggregator) Restore(entry news.Key) (k news.Key, err error) {
	err = a.edit(func(t *store.Tx, setup *entries.Setup) (err error) {
		k, err = entries.Restore(t, setup, entry)
		return err
	})
	return k, err
}

// edit carries out a decision in a transaction of its own.
func (a *Aggregator) edit(change func(*store.Tx, *entries.Setup) error) error {
	setup := a.currentSetup()
	return a.store.Update(now(), func(t *store.Tx) error { return change(t, &setup.entries) })
}
