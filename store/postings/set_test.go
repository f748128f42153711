package postings

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"go.etcd.io/bbolt"
)

var bucketName = []byte("postings")

// open opens a new file.
func open(tb testing.TB) *bbolt.DB {
	tb.Helper()
	db, err := bbolt.Open(filepath.Join(tb.TempDir(), "p.db"), 0o600, &bbolt.Options{
		NoSync: true, PageSize: 4096, FreelistType: bbolt.FreelistMapType,
		InitialMmapSize: 4 << 30, // a file that outgrows its mapping waits for its readers
	})
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { db.Close() })
	return db
}

// small returns a set that seals and merges early.
func small(indexes ...string) *Set {
	s := New("postings", indexes...)
	s.sealDocs, s.fanout = 16, 4
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

// dump returns every key and value, sub-buckets included.
func dump(tb testing.TB, db *bbolt.DB) string {
	var out strings.Builder
	var walk func(at string, b *bbolt.Bucket)
	walk = func(at string, b *bbolt.Bucket) {
		must(tb, b.ForEach(func(k, v []byte) error {
			name := fmt.Sprintf("%s/%x", at, k)
			fmt.Fprintf(&out, "%s %x\n", name, v)
			if v == nil {
				walk(name, b.Bucket(k))
			}
			return nil
		}))
	}
	must(tb, db.View(func(tx *bbolt.Tx) error {
		walk("", tx.Bucket(bucketName))
		return nil
	}))
	return out.String()
}

// TestSegmentsDependOnOrderAlone: the same documents give the same segments and postings, however they were grouped.
func TestSegmentsDependOnOrderAlone(t *testing.T) {
	t.Parallel()
	c := &campaign{r: rand.New(rand.NewPCG(5, 5))}
	var all []Posting
	for len(all) < 700 {
		all = append(all, c.postings()...)
	}
	var want string
	for i, size := range []int{1, 7, 24, 700} {
		db, s := open(t), small("print", "tag")
		for part := range slices.Chunk(all, size) {
			must(t, update(db, s, func(w *Writer) error { return w.Add(part...) }))
			if i%2 == 1 {
				s = small("print", "tag")
			}
		}
		got := dump(t, db)
		at := strings.Index(got, fmt.Sprintf("/%x", kState))
		got = got[:at] // the segments: rows of the memtable are grouped as they were added
		if i == 0 {
			want = got
		}
		if got != want || len(want) < 10_000 {
			t.Errorf("added by %d: %d bytes of segments, want the same %d as added one by one", size, len(got), len(want))
		}
	}
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
