package boltfile

import (
	"bytes"
	"encoding/binary"
	"io"
	"slices"

	"go.etcd.io/bbolt"
)

// Changes notes the rows that a transaction changes. A commit writes new pages in place of those that lead to what was changed, and frees
// the old ones. bbolt takes from the head of a page how many pages follow it as a part of it: of a damaged one it frees some that are in
// use, or four billion, which takes minutes. So the heads of the pages that the transaction is to free are read before.
type Changes struct {
	walker
	tx   *bbolt.Tx
	rows map[*bbolt.Bucket]*changedRows
}

// changedRows is the keys of the rows of one bucket that were written or deleted.
type changedRows struct {
	keys    [][]byte
	deleted bool // one was deleted: its page may be merged with one beside it
}

// NewChanges returns those of a transaction on a file, which has made none yet.
func NewChanges(from io.ReaderAt, pageSize int, tx *bbolt.Tx) *Changes {
	c := &Changes{tx: tx, rows: map[*bbolt.Bucket]*changedRows{}}
	c.from, c.meta.size, c.meta.end = from, pageSize, uint64(tx.Size())/uint64(pageSize)
	return c
}

// Row notes a row that is written. The key must not be changed afterwards.
func (c *Changes) Row(b *bbolt.Bucket, k []byte) { c.of(b).keys = append(c.of(b).keys, k) }

func (c *Changes) of(b *bbolt.Bucket) *changedRows {
	r := c.rows[b]
	if r == nil {
		r = &changedRows{}
		c.rows[b] = r
	}
	return r
}

// Delete notes a row that is deleted.
func (c *Changes) Delete(b *bbolt.Bucket, k []byte) {
	c.Row(b, k)
	c.of(b).deleted = true
}

// Drop notes a bucket in another that is deleted, and must be called before that is done, since its pages are freed at once. It returns
// the first page that cannot be freed, as a [Fault].
func (c *Changes) Drop(b *bbolt.Bucket, name []byte) error {
	c.Delete(b, name)
	return first(func(report func(Fault)) {
		c.report = report
		c.heads(b.Bucket(name), nil)
	})
}

// Check returns the first page that cannot be freed, as a [Fault], of those that the commit frees. parent is a bucket with others in it.
func (c *Changes) Check(parent []byte) error {
	return first(func(report func(Fault)) {
		c.report = report
		c.heads(c.tx.Cursor().Bucket(), nil) // the roots of changed buckets are written into it,
		c.heads(c.tx.Bucket(parent), nil)    // as those in parent are into that
		for b, r := range c.rows {
			c.heads(b, r)
		}
	})
}

// heads reads the heads of the pages of a bucket, as the file has it, that lead to rows; nil: of all. Pages of buckets in it are left out.
func (c *Changes) heads(b *bbolt.Bucket, r *changedRows) {
	if b == nil || b.Root() == 0 { // it is new, or a part of another's page
		return
	}
	if r == nil {
		c.below(uint64(b.Root()), nil, nil)
		return
	}
	slices.SortFunc(r.keys, bytes.Compare)
	c.below(uint64(b.Root()), r, r.keys)
}

// below reads the head of a page and of those below it that lead to the keys, which are some of the rows, ascending; of all where rows is
// nil.
func (c *Changes) below(id uint64, rows *changedRows, keys [][]byte) {
	page, more := c.head(id)
	if page != nil && binary.NativeEndian.Uint16(page[8:]) == branchPage {
		page = c.rest(id, page, more)
	}
	if page == nil {
		return
	}
	defer func() { c.spare = append(c.spare, page) }()
	if binary.NativeEndian.Uint16(page[8:]) != branchPage {
		return
	}
	all, _ := c.elements(id, page)
	if rows == nil {
		for _, e := range all {
			c.below(e.page, nil, nil)
		}
		return
	}
	for len(all) > 0 && len(keys) > 0 {
		i, found := slices.BinarySearchFunc(all, keys[0], func(e pageItem, k []byte) int { return bytes.Compare(e.key, k) })
		if !found {
			i = max(0, i-1)
		}
		n := 1
		for n < len(keys) && (i+1 == len(all) || bytes.Compare(keys[n], all[i+1].key) < 0) {
			n++
		}
		c.below(all[i].page, rows, keys[:n])
		if rows.deleted {
			for _, beside := range all[max(0, i-1):min(len(all), i+2)] {
				c.below(beside.page, rows, nil)
			}
		}
		keys = keys[n:]
	}
}
