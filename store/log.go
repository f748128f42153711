package store

import (
	"cmp"
	"encoding/binary"
	"iter"
	"time"

	"dateline/aggregator/news"
)

// PageSize is how many records an archive page holds: the log is dropped in whole pages.
const PageSize = 100

// Head returns the newest position of the log; 0: nothing has been published.
func (v View) Head() uint64 { return v.memo.totals.last }

// Oldest returns the oldest position that the log still has; 0: it has none.
func (v View) Oldest() uint64 { return v.memo.totals.first }

// Records yields the log from position from downwards; 0: from the head.
func (v View) Records(from uint64) iter.Seq2[news.LogRecord, error] {
	return sequence(func(give func(news.LogRecord) error) error {
		pos := v.Head()
		if from > 0 {
			pos = min(pos, from)
		}
		for ; pos > 0 && pos >= v.Oldest(); pos-- {
			if err := v.logRecord(pos, give); err != nil {
				return err
			}
		}
		return nil
	})
}

// logRecord gives the record at a position, unless its entry was forgotten; its page goes as a whole.
func (v View) logRecord(pos uint64, give func(news.LogRecord) error) error {
	number, rec, err := v.atPosition(pos)
	if err != nil {
		return err
	}
	found := false
	if rec.Entry, found, err = v.keyOf(number); err != nil || !found {
		return err
	}
	v.memo.name(rec.Entry, number)
	return give(rec)
}

// atPosition returns the record of the log at a position, which must be one of its own: positions are dense.
func (v View) atPosition(pos uint64) (number uint64, rec news.LogRecord, err error) {
	b := v.table(bLog)
	value, err := b.get(key8(pos))
	if err == nil && value == nil {
		err = b.damaged(key8(pos), "is missing")
	}
	if err != nil {
		return 0, rec, err
	}
	return unpackLog(pos, value)
}

// AppendLog publishes a change of an entry: it gives it the next position of the log, and stores it. It returns the entry with its
// positions.
func (t *Tx) AppendLog(kind news.Kind, e news.Entry) (news.Entry, error) {
	tags, err := t.tags.of(e)
	if err != nil {
		return e, err
	}
	changed, err := t.tags.changed(kind, e, tags)
	if err != nil {
		return e, err
	}
	o := &appendLog{Kind: kind, Key: e.Key, Entry: packEntry(e), Tags: append(tags, changed...)}
	err = t.change(o)
	return o.is, err
}

type appendLog struct {
	_     struct{} `cbor:",toarray"`
	Kind  news.Kind
	Key   news.Key
	Entry []byte   // as it is stored
	Tags  []string // what depends on the state of sources, since other files have none

	is news.Entry
}

func (o *appendLog) do(t *Tx) error {
	e, err := unpackEntry(o.Key, o.Entry)
	if err != nil {
		return err
	}
	number, err := t.mustNumber(e.Key)
	if err != nil {
		return err
	}
	it, _, err := t.ItemByNumber(number)
	if err != nil {
		return err
	}
	rec := news.LogRecord{Pos: t.Head() + 1, Entry: e.Key, Kind: o.Kind, Revision: it.Revision, At: t.now, Updated: e.Updated}
	if err := t.table(bLog).filled(1).put(key8(rec.Pos), packLog(number, rec)); err != nil { // positions only grow
		return err
	}
	t.memo.totals.first, t.memo.totals.last = cmp.Or(t.memo.totals.first, rec.Pos), rec.Pos
	e.First = cmp.Or(e.First, rec.Pos) // it may never have been published before
	e.Last, e.Revision = rec.Pos, rec.Revision
	o.is = e
	if err := t.putEntry(e); err != nil {
		return err
	}
	return t.tag(o.Tags, e.Last)
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

// packLog writes a record; its entry is the number of the representative.
func packLog(number uint64, rec news.LogRecord) []byte {
	b := append(make([]byte, 0, 24), formPlain, codeOf(kindCodes, rec.Kind))
	b = binary.AppendUvarint(b, number)
	b = binary.AppendUvarint(b, uint64(rec.Revision))
	b = binary.AppendVarint(b, unixOf(rec.At))
	return binary.AppendVarint(b, unixOf(rec.At)-unixOf(rec.Updated))
}

func unpackLog(pos uint64, v []byte) (number uint64, rec news.LogRecord, err error) {
	r := read(v, formPlain)
	rec.Pos = pos
	rec.Kind = decoded(&r, kindCodes)
	number = r.Uvarint()
	rec.Revision = int(r.Uvarint())
	rec.At = time.Unix(r.Varint(), 0).UTC()
	rec.Updated = time.Unix(rec.At.Unix()-r.Varint(), 0).UTC()
	return number, rec, r.err()
}
