package store

import (
	"encoding/binary"
	"fmt"
	"time"
	"unsafe"

	"dateline/aggregator/news"
)

// State returns what is remembered of a source; the zero State for one never visited.
func (v View) State(source string) (news.State, error) {
	all, err := v.states()
	if err != nil {
		return news.State{}, err
	}
	if packed := all.get(source); packed != nil {
		return v.unpackState(source, packed)
	}
	return news.State{}, nil
}

// StateVersion says which state of a source it is: two that are equal are of the same one. The zero StateVersion is of a source that was
// never visited.
type StateVersion struct{ packed *byte }

// StateVersion returns the version of the state that [View.State] returns, which costs less. What the store counts itself (items held
// back and under embargo) is not in it.
func (v View) StateVersion(source string) (StateVersion, error) {
	all, err := v.states()
	if err != nil {
		return StateVersion{}, err
	}
	return StateVersion{unsafe.SliceData(all.get(source))}, nil
}

// States returns what is remembered of every source ever visited, by id.
func (v View) States() (map[string]news.State, error) {
	all, err := v.states()
	if err != nil {
		return nil, err
	}
	out := make(map[string]news.State, all.sources)
	return out, all.each(func(source string, packed []byte) (err error) {
		out[source], err = v.unpackState(source, packed)
		return err
	})
}

// states returns those that the view sees: the ones in memory, or where these are of a later transaction what its file has.
func (v View) states() (*states, error) {
	if v.memo.states == nil {
		v.memo.states = v.s.statesAt(v.tx)
	}
	if v.memo.states == nil {
		st, err := v.readStates()
		if err != nil {
			return nil, err
		}
		v.memo.states = st
	}
	return v.memo.states, nil
}

func (v View) unpackState(source string, packed []byte) (st news.State, err error) {
	if err := v.s.codec.unpack(packed, &st); err != nil {
		return st, fmt.Errorf("source %s: %w", source, err)
	}
	err = v.countHeld(source, &st)
	return st, err
}

// PutState stores what is remembered of a source. It is no part of what other files of the same history hold.
func (t *Tx) PutState(source string, st news.State) error {
	delete(t.tags.states, source)
	return t.attempt(func() error {
		packed, err := t.s.codec.packState(st)
		if err != nil {
			return err
		}
		if t.s.log != nil {
			t.memo.states.put(SourceState{source, st.Due, packed})
			return nil
		}
		return t.appendVisit(source, packed)
	})
}

// Window returns the items of the source's last good document, in its order.
func (v View) Window(source string) ([]news.Seen, error) {
	w, err := v.window(source)
	if err != nil {
		return nil, err
	}
	out := make([]news.Seen, len(w))
	for i, s := range w {
		out[i].Sum = s.sum
		found := false
		if out[i].Item, found, err = v.keyOf(s.number); err != nil {
			return nil, fmt.Errorf("source %s: window: %w", source, err)
		}
		if found {
			v.memo.name(out[i].Item, s.number)
		}
	}
	return out, nil
}

// window returns what is stored of the source's last good document.
func (v View) window(source string) ([]seen, error) {
	value, err := v.table(bSource).get(windowKey(source))
	if err != nil {
		return nil, err
	}
	w, err := unpackWindow(value)
	if err != nil {
		return nil, fmt.Errorf("source %s: window: %w", source, err)
	}
	return w, nil
}

type seen struct {
	number uint64
	sum    uint64
}

// without returns the numbers in w that are not in other.
func without(w, other []seen) (numbers []uint64) {
	in := make(map[uint64]bool, len(other))
	for _, s := range other {
		in[s.number] = true
	}
	for _, s := range w {
		if !in[s.number] {
			numbers = append(numbers, s.number)
		}
	}
	return numbers
}

// A window is a schema byte, then for each item its number and the sum of its bytes.
func packWindow(w []seen) []byte {
	b := append(make([]byte, 0, 1+len(w)*13), formPlain)
	for _, s := range w {
		b = binary.AppendUvarint(b, s.number)
		b = binary.BigEndian.AppendUint64(b, s.sum)
	}
	return b
}

