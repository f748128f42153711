package store

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"maps"
	"slices"

	"github.com/fxamacker/cbor/v2"
	"go.etcd.io/bbolt"
)

// The states of the sources are held in memory. Bucket source has them as of the last fold; bucket visit has a row for
// each change since then, in the transaction of the visit that made it. A visit so writes a row behind the last one, and not the
// page of its source, of which the next one is elsewhere.

// foldRows is how many rows are folded into bucket source, or as many as there are sources, if that is more.
const foldRows = 1024

// states is the state of every source as of one transaction, packed. Only the transaction that it is made for changes it.
type states struct {
	db      *bbolt.DB // the file that tx counts in
	tx      int       // the transaction that wrote them
	sources int
	rows    uint64 // in bucket visit
	// By hash of the source's id: a transaction copies those that it changes, and no others.
	parts [256]map[string][]byte
	puts  map[string]SourceState // those that the transaction changed, for the log of the store; nil: it has ended, or changed none
}

// statesInMemory is what the store has of the states: as of the last transaction that changed them, and, while a transaction
// is being committed, as of that one.
type statesInMemory struct{ current, next *states }

// at returns the states as the transaction sees them; nil: they are not in memory.
func (m *statesInMemory) at(tx *bbolt.Tx) *states {
	if m == nil {
		return nil
	}
	for _, st := range []*states{m.next, m.current} {
		if st != nil && st.db == tx.DB() && st.tx <= tx.ID() {
			return st
		}
	}
	return nil
}

// statesAt returns the states as a transaction sees them; nil: they are not in memory. Those that a log keeps are the newest ones for
// every transaction.
func (s *Store) statesAt(tx *bbolt.Tx) *states {
	m := s.states.Load()
	if s.log != nil && m != nil {
		return m.current
	}
	return m.at(tx)
}

// put puts a state that the log of the store is to keep.
func (st *states) put(changed SourceState) {
	st.set(changed.Source, changed.State)
	if st.puts == nil {
		st.puts = map[string]SourceState{}
	}
	st.puts[changed.Source] = changed
}

// recorded returns the states that the log of the store is to keep, by source.
func (st *states) recorded() (all []SourceState) {
	for _, source := range slices.Sorted(maps.Keys(st.puts)) {
		all = append(all, st.puts[source])
	}
	return all
}

func partOf(source string) byte {
	h := fnv.New32a()
	h.Write([]byte(source))
	return byte(h.Sum32())
}

func (st *states) get(source string) []byte { return st.parts[partOf(source)][source] }

// each calls do with each state, until it returns an error.
func (st *states) each(do func(source string, packed []byte) error) error {
	for _, part := range st.parts {
		for source, packed := range part {
			if err := do(source, packed); err != nil {
				return err
			}
		}
	}
	return nil
}

// set puts a packed state where other transactions see the states; nil: none.
func (st *states) set(source string, packed []byte) {
	at := partOf(source)
	st.parts[at] = maps.Clone(st.parts[at])
	st.add(source, packed)
}

// add puts a packed state among states that nothing else sees yet; nil: none.
func (st *states) add(source string, packed []byte) {
	part := st.parts[partOf(source)]
	if part == nil {
		part = map[string][]byte{}
		st.parts[partOf(source)] = part
	}
	st.sources -= len(part)
	if part[source] = packed; packed == nil {
		delete(part, source)
	}
	st.sources += len(part)
}

