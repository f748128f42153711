package store

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"go.etcd.io/bbolt"
)

// stored yields every row of the store as it is stored, but for those of package postings.
func stored(t *testing.T, s *Store, do func(v View, name, k, value []byte)) {
	t.Helper()
	view(t, s, func(v View) {
		for _, name := range append(slices.Clone(buckets), bInitialSource) {
			b := v.tx.Bucket(name)
			if b == nil || string(name) == string(bPostings) {
				continue
			}
			if err := b.ForEach(func(k, value []byte) error { do(v, name, k, value); return nil }); err != nil {
				t.Error(err)
			}
		}
	})
}

// TestEveryRowIsSummed: a row of which a byte is another, or that is under another key or in another bucket, is damaged.
func TestEveryRowIsSummed(t *testing.T) {
	t.Parallel()
	s := spacious(t)
	if err := s.Update(noon, func(t *Tx) error { return t.PutInitialSources([]string{"belta"}) }); err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	stored(t, s, func(v View, name, k, value []byte) {
		if seen[string(name)]++; seen[string(name)] > 5 {
			return
		}
		if _, err := v.table(name).open(k, value); err != nil {
			t.Error(err)
		}
		var damage *DamageError
		for i := range value {
			other := bytes.Clone(value)
			other[i] ^= 4
			if _, err := v.table(name).open(k, other); !errors.As(err, &damage) || damage.Bucket != string(name) || !bytes.Equal(damage.Key, k) {
				t.Fatalf("%s %x: byte %d: %v", name, k, i, err)
			}
		}
		other := append(bytes.Clone(k[:len(k)-1]), k[len(k)-1]^1)
		if _, err := v.table(name).open(other, value); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s %x under another key: %v", name, k, err)
		}
		if _, err := v.table([]byte("other")).open(k, value); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s %x in another bucket: %v", name, k, err)
		}
	})
	for _, name := range [][]byte{bSource, bItem, bEntry, bExpiry, bReturned, bLog, bPush, bInitialSource, bMeta} {
		if seen[string(name)] == 0 {
			t.Errorf("there is no row in %s", name)
		}
	}
}

// TestLostRowIsSeen: rows that bbolt has no more, without the store having removed them, are seen by their number, and a row that
// others lead to is where they are read.
func TestLostRowIsSeen(t *testing.T) {
	t.Parallel()
	s := spacious(t)
	var names [][]byte
	stored(t, s, func(_ View, name, _, _ []byte) {
		if string(name) != string(bMeta) && !slices.ContainsFunc(names, func(n []byte) bool { return bytes.Equal(n, name) }) {
			names = append(names, name)
		}
	})
	for _, name := range names {
		for end, at := range map[string]func(*bbolt.Cursor) []byte{
			"first": func(c *bbolt.Cursor) []byte { k, _ := c.First(); return k },
			"last":  func(c *bbolt.Cursor) []byte { k, _ := c.Last(); return k },
		} {
			t.Run(string(name)+" "+end, func(t *testing.T) {
				t.Parallel()
				s := spacious(t)
				err := s.db.Load().Update(func(tx *bbolt.Tx) error { return tx.Bucket(name).Delete(at(tx.Bucket(name).Cursor())) })
				if err != nil {
					t.Fatal(err)
				}
				if faults := check(t, s); !strings.Contains(strings.Join(faults, "\n"), string(name)+": it has ") {
					t.Errorf("db check: %q", faults)
				}
				var read error
				switch string(name) {
				case string(bItem):
					read = s.View(func(v View) error {
						for _, err := range v.Items() {
							if err != nil {
								return err
							}
						}
						return nil
					})
				case string(bLog):
					read = s.View(func(v View) error {
						for _, err := range v.Records(0) {
							if err != nil {
								return err
							}
						}
						return nil
					})
				case string(bSource):
					read = s.View(func(v View) error { _, err := v.readStates(); return err })
				default:
					return
				}
				if !errors.Is(read, ErrCorrupt) {
					t.Errorf("reading all: %v, want %v", read, ErrCorrupt)
				}
			})
		}
	}
}

func TestDamagedTotalsAreSeen(t *testing.T) {
	t.Parallel()
	for fact, spoil := range map[string]func(b *bbolt.Bucket) error{
		"gone":    func(b *bbolt.Bucket) error { return b.Delete(kTotals) },
		"changed": func(b *bbolt.Bucket) error { return b.Put(kTotals, append(bytes.Clone(b.Get(kTotals)), 1)) },
		"short":   func(b *bbolt.Bucket) error { return newTable(bMeta, b, nil).put(kTotals, []byte{formPlain, 1, 2}) },
	} {
		t.Run(fact, func(t *testing.T) {
			t.Parallel()
			s := spacious(t)
			if err := s.db.Load().Update(func(tx *bbolt.Tx) error { return spoil(tx.Bucket(bMeta)) }); err != nil {
				t.Fatal(err)
			}
			if err := s.View(func(View) error { return nil }); !errors.Is(err, ErrCorrupt) {
				t.Errorf("a reader: %v, want %v", err, ErrCorrupt)
			}
			if err := s.Update(noon, func(*Tx) error { return nil }); !errors.Is(err, ErrCorrupt) {
				t.Errorf("a commit: %v, want %v", err, ErrCorrupt)
			}
		})
	}
}

// TestLostLatestRevisionIsSeen: the revision before is not taken for the newest.
func TestLostLatestRevisionIsSeen(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	commit(t, s, wrote("belta", "1"))
	for n := 2; n <= 3; n++ {
		commit(t, s, revised("belta", "1", n))
	}
	if err := s.db.Load().Update(func(tx *bbolt.Tx) error { return tx.Bucket(bItem).Delete(revisionKey(1, 3)) }); err != nil {
		t.Fatal(err)
	}
	err := s.View(func(v View) error { _, _, err := v.ItemByNumber(1); return err })
	var damage *DamageError
	if !errors.As(err, &damage) || damage.Bucket != "item" || !bytes.Equal(damage.Key, revisionKey(1, 3)) {
		t.Errorf("got %v, want the lost row", err)
	}
}

// TestBelowInATransactionThatDeletes compares with a sorted list: rows are deleted until none is left, whole pages of them before others.
func TestBelowInATransactionThatDeletes(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	const rows = 400 // in some thirty pages
	if err := s.Update(noon, func(tx *Tx) error {
		for n := range uint64(rows) {
			if err := tx.table(bEvent).put(key8(n), make([]byte, 256)); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	r := seeded(t)
	gone := errors.New("not to be kept")
	err := s.Update(noon, func(tx *Tx) error {
		left := make([]uint64, rows)
		for n := range left {
			left[n] = uint64(n)
		}
		for len(left) > 0 {
			at := r.IntN(len(left))
			end := min(len(left), at+1+r.IntN(60))
			for _, n := range left[at:end] {
				if err := tx.table(bEvent).delete(key8(n)); err != nil {
					return err
				}
			}
			left = slices.Delete(left, at, end)
			for range 20 {
				k := r.Uint64N(rows + 2)
				want, _ := slices.BinarySearch(left, k)
				got, _ := tx.table(bEvent).cursor().below(key8(k))
				if (got == nil) != (want == 0) || got != nil && num8(got) != left[want-1] {
					return fmt.Errorf("below %d: %x, want the row at %d of %v", k, got, want-1, left)
				}
			}
		}
		return gone
	})
	if !errors.Is(err, gone) {
		t.Error(err)
	}
}