func unpackWindow(v []byte) ([]seen, error) {
	if len(v) == 0 {
		return nil, nil
	}
	r := read(v, formPlain)
	var w []seen
	for !r.Done() {
		w = append(w, seen{number: r.Uvarint(), sum: r.uint64()})
	}
	return w, r.err()
}

// PutWindow stores which items are in the last good document of a source, in its order. An item that was in the one before left
// its feed now.
func (t *Tx) PutWindow(source string, window []news.Seen) error {
	o := &putWindow{Source: source, At: t.now.Unix()}
	for _, s := range window {
		o.Items, o.Sums = append(o.Items, s.Item), append(o.Sums, s.Sum)
	}
	return t.change(o)
}

type putWindow struct {
	_      struct{} `cbor:",toarray"`
	Source string
	Items  []news.Key
	Sums   []uint64 // of the bytes of each item
	At     int64    // when items left that are not in it, in seconds
}

func (o *putWindow) do(t *Tx) error {
	if len(o.Items) != len(o.Sums) {
		return errValue
	}
	before, err := t.window(o.Source)
	if err != nil {
		return err
	}
	window := make([]seen, len(o.Items))
	for i, k := range o.Items {
		number, err := t.mustNumber(k)
		if err != nil {
			return err
		}
		window[i] = seen{number: number, sum: o.Sums[i]}
	}
	if err := t.noteExpiry(expireText, dayOf(time.Unix(o.At, 0)), without(before, window)...); err != nil {
		return err
	}
	for _, number := range without(window, before) {
		if number > t.known { // it was never in a feed before
			continue
		}
		if err := t.table(bReturned).put(key8(number), dayAlone(0)); err != nil {
			return err
		}
	}
	return t.table(bSource).put(windowKey(o.Source), packWindow(window))
}

// dropSource removes the window of a source that is configured no more. The store did not begin with it.
type dropSource struct {
	_      struct{} `cbor:",toarray"`
	Source string
}

func (o *dropSource) do(t *Tx) error {
	err := (&putWindow{Source: o.Source, At: t.now.Unix()}).do(t) // what stays of it has left its feed
	if err == nil && t.HasInitialSources() {
		err = t.table(bInitialSource).delete([]byte(o.Source))
	}
	if err != nil {
		return err
	}
	return t.table(bSource).delete(windowKey(o.Source))
}

// The initial sources are the sources that the store began with: what they have at their first visit is the wire's beginning,
// what a source has that was added later is mostly old. They are written with the first visit that is recorded, so a
// config edited before anything was read founds the store as much as one that was there when the file was made.

// HasInitialSources reports whether the initial sources were written.
func (v View) HasInitialSources() bool { return v.tx.Bucket(bInitialSource) != nil }

// IsInitialSource reports whether the source is one of the initial sources. It stays one when it leaves the config and comes back.
func (v View) IsInitialSource(source string) bool {
	found, err := v.table(bInitialSource).has([]byte(source))
	return found || err != nil // all of a row is its key
}

// PutInitialSources stores which sources the store begins with; once, later calls change nothing.
func (t *Tx) PutInitialSources(ids []string) error {
	if ids == nil || t.HasInitialSources() {
		return nil
	}
	return t.change(&found{Sources: ids})
}

// found is the beginning of a store. What is empty is not known yet.
type found struct {
	_       struct{} `cbor:",toarray"`
	FeedID  string
	Sources []string
}

func (o *found) do(t *Tx) error {
	if o.FeedID != "" && t.FeedID() == "" {
		t.memo.totals.feedID = o.FeedID
	}
	if o.Sources == nil || t.HasInitialSources() {
		return nil
	}
	if _, err := t.tx.CreateBucket(bInitialSource); err != nil {
		return err
	}
	delete(t.memo.tables, string(bInitialSource)) // it was empty
	for _, id := range o.Sources {
		if err := t.table(bInitialSource).put([]byte(id), nil); err != nil {
			return err
		}
	}
	return nil
}
