package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"time"

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

// pruneStep bounds the items of one transaction, so that visits wait little.
const pruneStep = 200

// Prune removes what is past retention at now, in small transactions, for no longer than budget. identityKeys says what
// an item is recognised by besides its key. What was done before an error stays done.
func (s *Store) Prune(now time.Time, r Retention, identityKeys func(news.Item) []news.IdentityKey, budget time.Duration) (PruneStats,
	error) {
	var total PruneStats
	began := time.Now()
	for {
		u := pruner{r: r, now: now, identityKeys: identityKeys}
		if idle, err := u.idle(s); idle || err != nil {
			return total, err
		}
		if err := s.Update(now, u.step); err != nil {
			return total, err
		}
		total.Texts += u.done.Texts
		total.Keys += u.done.Keys
		total.Records += u.done.Records
		total.Fingerprints += u.done.Fingerprints
		total.More = u.budget == 0 && time.Since(began) >= budget
		if u.budget > 0 || total.More {
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

// step removes some of what is past retention.
func (u *pruner) step(t *Tx) error {
	u.budget, u.done = pruneStep, PruneStats{}
	for _, part := range []func(*Tx) error{u.depart, u.texts, u.keys, u.records, u.postings} {
		if err := part(t); err != nil {
			return err
		}
	}
	return nil
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
		more, err := u.horizon().hasExpired(v)
		idle = !more
		return err
	})
	return idle, err
}

// waits reports whether an item is noted under what up to a day.
func waits(v View, what byte, until time.Time) bool {
	k, _ := v.table(bExpiry).cursor().seek([]byte{what})
	return len(k) == 13 && k[0] == what && binary.BigEndian.Uint32(k[1:]) <= dayOf(until)
}

// gone returns the sources that have not been read for as long as texts are kept, and still have a window.
func (u *pruner) gone(v View) (map[string]time.Time, error) {
	states, err := v.states()
	if err != nil {
		return nil, err
	}
	out := map[string]time.Time{}
	return out, states.each(func(source string, packed []byte) error {
		var st struct { // of news.State: to decode the rest costs five times as much
			LastSuccess time.Time `cbor:"5,keyasint"`
		}
		if err := v.s.codec.unpack(packed, &st); err != nil {
			return fmt.Errorf("source %s: %w", source, err)
		}
		if st.LastSuccess.IsZero() || st.LastSuccess.Add(u.r.Text).After(u.now) {
			return nil
		}
		w, err := v.window(source)
		if len(w) > 0 {
			out[source] = st.LastSuccess
		}
		return err
	})
}

// depart lets the items of a source that has not been read for as long as texts are kept leave its feed, on
// the day when it was last read: it was removed or has fallen silent.
func (u *pruner) depart(t *Tx) error {
	gone, err := u.gone(t.View)
	if err != nil {
		return err
	}
	for _, source := range slices.Sorted(maps.Keys(gone)) {
		if err := t.change(&putWindow{Source: source, At: gone[source].Unix()}); err != nil {
			return err
		}
	}
	return nil
}

// texts removes the texts of the items that left long enough ago.
func (u *pruner) texts(t *Tx) error {
	return u.days(t, expireText, u.now.Add(-u.r.Text), func(number uint64, day uint32) error {
		it, found, err := t.ItemByNumber(number)
		if err != nil || !found {
			return err
		}
		u.done.Texts++
		return t.change(&expire{Number: number, Day: day, Keys: u.identityKeys(it)})
	})
}

// keys forgets the items altogether.
func (u *pruner) keys(t *Tx) error {
	if u.r.Keys <= 0 {
		return nil
	}
	var all []uint64
	err := u.days(t, expireKeys, u.now.Add(-u.r.Keys), func(number uint64, _ uint32) error {
		all = append(all, number)
		return nil
	})
	if err != nil || len(all) == 0 {
		return err
	}
	u.done.Keys += len(all)
	return t.change(&forget{Numbers: all})
}

// days takes the items noted under what up to a day, the longest gone first.
func (u *pruner) days(t *Tx, what byte, until time.Time, take func(number uint64, day uint32) error) error {
	for last := dayOf(until); u.budget > 0; {
		c := t.table(bExpiry).cursor() // what is taken changes the bucket
		k, value := c.seek([]byte{what})
		if k == nil || k[0] != what {
			return c.err
		}
		row := bytes.Clone(k)
		day, numbers, err := readExpiring(k, value)
		if err != nil || day > last {
			return err
		}
		n := min(u.budget, len(numbers))
		for _, number := range numbers[:n] {
			gone, err := t.leftOn(day, number)
			if err == nil && gone {
				err = take(number, day)
			}
			if err != nil {
				return err
			}
		}
		if err := t.change(&dropExpiry{Row: row, N: n}); err != nil {
			return err
		}
		u.budget -= n
	}
	return nil
}

// records drops archive pages of which nothing is left, the oldest first, whole. The page that holds the head
// stays, since positions go on from there.
func (u *pruner) records(t *Tx) error {
	for u.budget > 0 {
		first := t.Oldest()
		last := (first-1)/PageSize*PageSize + PageSize
		if first == 0 || last >= t.Head() {
			return nil
		}
		gone, err := pastRetention(t.View, first, last)
		if err != nil || !gone {
			return err
		}
		if err := t.change(&dropLog{First: first, Last: last}); err != nil {
			return err
		}
		u.done.Records += int(last - first + 1)
		u.budget = max(0, u.budget-PageSize)
	}
	return nil
}

// pastRetention reports whether no entry of the records has a text left.
func pastRetention(v View, first, last uint64) (bool, error) {
	for pos := first; pos <= last; pos++ {
		number, _, err := v.atPosition(pos)
		if err != nil {
			return false, err
		}
		it, found, err := v.ItemByNumber(number)
		if err != nil || found && !it.Erased {
			return false, err
		}
	}
	return true, nil
}

// postings drops what nothing is asked for any more. Fingerprints are compared with for as long as Retention.Fingerprints says; what
// an item is searched for by goes with its text.
func (u *pruner) postings(t *Tx) error {
	x := u.horizon()
	any, err := x.hasExpired(t.View)
	if err != nil || !any {
		return err
	}
	o := &prunePostings{Before: x}
	if err := t.change(o); err != nil {
		return err
	}
	u.done.Fingerprints += o.removed
	return nil
}

// horizon returns the time before which fingerprints have expired.
func (u *pruner) horizon() horizon {
	if u.r.Fingerprints <= 0 {
		return 0
	}
	return horizon(u.now.Add(-u.r.Fingerprints).Unix())
}

// Purged counts what a [Store.Purge] did.
type Purged struct {
	Items int // that went, with their entries and all that they were recognised by
	Kept  int // that stay: they represent entries which other sources carry too
}

// Purge removes what is remembered of a source, fingerprints included, in small transactions. An item goes out of the entries of others
// that it is in; its own entry goes with it, without a notice. One that represents an entry which others carry stays until
// those go, and the source stays credited for it. What was done before an error stays done.
func (s *Store) Purge(now time.Time, source string, identityKeys func(news.Item) []news.IdentityKey) (Purged, error) {
	var total Purged
	for from := uint64(1); from > 0; {
		var next uint64
		var done Purged
		err := s.Update(now, func(t *Tx) (err error) {
			next, done, err = t.purge(source, from, identityKeys)
			return err
		})
		if err != nil {
			return total, err
		}
		total.Items += done.Items
		total.Kept += done.Kept
		from = next
	}
	return total, s.Update(now, func(t *Tx) error { return t.forgetSource(source, total.Kept > 0) })
}

// purgeStep bounds the items of one transaction. Removing their postings rewrites every segment that has some, so that few large
// steps take less time than many small ones.
const purgeStep = 2000

// purge is one step: it looks at the items from one number on, and returns the number for the next step; 0: there is none.
func (t *Tx) purge(source string, from uint64, identityKeys func(news.Item) []news.IdentityKey) (next uint64, done Purged, err error) {
	var gone []news.Erasure
	var numbers []uint64
	for n := from; n <= t.memo.totals.number; n++ {
		if n == from+10*purgeStep || len(gone)+done.Kept == purgeStep {
			next = n
			break
		}
		it, found, err := t.ItemByNumber(n)
		if err != nil {
			return 0, done, err
		}
		if !found || it.Source != source {
			continue
		}
		goes, err := t.takeOut(it)
		switch {
		case err != nil:
			return 0, done, err
		case goes:
			gone, numbers = append(gone, news.Erasure{Item: it.Key, IdentityKeys: identityKeys(it)}), append(numbers, n)
		default:
			done.Kept++
		}
	}
	done.Items = len(gone)
	if err := t.Erase(gone...); err != nil || done.Items == 0 {
		return next, done, err
	}
	return next, done, t.change(&forget{Numbers: numbers})
}

// takeOut takes an item out of the entry of another, and reports whether it goes.
func (t *Tx) takeOut(it news.Item) (goes bool, err error) {
	e, found, err := t.Entry(it.Entry)
	switch {
	case err != nil:
		return false, err
	case found && e.Key == it.Key && len(e.Members()) > 1:
		return false, nil
	case found && e.Key != it.Key:
		e.Items = slices.DeleteFunc(slices.Clone(e.Members()), func(k news.Key) bool { return k == it.Key })
		return true, t.PutEntry(e)
	}
	return true, nil
}

// forgetSource removes the state of a source; called says that it stays known how it was called.
func (t *Tx) forgetSource(source string, called bool) error {
	if err := t.change(&dropSource{Source: source}); err != nil {
		return err
	}
	old, err := t.State(source)
	if err != nil {
		return err
	}
	if called {
		return t.PutState(source, old.Called()) // it is due no more
	}
	return t.appendVisit(source, nil)
}
