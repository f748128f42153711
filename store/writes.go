package store

import (
	"errors"
	"fmt"
	"reflect"
	"time"

	"github.com/fxamacker/cbor/v2"

	"dateline/aggregator/news"
)

// Writes is what one [Store.Update] changed, as plain data. Applied to another file with the same history it gives the same
// content. The states of sources are no part of it: an Update that changed nothing else has no Writes.
type Writes struct {
	_       struct{}          `cbor:",toarray"`
	Format  uint64            // of the ops; see [WritesFormat]
	Seq     uint64            // how many there were with this one, over the life of the store
	Now     int64             // when they were made, in seconds since 1970
	Ops     []cbor.RawMessage // each an array of the op's code and its fields
	Head    uint64            // the newest position of the log afterwards
	Items   uint64            // the highest number that an item was given by then
	Entries uint64            // how many entries there are then

	Erased []news.Key `cbor:"-"` // items whose text was destroyed; nil in those that were parsed
}

// The versions of [Writes]. Those from OldestWrites to WritesFormat are read, one of another is refused ([ErrNewer], [ErrOlder]).
// WritesFormat is written, but to a [Log] that others follow who do not read it yet: there it is [Log.Format].
const (
	OldestWrites = 1
	WritesFormat = 1
)

// DivergedError is returned by [Store.Apply] for Writes of a file that has another history than this one. Nothing was changed.
type DivergedError struct {
	Seq    uint64 // of the Writes
	Reason string // where the transaction differs
}

func (e *DivergedError) Error() string {
	return fmt.Sprintf("store: writes %d are of a file with another history: %s", e.Seq, e.Reason)
}

// ParseWrites reads what [Writes.Bytes] returned. It returns [ErrCorrupt], [ErrNewer] or [ErrOlder].
func ParseWrites(b []byte) (Writes, error) {
	var format uint64
	var all []cbor.RawMessage
	if err := cbor.Unmarshal(b, &all); err != nil || len(all) == 0 || cbor.Unmarshal(all[0], &format) != nil {
		return Writes{}, fmt.Errorf("%w: unreadable writes", ErrCorrupt)
	}
	switch {
	case format > WritesFormat:
		return Writes{}, fmt.Errorf("%w: writes of format %d, this program knows %d", ErrNewer, format, WritesFormat)
	case format < OldestWrites:
		return Writes{}, fmt.Errorf("%w: writes of format %d, this program reads them from %d on", ErrOlder, format, OldestWrites)
	}
	var w Writes
	if err := cbor.Unmarshal(b, &w); err != nil {
		return Writes{}, fmt.Errorf("%w: unreadable writes: %w", ErrCorrupt, err)
	}
	return w, nil
}

// Bytes returns w in CBOR (RFC 8949), without maps, an array of its fields. No Writes of an update cause an error.
func (w Writes) Bytes() ([]byte, error) { return cbor.Marshal(w) }

// Apply makes the changes of others' updates, in one transaction. When it returns nil all of them are on disk; when it returns an
// error none is: a [*DivergedError], [ErrNewer], [ErrCorrupt] or that of the transaction. The states of sources stay as they are.
func (s *Store) Apply(all ...Writes) error {
	return s.submit(applying(all))
}

// applying returns the job that makes the changes of others' updates.
func applying(all []Writes) *job {
	j := &job{applied: true, done: make(chan error, 1)}
	for _, w := range all {
		j.updates = append(j.updates, func(t *Tx) error { return t.apply(w) })
	}
	return j
}

