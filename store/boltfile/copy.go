package boltfile

import (
	"context"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"
)

// SameKeys returns an error unless both hold the same buckets with equally many keys.
func SameKeys(a, b *bbolt.Tx) error {
	return a.ForEach(func(name []byte, was *bbolt.Bucket) error {
		is := b.Bucket(name)
		if is == nil {
			return fmt.Errorf("bucket %s was not copied", name)
		}
		if n, m := was.Stats().KeyN, is.Stats().KeyN; n != m {
			return fmt.Errorf("bucket %s: %d of %d keys were copied", name, m, n)
		}
		return nil
	})
}

// copyWeight is how much one transaction of a copy writes, in bytes: all of it is held in memory.
const copyWeight = 8 << 20

// copier is a copy under way.
type copier struct {
	to       *bbolt.DB
	tx       *bbolt.Tx // under way
	weight   int       // of what it has written, in bytes
	done     int64
	progress func(done int64)
}

// Copy writes what from holds to another file, in the order of the keys, on full pages, in transactions of some megabytes. progress is
// given how many bytes were written.
func Copy(ctx context.Context, to *bbolt.DB, from *bbolt.Tx, progress func(done int64)) error {
	c := copier{to: to, progress: progress}
	return c.all(ctx, from)
}

func (c *copier) all(ctx context.Context, from *bbolt.Tx) (err error) {
	if c.tx, err = c.to.Begin(true); err != nil {
		return err
	}
	defer func() { c.tx.Rollback() }() // of one that was committed nothing
	err = from.ForEach(func(name []byte, b *bbolt.Bucket) error {
		if _, err := c.tx.CreateBucket(name); err != nil {
			return err
		}
		return c.bucket(ctx, [][]byte{name}, b)
	})
	if err != nil {
		return err
	}
	return c.tx.Commit()
}

// bucket copies what from holds into the bucket at path, which is there.
func (c *copier) bucket(ctx context.Context, path [][]byte, from *bbolt.Bucket) error {
	to := c.at(path)
	return from.ForEach(func(k, v []byte) error {
		if c.weight > copyWeight {
			if err := c.renew(ctx); err != nil {
				return err
			}
			to = c.at(path)
		}
		if v == nil { // a bucket
			if _, err := to.CreateBucket(k); err != nil {
				return err
			}
			err := c.bucket(ctx, append(path[:len(path):len(path)], k), from.Bucket(k))
			to = c.at(path)
			return err
		}
		c.weight += len(k) + len(v)
		return to.Put(k, v)
	})
}

// at returns the bucket at path in the transaction under way.
func (c *copier) at(path [][]byte) *bbolt.Bucket {
	b := c.tx.Bucket(path[0])
	for _, name := range path[1:] {
		b = b.Bucket(name)
	}
	b.FillPercent = 1
	return b
}

func (c *copier) renew(ctx context.Context) (err error) {
	if err := errors.Join(ctx.Err(), c.tx.Commit()); err != nil {
		return err
	}
	c.done += int64(c.weight)
	c.progress(c.done)
	c.weight = 0
	c.tx, err = c.to.Begin(true)
	return err
}
