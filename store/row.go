package store

import (
	"bytes"
	"encoding/binary"
	"fmt"

	"go.etcd.io/bbolt"

	"dateline/store/boltfile"
	"dateline/store/postings"
)

// Rows are read and written here, and nowhere else but in package postings. A stored value is the value and the CRC-32C (RFC 3720
// appendix B.4) of the name of its bucket, its key and itself, each behind its length, little-endian; of a key-only row the sum
// alone. A row that was changed, moved or given another key is a [*DamageError] to its reader. How many rows a bucket has is
// in the totals, in which rows that are missing are seen.

// table is a bucket in a transaction. The zero table has no rows.
type table struct {
	bucket *bbolt.Bucket
	name   string
	seed   uint32  // the sum of the name
	rows   *uint64 // counted; nil: they are not

	changes *boltfile.Changes // nil: they are not noted
}

func newTable(name []byte, b *bbolt.Bucket, rows *uint64) table {
	return table{bucket: b, name: string(name), seed: postings.Sum(0, name), rows: rows}
}

// table returns a bucket as the view sees it.
func (v View) table(name []byte) table {
	if t, known := v.memo.tables[string(name)]; known {
		return t
	}
	t := newTable(name, v.tx.Bucket(name), v.memo.totals.rowsOf(name))
	t.changes = v.memo.changes
	v.memo.tables[string(name)] = t
	return t
}

// damaged returns the error for a row.
func (t table) damaged(k []byte, reason string) error {
	return &DamageError{Bucket: t.name, Key: append([]byte(nil), k...), Reason: reason}
}

// open returns the value of a stored row.
func (t table) open(k, stored []byte) ([]byte, error) {
	value, ok := postings.WithoutSum(t.seed, k, stored)
	if !ok {
		return nil, t.damaged(k, "its sum is wrong")
	}
	return value, nil
}

// get returns the value of a row, which is valid until the transaction ends or changes it; nil: there is none.
func (t table) get(k []byte) ([]byte, error) {
	if t.bucket != nil {
		if stored := t.bucket.Get(k); stored != nil {
			return t.open(k, stored)
		}
	}
	return nil, nil
}

// has reports whether there is a row.
func (t table) has(k []byte) (bool, error) {
	value, err := t.get(k)
	return value != nil, err
}

// put writes a row in place of the one with its key.
func (t table) put(k, value []byte) error {
	if t.rows != nil && t.bucket.Get(k) == nil {
		*t.rows++
	}
	if t.changes != nil {
		t.changes.Row(t.bucket, k)
	}
	stored := append(make([]byte, 0, len(value)+postings.SumBytes), value...)
	return t.bucket.Put(k, postings.WithSum(t.seed, k, stored))
}

// putValue writes a row with a value in CBOR. It returns a [*TextError].
func (t *Tx) putValue(bucket, k []byte, v any) error {
	packed, err := t.s.codec.pack(v)
	if err != nil {
		return err
	}
	return t.table(bucket).put(k, packed)
}

// filled has pages be filled so far, of 1, before they are split.
func (t table) filled(percent float64) table {
	t.bucket.FillPercent = percent
	return t
}

// delete removes a row, if there is one.
func (t table) delete(k []byte) error {
	if t.rows != nil && t.bucket.Get(k) != nil {
		*t.rows--
	}
	if t.changes != nil {
		t.changes.Delete(t.bucket, k)
	}
	return t.bucket.Delete(k)
}

// cursor goes through the rows of a table in the order of their keys. Its methods return a nil key at the end, and at a row that is
// damaged, which err is then.
type cursor struct {
	table
	c   *bbolt.Cursor
	err error
}

func (t table) cursor() *cursor {
	c := &cursor{table: t}
	if t.bucket != nil {
		c.c = t.bucket.Cursor()
	}
	return c
}

func (c *cursor) move(to func() (k, stored []byte)) (k, value []byte) {
	if c.c == nil || c.err != nil {
		return nil, nil
	}
	k, stored := to()
	if k != nil {
		value, c.err = c.open(k, stored)
	}
	if c.err != nil {
		return nil, nil
	}
	return k, value
}

func (c *cursor) first() (k, value []byte) { return c.move(c.c.First) }
func (c *cursor) next() (k, value []byte)  { return c.move(c.c.Next) }

