package postings

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.etcd.io/bbolt"
)

// sampled is how many documents [sample] stores.
const sampled = 155

// sample stores documents such that there are a group of merged segments, a sealed one and rows in the memtable, and returns terms to
// ask for.
func sample(tb testing.TB) (*bbolt.DB, *Set, []uint64) {
	tb.Helper()
	db, s := open(tb), small("print")
	for id := range uint64(sampled) {
		must(tb, update(db, s, func(w *Writer) error {
			p := Posting{Doc: Doc{ID: id + 1, Source: fmt.Sprint("s", id%3), At: int64(id)}}
			for i := range uint64(40) {
				p.Terms = append(p.Terms, 1+i*uint64(1000+id%7))
			}
			return w.Add(p)
		}))
	}
	return db, s, []uint64{1, 1001, 1004, 4013, 39001}
}

// values returns where every value is: the names of its buckets below the root, and its key.
func values(tb testing.TB, db *bbolt.DB) (all [][][]byte) {
	var walk func(path [][]byte, b *bbolt.Bucket)
	walk = func(path [][]byte, b *bbolt.Bucket) {
		must(tb, b.ForEach(func(k, v []byte) error {
			at := append(slices.Clone(path), bytes.Clone(k))
			if v != nil {
				all = append(all, at)
			} else {
				walk(at, b.Bucket(k))
			}
			return nil
		}))
	}
	must(tb, db.View(func(tx *bbolt.Tx) error {
		walk(nil, tx.Bucket(bucketName))
		return nil
	}))
	return all
}

// parent returns the bucket of a value.
func parent(tx *bbolt.Tx, path [][]byte) *bbolt.Bucket {
	b := tx.Bucket(bucketName)
	for _, name := range path[:len(path)-1] {
		b = b.Bucket(name)
	}
	return b
}

// asked is every answer that a reader gives about some terms.
type answers struct {
	Hits   []Hit
	Of     []int
	Docs   int
	Newest []uint64
}

func answer(r *Reader, terms []uint64) (a answers, err error) {
	if a.Hits, err = r.FindAny(0, terms, math.MaxInt); err != nil {
		return a, err
	}
	if a.Of, a.Docs, err = r.Count(0, terms); err != nil {
		return a, err
	}
	for id, err := range r.Newest(0, terms[:1], 0, math.MaxInt) {
		if err != nil {
			return a, err
		}
		a.Newest = append(a.Newest, id)
	}
	return a, nil
}

// read answers from a file as it is now, with nothing in memory, and counts what a check finds.
func read(tb testing.TB, db *bbolt.DB, terms []uint64) (a answers, faults int, err error) {
	tb.Helper()
	s := small("print")
	err = db.View(func(tx *bbolt.Tx) error {
		r, err := s.Reader(tx.Bucket(bucketName))
		if err != nil {
			faults++
			return err
		}
		must(tb, r.Check(func(int, uint64) (bool, error) { return true, nil }, func(Fault) { faults++ }))
		a, err = answer(r, terms)
		return err
	})
	return a, faults, err
}

// TestDamageIsSeen changes one value after the other: a check finds it, and no look-up gives another answer than before.
func TestDamageIsSeen(t *testing.T) {
	t.Parallel()
	db, _, terms := sample(t)
	want, faults, err := read(t, db, terms)
	must(t, err)
	if faults > 0 || len(want.Hits) == 0 || len(want.Newest) != sampled {
		t.Fatalf("%d faults in what is whole, %d hits", faults, len(want.Hits))
	}
	r := rand.New(rand.NewPCG(1, 1))
	all := values(t, db)
	if len(all) < 15 {
		t.Fatalf("only %d values", len(all))
	}
	for i := range 8 * len(all) {
		path, other := all[i%len(all)], all[(i+1+i/len(all))%len(all)]
		for _, c := range []struct {
			name string
			to   func(value, other []byte) []byte // nil: it is deleted
		}{
			{"a bit is flipped", func(v, _ []byte) []byte {
				v[r.IntN(len(v))] ^= 1 << r.IntN(8)
				return v
			}},
			{"it is cut", func(v, _ []byte) []byte { return v[:r.IntN(len(v))] }},
			{"zeros follow", func(v, _ []byte) []byte { return append(v, make([]byte, filterLine)...) }},
			{"it is another's", func(_, o []byte) []byte { return o }},
			{"two lines are swapped", func(v, o []byte) []byte {
				if len(v) < 2*blockBytes {
					return o
				}
				return append(append(append([]byte{}, v[blockBytes:2*blockBytes]...), v[:blockBytes]...), v[2*blockBytes:]...)
			}},
			{"it is missing", nil},
		} {
			key := path[len(path)-1]
			name := fmt.Sprintf("%q: %s", path, c.name)
			var was []byte
			must(t, db.Update(func(tx *bbolt.Tx) error {
				b := parent(tx, path)
				was = bytes.Clone(b.Get(key))
				if c.to == nil {
					return b.Delete(key)
				}
				return b.Put(key, c.to(bytes.Clone(was), bytes.Clone(parent(tx, other).Get(other[len(other)-1]))))
			}))
			got, faults, err := read(t, db, terms)
			if faults == 0 {
				t.Errorf("%s: a check finds nothing", name)
			}
			if err == nil && !cmp.Equal(want, got) {
				t.Errorf("%s: another answer without an error", name)
			}
			var damage *DamageError
			if err != nil && (!errors.As(err, &damage) || !errors.Is(err, ErrDamaged) || damage.Where == "") {
				t.Errorf("%s: %v is no DamageError that says where", name, err)
			}
			must(t, db.Update(func(tx *bbolt.Tx) error { return parent(tx, path).Put(key, was) }))
		}
	}
}

