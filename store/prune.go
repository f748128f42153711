package store

import (
	"encoding/binary"
	"time"

	"go.etcd.io/bbolt"

	"dateline/aggregator/news"
)

// Retention says how long what is kept after an item was last in its feed.
type Retention struct {
	Text time.Duration // titles, texts, credits
	Keys time.Duration // what it is recognised by; 0: for ever
	// Fingerprints are kept so long after they were seen; 0: for ever.
	Fingerprints time.Duration
}

// PruneStats counts what an [Store.Prune] did.
type PruneStats struct {
	Texts        int  // items whose text went
	Keys         int  // items that went altogether
	Records      int  // of the log
	Fingerprints int  // that nothing asks for any more
	More         bool // the budget ended before the work did
}

// PageSize is how many records an archive page holds: the log is dropped in whole pages.
const PageSize = 100

// pruneStep bounds the items of one transaction, so that visits wait little.
const pruneStep = 200

// Prune removes what is past retention at now, in small transactions, for no longer than budget. identityKeys says what
// an item is recognised by besides its key. Whatever was done before an error stays done.
func (s *Store) Prune(now time.Time, r Retention, identityKeys func(news.Item) []news.IdentityKey, budget time.Duration) (PruneStats, error) {
	var total PruneStats
	began := time.Now()
	for {
		u := pruner{r: r, now: now, identityKeys: identityKeys, budget: pruneStep}
		if idle, err := u.idle(s); idle || err != nil {
			return total, err
		}
		if err := s.Commit(u.decide); err != nil {
			return total, err
		}
		total.Texts += u.done.Texts
		total.Keys += u.done.Keys
		total.Records += u.done.Records
		total.Fingerprints += u.done.Fingerprints
		if u.budget > 0 {
			return total, nil
		}
		if time.Since(began) >= budget {
			total.More = true
			return total, nil
		}
	}
}

// pruner is one step.
type pruner struct {
	r            Retention
	now          time.Time
	identityKeys func(news.Item) []news.IdentityKey
	budget       int
	done         PruneStats
}

// decide does the step by itself: pruning writes what no visit writes.
func (u *pruner) decide(v View) (Writes, error) {
	u.budget, u.done = pruneStep, PruneStats{}
	for _, step := range []func(View) error{u.depart, u.texts, u.keys, u.records, u.postings} {
		if err := step(v); err != nil {
			return Writes{}, err
		}
	}
	return Writes{pruned: true}, nil
}

// idle reports that there is nothing to do: then nothing is written either.
func (u *pruner) idle(s *Store) (idle bool, err error) {
	err = s.View(func(v View) error {
		gone, err := u.gone(v)
		if err != nil {
			return err
		}
		if len(gone) > 0 || waits(v, expireText, u.now.Add(-u.r.Text)) || u.r.Keys > 0 && waits(v, expireKeys, u.now.Add(-u.r.Keys)) {
			return nil
		}
		more, err := u.hasExpired(v)
		idle = !more
		return err
	})
	return idle, err
}

// waits reports whether an item is noted under what up to a day.
func waits(v View, what byte, until time.Time) bool {
	k, _ := v.tx.Bucket(bExpiry).Cursor().Seek([]byte{what})
	return len(k) == 13 && k[0] == what && binary.BigEndian.Uint32(k[1:]) <= dayOf(until)
}

// gone returns the sources that have not been read for as long as texts are kept, and still have a window.
func (u *pruner) gone(v View) (map[string]time.Time, error) {
	states, err := v.States()
	if err != nil {
		return nil, err
	}
	out := map[string]time.Time{}
	for source, st := range states {
		if st.LastSuccess.IsZero() || st.LastSuccess.Add(u.r.Text).After(u.now) {
			continue
		}
		if w, err := unpackWindow(v.tx.Bucket(bSource).Get(windowKey(source))); err != nil {
			return nil, err
		} else if len(w) > 0 {
			out[source] = st.LastSuccess
		}
	}
	return out, nil
}

// depart lets the items of a source that has not been read for as long as texts are kept leave its feed, on
// the day when it was last read: it was removed or has fallen silent.
func (u *pruner) depart(v View) error {
	gone, err := u.gone(v)
	if err != nil {
		return err
	}
	for source, at := range gone {
		w := Writes{Source: source, Window: []news.Seen{}, Now: at}
		departed, returned, err := v.departuresAndReturns(w)
		if err != nil {
			return err
		}
		if err := v.putDeparturesAndReturns(departed, returned, dayOf(at)); err != nil {
			return err
		}
		if err := v.putWindow(source, w.Window); err != nil {
			return err
		}
	}
	return nil
}

