package postings

import (
	"errors"
	"fmt"
	"math"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"go.etcd.io/bbolt"
)

var bucketName = []byte("postings")

// open opens a new file.
func open(tb testing.TB) *bbolt.DB {
	tb.Helper()
	return openAt(tb, filepath.Join(tb.TempDir(), "p.db"))
}

func openAt(tb testing.TB, path string) *bbolt.DB {
	tb.Helper()
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{
		NoSync: true, PageSize: 4096, FreelistType: bbolt.FreelistMapType,
		InitialMmapSize: 4 << 30, // a file that outgrows its mapping waits for its readers
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { db.Close() })
	return db
}

// small returns a set that seals, merges and forgets early.
func small(indexes ...string) *Set {
	s := New("postings", indexes...)
	s.sealDocs, s.fanout, s.group, s.maxCounts = 16, 4, 2, 8
	return s
}

// update changes the set in one transaction; what fails is rolled back.
func update(db *bbolt.DB, s *Set, do func(*Writer) error) error {
	err := db.Update(func(tx *bbolt.Tx) error {
		b, err := tx.CreateBucketIfNotExists(bucketName)
		if err != nil {
			return err
		}
		w, err := s.Writer(b)
		if err != nil {
			return err
		}
		return do(w)
	})
	if err != nil {
		s.Reset()
	}
	return err
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func view(tb testing.TB, db *bbolt.DB, s *Set, do func(*Reader)) {
	tb.Helper()
	must(tb, db.View(func(tx *bbolt.Tx) error {
		r, err := s.Reader(tx.Bucket(bucketName))
		if err == nil {
			do(r)
		}
		return err
	}))
}

// TestReadersSeeTheirSnapshot: they share the memtable with the writer, and see nothing of what it adds, seals or removes.
func TestReadersSeeTheirSnapshot(t *testing.T) {
	t.Parallel()
	db, s := open(t), small("print")
	id := uint64(0)
	add := func(n int) {
		must(t, update(db, s, func(w *Writer) error {
			for range n {
				id++
				if err := w.Add(Posting{Doc: Doc{ID: id}, Terms: []uint64{7}}); err != nil {
					return err
				}
			}
			return nil
		}))
	}
	add(20)
	view(t, db, s, func(r *Reader) {
		look := func(after string) {
			t.Helper()
			hits, err := r.FindAny(0, []uint64{7}, 1000)
			must(t, err)
			of, docs, err := r.Count(0, []uint64{7})
			must(t, err)
			if len(hits) != 20 || of[0] != 20 || docs != 20 {
				t.Errorf("%s: %d hits, %d counted of %d, want 20", after, len(hits), of[0], docs)
			}
		}
		look("at first")
		add(3)
		look("after more were added")
		must(t, update(db, s, func(w *Writer) error {
			_, err := w.Remove(0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18)
			return err
		}))
		look("after some were removed")
		add(200)
		look("after it was sealed and merged")
	})
}

// TestReadersBesideAWriter: every answer is that of one moment.
func TestReadersBesideAWriter(t *testing.T) {
	t.Parallel()
	db, s := open(t), small("print")
	var all sync.WaitGroup
	for range 3 {
		all.Go(func() {
			for range 60 {
				err := db.View(func(tx *bbolt.Tx) error {
					r, err := s.Reader(tx.Bucket(bucketName))
					if err != nil {
						return err
					}
					of, docs, err := r.Count(0, []uint64{7})
					if err != nil {
						return err
					}
					hits, err := r.FindAny(0, []uint64{7}, math.MaxInt)
					if err == nil && (of[0] != docs || len(hits) != docs) {
						err = fmt.Errorf("%d counted and %d found of %d", of[0], len(hits), docs)
					}
					return err
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	for id := range uint64(150) {
		must(t, update(db, s, func(w *Writer) error { return w.Add(Posting{Doc: Doc{ID: id}, Terms: []uint64{7}}) }))
	}
	all.Wait()
}

// TestWhatFailedIsForgotten: a transaction that failed had the same numbers as the one after it.
func TestWhatFailedIsForgotten(t *testing.T) {
	t.Parallel()
	db, s := open(t), small("print")
	add := func(w *Writer, term uint64) []int {
		for id := range uint64(20) {
			must(t, w.Add(Posting{Doc: Doc{ID: id}, Terms: []uint64{term, 100*term + id}}))
		}
		of, _, err := w.Count(0, []uint64{7, 8})
		must(t, err)
		return of
	}
	if err := update(db, s, func(w *Writer) error {
		if of := add(w, 7); !slices.Equal(of, []int{20, 0}) {
			t.Errorf("counted %v in the transaction that will fail", of)
		}
		return errFull
	}); !errors.Is(err, errFull) {
		t.Fatal(err)
	}
	must(t, update(db, s, func(w *Writer) error {
		if of := add(w, 8); !slices.Equal(of, []int{0, 20}) {
			t.Errorf("counted %v in the next one", of)
		}
		return nil
	}))
}

// TestReadersShareWhatOneHasRead: what is in memory is read once after a change, by the first who asks.
func TestReadersShareWhatOneHasRead(t *testing.T) {
	t.Parallel()
	db, s := open(t), small("print")
	for id := range uint64(40) {
		must(t, update(db, s, func(w *Writer) error { return w.Add(Posting{Doc: Doc{ID: id}, Terms: []uint64{7}}) }))
	}
	must(t, update(db, s, func(w *Writer) error {
		_, err := w.Remove(0, 3)
		return err
	}))
	var memtables [2]*memtable
	var sets [2]*sealed
	for i := range memtables {
		view(t, db, s, func(r *Reader) {
			var err error
			memtables[i], _, err = r.memtable(0)
			must(t, err)
			sets[i], err = r.sealed()
			must(t, err)
		})
	}
	if memtables[0] != memtables[1] || sets[0] != sets[1] {
		t.Error("the second reader read it again")
	}
}

func TestOfManyTheNewest(t *testing.T) {
	t.Parallel()
	db, s := open(t), small("print")
	for id := range uint64(100) {
		must(t, update(db, s, func(w *Writer) error {
			return w.Add(Posting{Doc: Doc{ID: id, At: int64(id)}, Terms: []uint64{7, 100 + id}})
		}))
	}
	view(t, db, s, func(r *Reader) {
		hits, err := r.FindAny(0, []uint64{7}, 10)
		must(t, err)
		if len(hits) != 10 || hits[0].ID != 90 || hits[9].ID != 99 {
			t.Errorf("got %v, want the ten from 90 on", hits)
		}
		hits, err = r.FindAtLeast(0, []uint64{7}, Bounds{Terms: 1, Each: 1000, Since: 70})
		must(t, err)
		if len(hits) != 36 {
			t.Errorf("%d hits since 70, want those from 64 on: their segment ends later, the one before does not", len(hits))
		}
	})
}

func TestCostEndsTheSearch(t *testing.T) {
	t.Parallel()
	db, s := open(t), small("print")
	for id := range uint64(60) {
		must(t, update(db, s, func(w *Writer) error { return w.Add(Posting{Doc: Doc{ID: id}, Terms: []uint64{7}}) }))
	}
	view(t, db, s, func(r *Reader) {
		n := 0
		for _, err := range r.Newest(0, []uint64{7}, 0, 13) {
			must(t, err)
			n++
		}
		if n != 12+16 {
			t.Errorf("%d documents, want those of the memtable and of the segment in which the cost was reached", n)
		}
	})
}

// TestNothingIsWrittenForNothing: a transaction that adds, removes or prunes nothing leaves every byte alone.
func TestNothingIsWrittenForNothing(t *testing.T) {
	t.Parallel()
	db, s := open(t), small("print")
	must(t, update(db, s, func(w *Writer) error { return w.Add(Posting{Doc: Doc{ID: 1}, Terms: []uint64{7}}) }))
	before := dump(t, db)
	must(t, update(db, s, func(w *Writer) error {
		never := func(Doc) (bool, error) { return false, nil }
		_, err := w.Prune(0, never)
		_, err2 := w.Remove(0, 99)
		return errors.Join(w.Add(), err, err2)
	}))
	if after := dump(t, db); after != before {
		t.Error("something was written")
	}
}

func TestDocumentsOutOfRangeAreRefused(t *testing.T) {
	t.Parallel()
	db, s := open(t), small("print")
	for _, d := range []Doc{{ID: 1 << idBits}, {At: math.MaxInt32 + 1}, {At: math.MinInt32 - 1}} {
		var bad *RangeError
		if err := update(db, s, func(w *Writer) error { return w.Add(Posting{Doc: d}) }); !errors.As(err, &bad) || bad.Doc != d {
			t.Errorf("%+v: got %v, want a RangeError", d, err)
		}
	}
}

// TestPruneOfTheMemtable: documents that have expired go from it, wherever they are among those of other indexes; the others are found
// as before, also after a restart.
func TestPruneOfTheMemtable(t *testing.T) {
	t.Parallel()
	db, s := open(t), small("print", "tag")
	must(t, update(db, s, func(w *Writer) error {
		for id := range uint64(10) {
			if err := w.Add(Posting{0, Doc{ID: id}, []uint64{7, 100 + id}}, Posting{1, Doc{ID: id}, []uint64{7}}); err != nil {
				return err
			}
		}
		return nil
	}))
	odd := func(d Doc) (bool, error) { return d.ID%2 == 1, nil }
	prunable := func() (any bool) {
		view(t, db, s, func(r *Reader) {
			var err error
			any, err = r.Prunable(0, odd)
			must(t, err)
		})
		return any
	}
	if !prunable() {
		t.Error("nothing can be pruned")
	}
	must(t, update(db, s, func(w *Writer) error {
		n, err := w.Prune(0, odd)
		if n != 5 {
			t.Errorf("%d documents were removed, want 5", n)
		}
		return err
	}))
	for range 2 {
		if prunable() {
			t.Error("something can be pruned still")
		}
		view(t, db, s, func(r *Reader) {
			of, docs, err := r.Count(0, []uint64{7, 102, 103})
			must(t, err)
			if !slices.Equal(of, []int{5, 1, 0}) || docs != 5 {
				t.Errorf("%v of %d documents", of, docs)
			}
			if n, err := r.Docs(1); n != 10 || err != nil {
				t.Errorf("%d documents of the other index (%v), want 10", n, err)
			}
		})
		s = small("print", "tag")
	}
}

// TestPrunable: of segments those alone in which everything has expired.
func TestPrunable(t *testing.T) {
	t.Parallel()
	db, s := open(t), small("print")
	for id := range uint64(40) { // segments from 0 and 16 on, and a memtable from 32 on
		must(t, update(db, s, func(w *Writer) error { return w.Add(Posting{Doc: Doc{ID: id}, Terms: []uint64{7}}) }))
	}
	for _, c := range []struct {
		name    string
		expired func(id uint64) bool
		want    int // documents that go
	}{
		{"none", func(uint64) bool { return false }, 0},
		{"all but the last of a segment", func(id uint64) bool { return id < 15 }, 0},
		{"all but the first of a segment", func(id uint64) bool { return id > 16 && id < 32 }, 0},
		{"a segment", func(id uint64) bool { return id >= 16 && id < 32 }, 16},
		{"one of the memtable", func(id uint64) bool { return id == 33 }, 1},
		{"all", func(uint64) bool { return true }, 23},
	} {
		expired := func(d Doc) (bool, error) { return c.expired(d.ID), nil }
		view(t, db, s, func(r *Reader) {
			if any, err := r.Prunable(0, expired); any != (c.want > 0) || err != nil {
				t.Errorf("%s: prunable %v, %v", c.name, any, err)
			}
			for _, in := range []uint64{3, 32} { // of a segment, of the memtable
				if _, err := r.Prunable(0, func(d Doc) (bool, error) {
					if d.ID/32 == in/32 {
						return false, errFull
					}
					return false, nil
				}); !errors.Is(err, errFull) {
					t.Errorf("%s: got %v, want the error of what was asked", c.name, err)
				}
			}
		})
		must(t, update(db, s, func(w *Writer) error {
			n, err := w.Prune(0, expired)
			if n != c.want {
				t.Errorf("%s: %d documents were removed, want %d", c.name, n, c.want)
			}
			return err
		}))
	}
}

// TestTermAskedForTwice counts once: a document with one of two equal terms has one.
func TestTermAskedForTwice(t *testing.T) {
	t.Parallel()
	for _, docs := range []uint64{3, 20} { // in the memtable, in a segment
		db, s := open(t), small("print")
		for id := range docs {
			must(t, update(db, s, func(w *Writer) error { return w.Add(Posting{Doc: Doc{ID: id}, Terms: []uint64{7, 8 + id}}) }))
		}
		view(t, db, s, func(r *Reader) {
			for _, ask := range [][]uint64{{7, 7, 9}, {9, 7, 7}, {7, 9, 7}} {
				hits, err := r.FindAtLeast(0, ask, Bounds{Terms: 2, Each: 100})
				must(t, err)
				if len(hits) != 1 || hits[0].ID != 1 || len(hits[0].Terms) != 2 {
					t.Errorf("of %d, two of %v: %+v", docs, ask, hits)
				}
			}
		})
	}
}