// apply makes the changes of one update.
func (t *Tx) apply(w Writes) error {
	if have := t.Seq(); w.Seq != have+1 {
		return &DivergedError{w.Seq, fmt.Sprintf("this file has %d", have)}
	}
	t.now = time.Unix(w.Now, 0).UTC()
	for _, packed := range w.Ops {
		o, err := t.s.codec.unpackOp(packed)
		if err != nil {
			return fmt.Errorf("writes %d: %w", w.Seq, err)
		}
		if err := t.change(o); err != nil {
			return ofApplied(w, err)
		}
	}
	if err := t.attempt(t.flush); err != nil {
		return err
	}
	if is := t.sum(); is.Head != w.Head || is.Items != w.Items || is.Entries != w.Entries {
		return &DivergedError{w.Seq, fmt.Sprintf("head %d, %d items and %d entries, not %d, %d and %d", is.Head, is.Items, is.Entries,
			w.Head, w.Items, w.Entries)}
	}
	return nil
}

// ofApplied returns the error of an op of others' Writes: what could be made there and cannot be made here shows another history.
func ofApplied(w Writes, err error) error {
	var panicked *PanicError
	if errors.Is(err, ErrNewer) || errors.Is(err, ErrCorrupt) || errors.As(err, &panicked) {
		return fmt.Errorf("writes %d: %w", w.Seq, err)
	}
	return &DivergedError{w.Seq, err.Error()}
}

// sum returns the Writes of the transaction so far.
func (t *Tx) sum() Writes {
	all := t.memo.totals
	return Writes{Format: t.s.writesFormat(), Seq: all.seq, Now: t.now.Unix(), Ops: t.ops, Head: all.last, Items: all.number,
		Entries: *all.rowsOf(bEntry), Erased: t.erased}
}

// writesFormat returns the version in which updates are written.
func (s *Store) writesFormat() uint64 {
	if s.log == nil {
		return WritesFormat
	}
	return min(s.log.Format(), WritesFormat)
}

// ops lists the ops by their codes. A code is never given to another op.
var ops = map[uint64]func() op{
	1:  func() op { return new(found) },
	2:  func() op { return new(putItem) },
	3:  func() op { return new(addKeys) },
	4:  func() op { return new(addTerms) },
	5:  func() op { return new(putEntry) },
	6:  func() op { return new(dropEntry) },
	7:  func() op { return new(appendLog) },
	8:  func() op { return new(putRule) },
	9:  func() op { return new(putWindow) },
	10: func() op { return new(erase) },
	11: func() op { return new(expire) },
	12: func() op { return new(forget) },
	13: func() op { return new(dropLog) },
	14: func() op { return new(prunePostings) },
	15: func() op { return new(dropSource) },
	16: func() op { return new(putSubscription) },
	17: func() op { return new(dropSubscription) },
	18: func() op { return new(putSubscriber) },
	19: func() op { return new(dropSubscriber) },
	20: func() op { return new(putStory) },
	21: func() op { return new(dropExpiry) },
	22: func() op { return new(putConfig) },
}

// opCodes has the code of each op's type.
var opCodes = func() map[reflect.Type]uint64 {
	codes := make(map[reflect.Type]uint64, len(ops))
	for code, empty := range ops {
		codes[reflect.TypeOf(empty())] = code
	}
	return codes
}()

// coded is an op with its code.
type coded[T any] struct {
	_    struct{} `cbor:",toarray"`
	Code uint64
	Op   T
}

func (c *codec) packOp(o op) (cbor.RawMessage, error) {
	code, known := opCodes[reflect.TypeOf(o)]
	if !known {
		return nil, fmt.Errorf("store: op %T has no code", o)
	}
	return c.enc.Marshal(coded[op]{Code: code, Op: o})
}

// unpackOp reads an op. It returns [ErrNewer] for a code that it does not know.
func (c *codec) unpackOp(packed cbor.RawMessage) (op, error) {
	var parts coded[cbor.RawMessage]
	if err := c.unmarshal(packed, &parts); err != nil {
		return nil, err
	}
	empty, known := ops[parts.Code]
	if !known {
		return nil, fmt.Errorf("%w: op %d", ErrNewer, parts.Code)
	}
	o := empty()
	return o, c.unmarshal(parts.Op, o)
}