// texts removes the texts of the items that left long enough ago.
func (u *pruner) texts(v View) error {
	return u.days(v, expireText, u.now.Add(-u.r.Text), func(number uint64, day uint32) error {
		if err := v.erase(number, u.identityKeys); err != nil {
			return err
		}
		u.done.Texts++
		return v.tx.Bucket(bExpiry).Put(dayKey(expireKeys, day, number), nil)
	})
}

// keys forgets the items altogether.
func (u *pruner) keys(v View) error {
	if u.r.Keys <= 0 {
		return nil
	}
	return u.days(v, expireKeys, u.now.Add(-u.r.Keys), func(number uint64, _ uint32) error {
		u.done.Keys++
		return u.forget(v, number)
	})
}

// days takes the items noted under what up to a day out of claimday, the longest gone first.
func (u *pruner) days(v View, what byte, until time.Time, take func(number uint64, day uint32) error) error {
	c := v.tx.Bucket(bExpiry).Cursor()
	for u.budget > 0 && waits(v, what, until) {
		k, _ := c.Seek([]byte{what}) // from the start each time: taking deletes
		day, number := binary.BigEndian.Uint32(k[1:]), num8(k[5:])
		if err := c.Delete(); err != nil {
			return err
		}
		if err := take(number, day); err != nil {
			return err
		}
		u.budget--
	}
	return nil
}

// forget removes an item and, with its last item, the entry. The representative of an entry whose other
// items are still there stays until they go.
func (u *pruner) forget(v View, number uint64) error {
	it, found, err := v.current(number)
	if err != nil || !found {
		return err
	}
	e, hasEntry, err := v.Entry(it.Key)
	if err != nil {
		return err
	}
	if hasEntry {
		for _, k := range e.Members() {
			if other, there, err := v.Item(k); err != nil {
				return err
			} else if there && other.Key != it.Key {
				return v.tx.Bucket(bExpiry).Put(dayKey(expireKeys, dayOf(u.now), number), nil)
			}
		}
		if err := v.dropEntry(number, e); err != nil {
			return err
		}
	}
	for _, c := range it.IdentityKeys {
		if err := v.dropIdentityKey(c, number); err != nil {
			return err
		}
	}
	if err := v.putRule(number, news.Rule{}); err != nil {
		return err
	}
	own := it.Key.IdentityKey()
	if err := v.tx.Bucket(bIdentity).Delete(own[:]); err != nil {
		return err
	}
	return v.replace(number, nil)
}

func (v View) dropEntry(number uint64, e news.Entry) error {
	if e.ID != "" {
		c := atomIDKey(e.ID)
		if err := v.tx.Bucket(bAlias).Delete(c[:]); err != nil {
			return err
		}
	}
	return v.tx.Bucket(bEntry).Delete(key8(number))
}

// dropIdentityKey takes an item off those that have the identity key.
func (v View) dropIdentityKey(c news.IdentityKey, number uint64) error {
	cl, err := v.identity(c)
	if err != nil || cl.isItemKey {
		return err
	}
	var rest []uint64
	for _, n := range cl.numbers {
		if n != number {
			rest = append(rest, n)
		}
	}
	if len(rest) == 0 {
		return v.tx.Bucket(bIdentity).Delete(c[:])
	}
	return v.setIdentity(c, identity{numbers: rest})
}

// records drops archive pages of which nothing is left, the oldest first, whole. The page that holds the head
// stays, since positions go on from there.
func (u *pruner) records(v View) error {
	b := v.tx.Bucket(bLog)
	head := v.Head()
	for u.budget > 0 {
		k, _ := b.Cursor().First()
		if k == nil {
			return nil
		}
		first := num8(k)
		last := (first-1)/PageSize*PageSize + PageSize
		if last >= head {
			return nil
		}
		gone, err := pastRetention(v, b, first, last)
		if err != nil || !gone {
			return err
		}
		for pos := first; pos <= last; pos++ {
			if err := b.Delete(key8(pos)); err != nil {
				return err
			}
		}
		u.done.Records += int(last - first + 1)
		u.budget = max(0, u.budget-PageSize)
	}
	return nil
}

// pastRetention reports whether no entry of the records has a text left.
func pastRetention(v View, b *bbolt.Bucket, first, last uint64) (bool, error) {
	for pos := first; pos <= last; pos++ {
		number, _, err := unpackLog(pos, b.Get(key8(pos)))
		if err != nil {
			return false, err
		}
		it, found, err := v.current(number)
		if err != nil || found && !it.Erased {
			return false, err
		}
	}
	return true, nil
}
