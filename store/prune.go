package store

import (
	"encoding/binary"
	"errors"
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
		if err := s.Update(now, u.step); err != nil {
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
	states, err := v.States()
	if err != nil {
		return nil, err
	}
	out := map[string]time.Time{}
	for source, st := range states {
		if st.LastSuccess.IsZero() || st.LastSuccess.Add(u.r.Text).After(u.now) {
			continue
		}
		if w, err := v.window(source); err != nil {
			return nil, err
		} else if len(w) > 0 {
			out[source] = st.LastSuccess
		}
	}
	return out, nil
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
		it, _, err := t.current(number)
		if err != nil {
			return err
		}
		u.done.Texts++
		return t.change(&expire{Number: number, Day: day, Keys: u.identityKeys(it)})
	})
}

// expire removes the text of an item that left its feed.
type expire struct {
	_      struct{} `cbor:",toarray"`
	Number uint64
	Day    uint32             // when it left
	Keys   []news.IdentityKey // what it is recognised by
}

func (o *expire) do(t *Tx) error {
	if err := t.erase(o.Number, o.Keys); err != nil {
		return err
	}
	return t.setExpiry(o.Number, expireKeys, o.Day)
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
	type noted struct {
		number uint64
		day    uint32
	}
	var all []noted // what is taken changes what is noted
	c, last := t.table(bExpiry).cursor(), dayOf(until)
	for k, _ := c.seek([]byte{what}); u.budget > 0 && len(k) == 13 && k[0] == what; k, _ = c.next() {
		day := binary.BigEndian.Uint32(k[1:])
		if day > last {
			break
		}
		all = append(all, noted{num8(k[5:]), day})
		u.budget--
	}
	if c.err != nil {
		return c.err
	}
	for _, n := range all {
		if err := take(n.number, n.day); err != nil {
			return err
		}
	}
	return nil
}

// forget removes items, what they are found by and, each with its last item, their entries. The representative of an entry whose
// other items are still there stays until they go.
type forget struct {
	_       struct{} `cbor:",toarray"`
	Numbers []uint64
}

func (o *forget) do(t *Tx) error {
	var gone []uint64
	for _, n := range o.Numbers {
		goes, err := t.forget(n)
		if err != nil {
			return err
		}
		if goes {
			gone = append(gone, n)
		}
	}
	return t.dropPostings(gone, iFingerprint, iStem, iKey)
}

// forget removes an item, and reports whether it was there and went. What it is found by stays.
func (t *Tx) forget(number uint64) (goes bool, err error) {
	it, found, err := t.current(number)
	if err != nil || !found {
		return false, err
	}
	e, hasEntry, err := t.Entry(it.Key)
	if err != nil {
		return false, err
	}
	if hasEntry {
		for _, k := range e.Members() {
			if other, there, err := t.Item(k); err != nil {
				return false, err
			} else if there && other.Key != it.Key {
				return false, t.setExpiry(number, expireKeys, dayOf(t.now))
			}
		}
		if err := t.dropEntry(number); err != nil {
			return false, err
		}
	}
	return true, errors.Join(t.putRule(number, news.Rule{}), t.setExpiry(number, expireKeys, 0), t.replace(number, nil))
}

func (t *Tx) dropEntry(number uint64) error { return t.table(bEntry).delete(key8(number)) }

// records drops archive pages of which nothing is left, the oldest first, whole. The page that holds the head
// stays, since positions go on from there.
func (u *pruner) records(t *Tx) error {
	head := t.Head()
	for u.budget > 0 {
		first := t.Oldest()
		if first == 0 {
			return nil
		}
		last := (first-1)/PageSize*PageSize + PageSize
		if last >= head {
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

// dropLog removes the rest of a page of the log.
type dropLog struct {
	_           struct{} `cbor:",toarray"`
	First, Last uint64
}

func (o *dropLog) do(t *Tx) error {
	for pos := o.First; pos <= o.Last; pos++ {
		if err := t.table(bLog).delete(key8(pos)); err != nil {
			return err
		}
	}
	if t.memo.totals.first = o.Last + 1; o.Last >= t.memo.totals.last {
		t.memo.totals.first, t.memo.totals.last = 0, 0
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
		it, found, err := v.current(number)
		if err != nil || found && !it.Erased {
			return false, err
		}
	}
	return true, nil
}