// TestMissingBucketsAreSeen: what is lost as a whole is found by counts.
func TestMissingBucketsAreSeen(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		lose func(root *bbolt.Bucket) error
	}{
		{"the memtable", func(root *bbolt.Bucket) error { return root.DeleteBucket(kMemtable) }},
		{"all segments", func(root *bbolt.Bucket) error { return root.DeleteBucket(kSegment) }},
		{"one segment", func(root *bbolt.Bucket) error { return root.Bucket(kSegment).DeleteBucket(segmentKey(0, 64)) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			db, _, terms := sample(t)
			must(t, db.Update(func(tx *bbolt.Tx) error { return c.lose(tx.Bucket(bucketName)) }))
			if _, faults, err := read(t, db, terms); faults == 0 || !errors.Is(err, ErrDamaged) {
				t.Errorf("%d faults, and a look-up says %v", faults, err)
			}
		})
	}
}

// TestPostingWithoutItsItem: a check asks for each document whether there is what it stands for.
func TestPostingWithoutItsItem(t *testing.T) {
	t.Parallel()
	db, s, _ := sample(t)
	for _, lost := range []uint64{3, 70, 90} { // merged, sealed, in the memtable
		view(t, db, s, func(r *Reader) {
			var faults []Fault
			must(t, r.Check(func(_ int, id uint64) (bool, error) { return id != lost, nil }, func(f Fault) { faults = append(faults, f) }))
			if len(faults) != 1 {
				t.Errorf("%d is lost: faults %v, want one", lost, faults)
			}
		})
	}
	view(t, db, s, func(r *Reader) {
		if err := r.Check(func(int, uint64) (bool, error) { return false, errFull }, func(Fault) {}); !errors.Is(err, errFull) {
			t.Errorf("got %v, want the error of who was asked", err)
		}
	})
}

// FuzzDecoders reads values whose sums are right and whose content may be anything: nothing panics, nothing grows beyond the value.
func FuzzDecoders(f *testing.F) {
	db, _, _ := sample(f)
	for _, path := range values(f, db) {
		must(f, db.View(func(tx *bbolt.Tx) error {
			v := parent(tx, path).Get(path[len(path)-1])
			f.Add(bytes.Clone(v[:len(v)-SumBytes]))
			return nil
		}))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		b = slices.Clip(b)
		docs := 0
		if s, ok := section(b, 0); ok && eachDoc(s, func(Doc, []uint64) { docs++ }) && docs > len(b) {
			t.Errorf("%d documents in %d bytes", docs, len(b))
		}
		bl := newBlock(0, b)
		n := 0
		for bl.next() {
			places := bl.places(nil)
			if n += len(places); n > len(b) || !bl.bad && !slices.IsSorted(places) {
				t.Fatalf("%d places in %d bytes: %v", n, len(b), places)
			}
		}
		if h, ok := unpackHead(segmentKey(0, 5), WithSum(1, kHead, b), 1); ok {
			again, ok := unpackHead(segmentKey(0, 5), h.pack(), 1)
			if d := cmp.Diff(h, again, cmp.AllowUnexported(head{})); !ok || d != "" {
				t.Errorf("head: %s", d)
			}
		}
		if st, ok := unpackState(WithSum(1, kState, b), 1, 2); ok {
			again, ok := unpackState(st.pack(1), 1, 2)
			if d := cmp.Diff(st, again, cmp.AllowUnexported(state{}, indexState{})); !ok || d != "" {
				t.Errorf("state: %s", d)
			}
		}
	})
}
