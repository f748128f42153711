package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"
)

// step turns the layout of one version into that of the next.
type step func(*bbolt.Tx) error

// steps are those from each older version, by its number: version 1 is the first, so there are none yet.
var steps = map[uint64]step{}

// Migrate brings the store at path to this version's layout: on a copy, which is checked and then put in its place. It returns the
// version that it had, and under what name the old file is kept; empty where there was nothing to do. A store that somebody
// holds is [ErrBusy].
func Migrate(ctx context.Context, path string, told Progress) (from uint64, kept string, err error) {
	return replacement{version: Schema, steps: steps, told: told}.renew(ctx, path)
}

func (r replacement) renew(ctx context.Context, path string) (from uint64, kept string, err error) {
	if from, err = schemaOf(path); err != nil {
		return 0, "", fmt.Errorf("%s: %w", path, err)
	}
	switch {
	case from > r.version:
		return from, "", fmt.Errorf("%s: %w: its schema is %d, this program's %d", path, ErrNewer, from, r.version)
	case from == r.version:
		return from, "", nil
	}
	kept, err = r.install(ctx, path, path)
	return from, kept, err
}

// migrate takes the steps from the file's version on, all in one transaction.
func (r replacement) migrate(path string) error {
	from, err := schemaOf(path)
	if err != nil || from >= r.version { // what is newer is refused when it is checked
		return err
	}
	db, err := bbolt.Open(path, 0, &bbolt.Options{Timeout: time.Second})
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		for n := from; n < r.version; n++ {
			if r.steps[n] == nil {
				return fmt.Errorf("%w: no step leads from schema %d to %d", ErrOlder, n, n+1)
			}
			if err := r.steps[n](tx); err != nil {
				return fmt.Errorf("schema %d: %w", n, err)
			}
		}
		return tx.Bucket(bMeta).Put(kSchema, key8(r.version))
	})
	return errors.Join(err, db.Close())
}

// schemaOf returns the version of the layout of the file at path.
func schemaOf(path string) (n uint64, err error) {
	if err := inspect(path); err != nil {
		return 0, err
	}
	s := &Store{path: path}
	err = s.guarded("open", func() error {
		db, err := bbolt.Open(path, 0, &bbolt.Options{ReadOnly: true, Timeout: time.Second})
		if err != nil {
			return opening(err)
		}
		err = db.View(func(tx *bbolt.Tx) error {
			m := tx.Bucket(bMeta)
			if m == nil || len(m.Get(kSchema)) != 8 {
				return ErrForeign
			}
			n = num8(m.Get(kSchema))
			return nil
		})
		return errors.Join(err, db.Close())
	})
	return n, err
}