// readStates reads the states from the file: what was folded, then what changed since.
func (v View) readStates() (*states, error) {
	st := &states{db: v.tx.DB(), tx: v.tx.ID()}
	err := v.table(bSource).each(func(k, value []byte) error {
		if k[0] != 0 && k[len(k)-1] != 0 { // else it is a description, or a window
			st.add(string(k), bytes.Clone(value))
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = v.table(bVisit).each(func(k, value []byte) error {
		source, delta, err := unpackVisit(value)
		if st.rows++; err == nil && !bytes.Equal(k, key8(st.rows)) {
			err = errValue
		}
		var packed []byte
		if err == nil {
			packed, err = v.s.codec.applyDelta(st.get(source), delta)
		}
		if err != nil {
			return fmt.Errorf("visit %x: %w", k, err)
		}
		st.add(source, packed)
		return nil
	})
	return st, err
}

// loadStates reads the states into memory. Where they cannot be read, who asks for one gets the error.
func (s *Store) loadStates() {
	_ = s.snapshot(func(v View) error {
		st, err := v.readStates()
		if err == nil {
			s.states.Store(&statesInMemory{current: st})
		}
		return err
	})
}

// appendVisit puts the state of a source, in memory and as a row that says what has changed of it; nil forgets the source.
func (t *Tx) appendVisit(source string, packed []byte) error {
	st := t.memo.states
	if t.s.log != nil {
		st.put(SourceState{Source: source, State: packed})
		return nil
	}
	if bytes.Equal(st.get(source), packed) {
		return nil
	}
	delta, err := t.s.codec.delta(st.get(source), packed)
	if err != nil {
		return fmt.Errorf("source %s: %w", source, err)
	}
	st.rows++
	st.set(source, packed)
	return t.table(bVisit).filled(1).put(key8(st.rows), packVisit(source, delta)) // rows are only appended
}

// fold writes the states that have changed since the last fold to bucket source, and drops the rows.
func (t *Tx) fold() error {
	st, changed := t.memo.states, map[string]struct{}{}
	err := t.table(bVisit).each(func(k, value []byte) error {
		source, _, err := unpackVisit(value)
		if err != nil {
			return fmt.Errorf("visit %x: %w", k, err)
		}
		changed[source] = struct{}{}
		return nil
	})
	if err != nil {
		return err
	}
	to := t.table(bSource)
	for _, source := range slices.Sorted(maps.Keys(changed)) {
		if packed := st.get(source); packed != nil {
			err = to.put([]byte(source), packed)
		} else {
			err = to.delete([]byte(source))
		}
		if err != nil {
			return err
		}
	}
	if err := t.tx.DeleteBucket(bVisit); err != nil {
		return err
	}
	_, err = t.tx.CreateBucket(bVisit)
	delete(t.memo.tables, string(bVisit))
	*t.memo.totals.rowsOf(bVisit), st.rows = 0, 0
	return err
}

// A row of bucket visit is a schema byte, the source's id behind its length, and what has changed of its state: fields in CBOR,
// null for one that has its zero value now; nothing at all for a source that was forgotten.
func packVisit(source string, delta []byte) []byte {
	return append(appendString(append(make([]byte, 0, 2+len(source)+len(delta)), formPlain), source), delta...)
}

func unpackVisit(value []byte) (source string, delta []byte, err error) {
	r := read(value, formPlain)
	source = r.string()
	if source == "" {
		r.Fail()
	}
	return source, r.Rest, r.err()
}

type fields map[uint64]cbor.RawMessage

// fields returns those of a packed state; none where it is nil.
func (c *codec) fields(packed []byte) (fields, error) {
	f := fields{}
	if packed == nil {
		return f, nil
	}
	return f, c.unpack(packed, &f)
}

var cborNull = cbor.RawMessage{0xf6}

// delta returns the fields of a packed state that are not as they were before.
func (c *codec) delta(before, after []byte) ([]byte, error) {
	if after == nil {
		return nil, nil
	}
	was, err := c.fields(before)
	if err != nil {
		return nil, err
	}
	is, err := c.fields(after)
	if err != nil {
		return nil, err
	}
	for k := range was {
		if _, still := is[k]; !still {
			is[k] = cborNull
		}
	}
	maps.DeleteFunc(is, func(k uint64, value cbor.RawMessage) bool { return bytes.Equal(was[k], value) })
	return c.enc.Marshal(is)
}

// applyDelta returns the packed state that delta makes of another.
func (c *codec) applyDelta(before, delta []byte) ([]byte, error) {
	if len(delta) == 0 {
		return nil, nil
	}
	f, err := c.fields(before)
	if err != nil {
		return nil, err
	}
	var d fields
	if err := c.unmarshal(delta, &d); err != nil {
		return nil, err
	}
	maps.Copy(f, d)
	maps.DeleteFunc(f, func(_ uint64, value cbor.RawMessage) bool { return bytes.Equal(value, cborNull) })
	return c.packState(f)
}
