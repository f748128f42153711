//go:build unix

package postings

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"
	"time"

	"go.etcd.io/bbolt"
)

// What an item of a hundred words has.
const (
	benchFingerprints = 30
	benchStems        = 84
	benchKeys         = 5
	benchTags         = 8
)

// The indexes of the benchmarks, as the store will have them.
const (
	fingerprints = iota
	stems
	keys
	tags
)

// corpus composes items: fingerprints and keys of chance, stems and tags as texts have them, some in every tenth, most in hardly any.
type corpus struct {
	r     *rand.Rand
	stems *rand.Zipf
	tags  *rand.Zipf
}

func newCorpus(seed uint64) *corpus {
	r := rand.New(rand.NewPCG(seed, 2))
	return &corpus{r, rand.NewZipf(r, 1.6, 120, 2_000_000), rand.NewZipf(r, 1.3, 3, 3000)}
}

func distinct(n int, draw func() uint64) []uint64 {
	out := make([]uint64, 0, n)
	for len(out) < n {
		if t := draw(); !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	slices.Sort(out)
	return out
}

func (w *corpus) fingerprint() []uint64 {
	return distinct(benchFingerprints, func() uint64 { return uint64(w.r.Uint32()) })
}

func (w *corpus) stem() []uint64 {
	return distinct(benchStems, func() uint64 { return uint64(uint32(w.stems.Uint64()+1) * 2654435761) })
}

func (w *corpus) key() []uint64 { return distinct(benchKeys, w.r.Uint64) }

func (w *corpus) tag() []uint64 {
	return distinct(benchTags, func() uint64 { return (w.tags.Uint64() + 1) * 0x9e3779b97f4a7c15 })
}

func (w *corpus) item(n int) []Posting {
	id := uint64(n + 1)
	full := Doc{id, fmt.Sprint("s", n/50%200), int64(n * 1440 / 100_000)}
	return []Posting{
		{fingerprints, full, w.fingerprint()},
		{stems, full, w.stem()},
		{keys, Doc{ID: id}, w.key()},
		{tags, Doc{ID: id}, w.tag()},
	}
}

func newBenchSet() *Set { return New("postings", "fingerprint", "stem", "key", "tag") }

// cpu returns what the process has used.
func cpu() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// stored is a file with n items, the processor time that storing them took, and the bytes written.
type stored struct {
	db    *bbolt.DB
	set   *Set
	n     int
	took  time.Duration
	most  time.Duration // of one transaction
	wrote int64
}

// built returns a file of n items: the one that is kept in $DATELINE_BENCH, or else a new one, which is kept there if that is set.
func built(b *testing.B, n int) *stored {
	b.Helper()
	dir := os.Getenv("DATELINE_BENCH")
	if dir == "" {
		return build(b, open(b), n)
	}
	path := filepath.Join(dir, fmt.Sprint("postings-", n, ".db"))
	if _, err := os.Stat(path); err != nil {
		db := openAt(b, path+".new")
		build(b, db, n)
		must(b, db.Sync())
		must(b, db.Close())
		must(b, os.Rename(path+".new", path))
	}
	return &stored{db: openAt(b, path), set: newBenchSet(), n: n}
}

// build stores n items as segments and a memtable of the form that adding them gives, in a tenth of the time.
func build(b *testing.B, db *bbolt.DB, n int) *stored {
	b.Helper()
	f := &stored{db: db, set: newBenchSet(), n: n}
	c := newCorpus(1)
	for at := 0; at < n; {
		size := min(n-at, SealDocs*Fanout)
		if size < SealDocs*Fanout && size > SealDocs {
			size -= size % SealDocs
		}
		all := make([][]Posting, len(f.set.indexes))
		for i := range size {
			for _, p := range c.item(at + i) {
				all[p.Index] = append(all[p.Index], p)
			}
		}
		must(b, update(f.db, f.set, func(w *Writer) error {
			for index, some := range all {
				if err := w.addBuilt(index, some, (n/SealDocs-index)/Fanout*Fanout*SealDocs); err != nil {
					return err
				}
			}
			return w.save()
		}))
		at += size
	}
	return f
}

// addBuilt writes documents as a segment where they were merged, which the first merged of the index were, as segments where they were
// sealed, else to the memtable.
func (w *Writer) addBuilt(index int, all []Posting, merged int) error {
	switch {
	case int(w.state.sections[index].added) < merged:
		return w.putBuilt(index, all, 1)
	case len(all) < SealDocs:
		return w.Add(all...)
	}
	for some := range slices.Chunk(all, SealDocs) {
		if err := w.putBuilt(index, some, 0); err != nil {
			return err
		}
	}
	return nil
}

// putBuilt writes a segment of documents.
func (w *Writer) putBuilt(index int, all []Posting, level int) error {
	type pair struct {
		term  uint64
		place uint16
	}
	var docs []Doc
	var pairs []pair
	for i, p := range all {
		docs = append(docs, p.Doc)
		for _, t := range p.Terms {
			pairs = append(pairs, pair{t, uint16(i)})
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int { return cmp.Or(cmp.Compare(a.term, b.term), cmp.Compare(a.place, b.place)) })
	b := &builder{}
	var places []uint16
	for i, p := range pairs {
		if places = append(places, p.place); i+1 == len(pairs) || pairs[i+1].term != p.term {
			b.add(p.term, places)
			places = places[:0]
		}
	}
	x := &w.state.sections[index]
	h := w.newHead(index, x.added, level)
	if merged, err := w.segments(index); err != nil {
		return err
	} else if older := w.set.older(merged, 0); level > 0 && len(older) > 0 {
		if b.group, err = h.groupFilter(b, older); err != nil {
			return err
		}
	}
	x.added += uint64(len(docs))
	x.segments++
	w.changed()
	return w.putSegment(h, docs, b)
}

// fill stores n items, 50 in a transaction.
func fill(b *testing.B, n int) *stored {
	b.Helper()
	f := &stored{db: open(b), set: newBenchSet(), n: n}
	w := newCorpus(1)
	for i := 0; i < n; i += 50 {
		var all []Posting
		for j := range 50 {
			all = append(all, w.item(i+j)...)
		}
		began := cpu()
		must(b, update(f.db, f.set, func(w *Writer) error { return w.Add(all...) }))
		used := cpu() - began
		f.took, f.most = f.took+used, max(f.most, used)
	}
	st := f.db.Stats().TxStats
	f.wrote = st.GetPageAlloc()
	return f
}

func (f *stored) report(b *testing.B) {
	b.ReportMetric(float64(f.took.Nanoseconds())/float64(f.n), "cpu-ns/stored")
	b.ReportMetric(float64(f.most.Milliseconds()), "cpu-ms/longest")
	b.ReportMetric(float64(f.wrote)/float64(f.n), "written-B/item")
	must(b, f.db.View(func(tx *bbolt.Tx) error {
		all := tx.Bucket(bucketName).Bucket(kSegment)
		size := map[int]int{}
		must(b, all.ForEachBucket(func(k []byte) error {
			st := all.Bucket(k).Stats()
			size[int(k[0])] += st.LeafAlloc + st.BranchAlloc
			return nil
		}))
		r, err := f.set.Reader(tx.Bucket(bucketName))
		must(b, err)
		for i, name := range f.set.indexes {
			b.ReportMetric(float64(size[i])/float64(f.n-r.state.sections[i].docs), name+"-B/item")
		}
		return nil
	}))
}

// BenchmarkStoring stores n items, and says what that takes.
func BenchmarkStoring(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			f := fill(b, n)
			for b.Loop() {
			}
			f.report(b)
		})
	}
}

