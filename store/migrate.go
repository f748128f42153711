package store

import (
	"errors"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"dateline/store/boltfile"
)

// OldestSchema is the oldest layout that is converted: a store of a lower one is refused ([ErrOlder]).
const OldestSchema = 20

// migrations bring a store to the next schema, the first from OldestSchema. Each runs in one transaction with the schema that it leads to:
// a kill leaves the one or the other. It must be a function of the file alone, so that nodes of one log agree.
var migrations = []func(*Store, *bbolt.Tx) error{
	20: segmentsInNoGroup,
}

// segmentsInNoGroup gives the segments of postings the fields of their group (schema 21): they are in none, and merges make groups.
func segmentsInNoGroup(s *Store, tx *bbolt.Tx) error {
	root := tx.Bucket(bPostings)
	if root == nil {
		return nil
	}
	w, err := s.postings.Writer(root)
	if err == nil {
		err = w.AddGroups()
	}
	return damaged(err)
}

// migrate brings an open file to the schema of this program by steps, [migrations], and returns the schema that it had.
func (s *Store) migrate(db *bbolt.DB, steps []func(*Store, *bbolt.Tx) error) (was int, err error) {
	defer s.postings.Reset()
	if err := db.View(func(tx *bbolt.Tx) (err error) { was, err = schemaOf(tx); return err }); err != nil {
		return 0, err
	}
	for n := was; n < Schema; n++ {
		err := db.Update(func(tx *bbolt.Tx) error {
			meta := newTable(bMeta, tx.Bucket(bMeta), nil)
			return errors.Join(steps[n](s, tx), meta.put(kSchema, key8(uint64(n+1))))
		})
		if err != nil {
			return was, fmt.Errorf("from schema %d to %d: %w", n, n+1, err)
		}
	}
	return was, nil
}

// migrateFile brings the file at path, which no process holds, to the schema of this program.
func migrateFile(path string) error {
	s := &Store{path: path, postings: newPostings()}
	return s.guarded("migrate", func() error {
		look, err := s.boot(path, Options{Timeout: time.Second}, true)
		if err != nil {
			return err
		}
		if err := errors.Join(corrupt(boltfile.Openable(s.file, s.length())), look.Close()); err != nil {
			return err
		}
		db, err := s.boot(path, Options{Timeout: time.Second}, false)
		if err != nil {
			return err
		}
		_, err = s.migrate(db, migrations)
		return errors.Join(err, db.Close())
	})
}

// schemaOf returns the schema of a file.
func schemaOf(tx *bbolt.Tx) (int, error) {
	b := tx.Bucket(bMeta)
	if b == nil || len(b.Get(kSchema)) < 8 {
		return 0, ErrForeign
	}
	schema, err := newTable(bMeta, b, nil).get(kSchema)
	if before := b.Get(kSchema); len(before) == 8 { // rows had no sums then
		schema, err = before, nil
	}
	if err != nil {
		return 0, err
	}
	return int(min(num8(schema), 1<<31-1)), nil
}