// seek moves to the first row from a key on.
func (c *cursor) seek(k []byte) (at, value []byte) {
	return c.move(func() (at, stored []byte) { return c.c.Seek(k) })
}

// below moves to the last row before a key. In a transaction that has deleted all rows of a page bbolt's Prev returns none there, and its
// Last does not end where it has deleted all rows of all pages.
func (c *cursor) below(k []byte) (at, value []byte) {
	return c.move(func() (at, stored []byte) {
		if at, _ = c.c.Seek(k); at != nil {
			at, stored = c.c.Prev()
		} else if c.before(k) {
			at, stored = c.c.Last()
		}
		for n := 0; at == nil && n < maxEmptied && c.before(k); n++ {
			at, stored = c.c.Prev()
		}
		return at, stored
	})
}

// maxEmptied is more pages than a transaction empties. Those of a damaged file may lead in a circle.
const maxEmptied = 1 << 16

// before reports whether there is a row before a key.
func (t table) before(k []byte) bool {
	first, _ := t.bucket.Cursor().First()
	return first != nil && bytes.Compare(first, k) < 0
}

// each calls do with the rows, until it returns an error. It returns one, too, where the bucket has not as many as were written.
func (t table) each(do func(k, value []byte) error) error {
	c, rows := t.cursor(), uint64(0)
	for k, value := c.first(); k != nil; k, value = c.next() {
		if err := do(k, value); err != nil {
			return err
		}
		rows++
	}
	if c.err == nil && t.rows != nil && *t.rows != rows {
		return fmt.Errorf("%w: bucket %s has %d rows, not %d", ErrCorrupt, t.name, rows, *t.rows)
	}
	return c.err
}

// under calls do with the rest of the key and the value of each row whose key begins so, until it returns an error.
func (t table) under(prefix []byte, do func(rest, value []byte) error) error {
	c := t.cursor()
	for k, value := c.seek(prefix); k != nil && bytes.HasPrefix(k, prefix); k, value = c.next() {
		if err := do(k[len(prefix):], value); err != nil {
			return err
		}
	}
	return c.err
}

// totals is what the file must hold besides the sums of its rows. It is a row of bucket meta, written with every transaction that
// changes it.
type totals struct {
	rows        [len(counted)]uint64
	number      uint64 // the highest that an item was given
	first, last uint64 // positions of the log; 0: it is empty
	seq         uint64 // updates that have changed more than the states of sources
	feedID      string // atom:id of the merged feed; empty: see Options.Follow
}

// counted are the buckets whose rows are counted, in the order of totals.rows.
var counted = [...][]byte{bSource, bVisit, bItem, bFirstSeen, bEntry, bExpiry, bReturned, bLog, bRule, bPush, bHub, bEvent, bHeld,
	bEmbargo, bInitialSource}

// rowsOf returns the count of a bucket; nil: it is not counted.
func (t *totals) rowsOf(name []byte) *uint64 {
	for i, c := range counted {
		if string(c) == string(name) {
			return &t.rows[i]
		}
	}
	return nil
}

// readTotals reads the totals of a file.
func readTotals(tx *bbolt.Tx) (*totals, error) {
	meta := newTable(bMeta, tx.Bucket(bMeta), nil)
	value, err := meta.get(kTotals)
	if err != nil {
		return nil, err
	}
	if value == nil {
		return nil, meta.damaged(kTotals, "is missing")
	}
	return unpackTotals(value)
}

func unpackTotals(value []byte) (*totals, error) {
	r := read(value, formPlain)
	t := &totals{}
	for i := range t.rows {
		t.rows[i] = r.Uvarint()
	}
	t.number, t.first, t.last, t.seq, t.feedID = r.Uvarint(), r.Uvarint(), r.Uvarint(), r.Uvarint(), r.string()
	if err := r.err(); err != nil {
		return nil, fmt.Errorf("bucket meta, key totals: %w", err)
	}
	return t, nil
}

func (t *totals) put(tx *bbolt.Tx) error {
	b := []byte{formPlain}
	for _, n := range append(t.rows[:], t.number, t.first, t.last, t.seq) {
		b = binary.AppendUvarint(b, n)
	}
	return newTable(bMeta, tx.Bucket(bMeta), nil).put(kTotals, appendString(b, t.feedID))
}