// BenchmarkLookUps asks what a new item asks, among n.
func BenchmarkLookUps(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		f := built(b, n)
		for _, c := range []struct {
			name string
			ask  func(*corpus) []uint64
			find func(*Reader, []uint64) error
		}{
			{"fingerprints", (*corpus).fingerprint, findFingerprints},
			{"count", (*corpus).stem, count},
			{"story", (*corpus).stem, story},
			{"keys", (*corpus).key, findKeys},
			{"newest", (*corpus).tag, newest50},
		} {
			b.Run(fmt.Sprint(c.name, "/", n), func(b *testing.B) { f.lookUp(b, c.ask, c.find) })
		}
	}
}

func findFingerprints(r *Reader, ask []uint64) error {
	_, err := r.FindAny(fingerprints, ask, 61)
	return err
}

func findKeys(r *Reader, ask []uint64) error {
	_, err := r.FindAny(keys, ask, 32)
	return err
}

func count(r *Reader, ask []uint64) error {
	_, _, err := r.Count(stems, ask)
	return err
}

// story finds the items that have the rarest words of a new one in common.
func story(r *Reader, ask []uint64) error {
	of, docs, err := r.Count(stems, ask)
	if err != nil {
		return err
	}
	_, err = r.FindAtLeast(stems, rarest(of, docs, ask), Bounds{Terms: 2, Each: 64})
	return err
}

func rarest(of []int, docs int, ask []uint64) []uint64 {
	var order []int
	for i, n := range of {
		if n > 0 && n <= max(64, docs/200) {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(of[a], of[b]) })
	rare := make([]uint64, min(len(order), 12))
	for i := range rare {
		rare[i] = ask[order[i]]
	}
	slices.Sort(rare)
	return rare
}

// newest50 finds the newest fifty of one tag.
func newest50(r *Reader, ask []uint64) error {
	left := 50
	for _, err := range r.Newest(tags, ask[:1], 0, math.MaxInt) {
		if left--; left == 0 || err != nil {
			return err
		}
	}
	return nil
}

// asked is how many questions a benchmark asks in turn: with as many before, a segment's life has seen some 4,000 items.
const asked = 4000

// lookUp asks in transactions of 50, as a commit has so many items.
func (f *stored) lookUp(b *testing.B, build func(*corpus) []uint64, ask func(*Reader, []uint64) error) {
	w := newCorpus(3)
	var all [2 * asked][]uint64
	for i := range all {
		all[i] = build(w)
	}
	n := 0
	next := func() {
		view(b, f.db, f.set, func(r *Reader) {
			for range 50 {
				must(b, ask(r, all[n%len(all)]))
				n++
			}
		})
	}
	for n < asked {
		next()
	}
	began := cpu()
	for b.Loop() {
		next()
	}
	b.ReportMetric(float64((cpu()-began).Nanoseconds())/float64(b.N*50), "cpu-ns/ask")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkMemtable makes the tables of a memtable that is nearly full from its rows, as the first look-up in a process does.
func BenchmarkMemtable(b *testing.B) {
	f := fill(b, SealDocs-50)
	began := cpu()
	for b.Loop() {
		f.set.Reset()
		view(b, f.db, f.set, func(r *Reader) {
			for i := range f.set.indexes {
				_, _, err := r.memtable(i)
				must(b, err)
			}
		})
	}
	b.ReportMetric(float64((cpu()-began).Milliseconds())/float64(b.N), "cpu-ms/op")
	b.ReportMetric(0, "ns/op")
}
