package store

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/platform"
	"dateline/store/boltfile"
	"dateline/store/postings"
)

// Salvaged counts what [Salvage] took out of a damaged store, and names what it did not find.
type Salvaged struct {
	Items   int
	Entries int
	Records int // of the log
	Keys    int // that items are recognised by, made again from the items
	Lost    []Loss
}

// Loss is what was lost of a bucket.
type Loss struct {
	Bucket string
	Rows   int      // fewer than the store says that it had; -1: it cannot be read how many there were
	Keys   [][]byte // of rows whose sums are wrong, as far as they can be read; at most 100
}

// Recognised is what an item is found by besides its key.
type Recognised struct {
	Keys               []news.IdentityKey
	Fingerprint, Stems []uint32
}

// salvaged is the kind of the file that a salvage writes to, until it is whole.
const salvaged = "salvage"

// Salvage brings what is whole out of the damaged store at from into a new one at to, where there must be no file. Of what is taken
// every row has its sum. Entries that were lost are made again from their items, as are all indexes, for which recognise says what an
// item is found by. Numbers and positions stay: a position whose record was lost has one of an item that was forgotten. Items that were
// lost return under their ids when a feed has them still, which is asked without validators.
// It returns [fs.ErrExist], [ErrForeign] where no row is found, and the errors of [Open] but [ErrCorrupt].
func Salvage(ctx context.Context, from, to string, recognise func(news.Item) Recognised, progress Progress) (got Salvaged, err error) {
	if _, err := os.Lstat(to); err == nil {
		return got, &fs.PathError{Op: "salvage", Path: to, Err: fs.ErrExist}
	}
	in, unlock, err := openDamaged(from)
	if err != nil {
		return got, err
	}
	defer unlock()
	defer in.Close()
	f, err := createTemp(to, salvaged)
	if err != nil {
		return got, err
	}
	defer os.Remove(f.Name())
	if err := errors.Join(f.Close(), fill(f.Name(), "")); err != nil {
		return got, err
	}
	s, err := open(f.Name(), Options{Follow: true})
	if err != nil {
		return got, err
	}
	s.db.Load().NoSync = true // until it is whole
	g := &salvager{s: s, ctx: ctx, recognise: recognise, progress: progress, origins: map[string]boltfile.Origin{},
		waits: map[string]int{}, lost: map[string]*Loss{}}
	if err := errors.Join(g.run(in), s.db.Load().Sync(), s.Close()); err != nil {
		return got, fmt.Errorf("%s: %w", from, err)
	}
	if err := os.Chmod(f.Name(), 0o600); err != nil { // it holds what is not public
		return got, err
	}
	if err := verify(f.Name()); err != nil {
		return got, fmt.Errorf("what was salvaged of %s: %w", from, err)
	}
	return g.got, errors.Join(os.Link(f.Name(), to), platform.SyncDir(filepath.Dir(to)))
}

// openDamaged opens a store to read it, and keeps other processes from writing to it.
func openDamaged(path string) (f *os.File, unlock func(), err error) {
	info, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fmt.Errorf("%s: %w", path, ErrMissing)
	}
	if err != nil {
		return nil, nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, nil, fmt.Errorf("%s: %w: it is %s", path, ErrForeign, kindOf(info.Mode()))
	}
	if unlock, err = lock(path); err != nil {
		return nil, nil, err
	}
	if f, err = os.Open(path); err != nil {
		unlock()
	}
	return f, unlock, err
}

// salvager is a salvage under way.
type salvager struct {
	s         *Store // that is made
	ctx       context.Context
	recognise func(news.Item) Recognised
	progress  Progress
	got       Salvaged

	seeds   []uint32 // of the buckets' names
	lost    map[string]*Loss
	counts  [len(counted)]uint64 // rows that were taken
	origins map[string]boltfile.Origin
	waiting []salvagedRow
	waits   map[string]int // places in waiting, by bucket and key
	weight  int            // of what waits, in bytes
	old     *totals        // nil: they were lost
	err     error
	now     time.Time // the newest visit
}

// salvagedRow is a row that is to be written.
type salvagedRow struct {
	bucket   string
	k, value []byte
}

// run does all of it.
func (g *salvager) run(in *os.File) error {
	info, err := in.Stat()
	if err != nil {
		return err
	}
	var names []string
	for _, b := range append(slices.Clone(buckets), bInitialSource) {
		if string(b) != string(bPostings) {
			names, g.seeds = append(names, string(b)), append(g.seeds, postings.Sum(0, b))
		}
	}
	scan := boltfile.Salvage{From: in, Size: info.Size(), Buckets: names, Others: []string{string(bPostings)},
		Whole: func(b int, k, stored []byte) bool {
			_, ok := postings.WithoutSum(g.seeds[b], k, stored)
			return ok
		},
		Version: func(b int, k, stored []byte) uint64 {
			if names[b] != string(bMeta) || string(k) != string(kTotals) {
				return 0
			}
			t, err := unpackTotals(stored[:len(stored)-postings.SumBytes])
			if err != nil {
				return 0
			}
			return t.seq
		},
		Found: func(b int, k, stored []byte, from boltfile.Origin) {
			g.take(names[b], k, stored[:len(stored)-postings.SumBytes], from)
		},
		Lost: func(b int, k []byte) { g.lose(names[b], k) },
	}
	scan.Run()
	if err := cmp.Or(g.err, g.write()); err != nil {
		return err
	}
	if g.old == nil && g.counts == [len(counted)]uint64{} {
		return ErrForeign
	}
	g.countLost()
	return g.repair()
}

// lose notes that something of a bucket is damaged.
func (g *salvager) lose(bucket string, k []byte) {
	const most = 100
	if g.lost[bucket] == nil {
		g.lost[bucket] = &Loss{Bucket: bucket}
	}
	if l := g.lost[bucket]; k != nil && len(l.Keys) < most {
		l.Keys = append(l.Keys, bytes.Clone(k[:min(len(k), 64)]))
	}
}

// countLost compares what was taken with what there was.
func (g *salvager) countLost() {
	for i, name := range counted {
		l := g.lost[string(name)]
		if l == nil && (g.old == nil || g.old.rows[i] <= g.counts[i]) {
			continue
		}
		if l == nil {
			l = &Loss{Bucket: string(name)}
		}
		l.Rows = -1
		if g.old != nil {
			l.Rows = max(0, int(g.old.rows[i])-int(g.counts[i]))
		}
		if l.Rows != 0 {
			g.got.Lost = append(g.got.Lost, *l)
		}
	}
	if g.old == nil {
		g.got.Lost = append(g.got.Lost, Loss{Bucket: string(bMeta), Rows: 1, Keys: [][]byte{kTotals}})
	}
}

// take takes a row, unless it has a better one with that key.
func (g *salvager) take(bucket string, k, value []byte, from boltfile.Origin) {
	if bucket == string(bMeta) && string(k) == string(kSchema) {
		g.schema(value)
	}
	switch {
	case bucket == string(bMeta) && string(k) == string(kLog): // what was salvaged follows none: something may be missing
		return
	case g.err != nil, bucket == string(bVisit) && from != boltfile.InTree: // old visits are of an old fold
		return
	case bucket == string(bMeta) && string(k) == string(kTotals):
		if t, err := unpackTotals(value); err == nil && (g.old == nil || t.seq > g.old.seq) {
			g.old = t
		}
		return
	}
	id := bucket + "\x00" + string(k)
	if from != boltfile.InTree {
		if was := g.taken(id, bucket, k); was != nil {
			of, old := g.origins[id]
			if !old || of == boltfile.InTreePrev && from == of || !newer(bucket, value, was) {
				return
			}
		}
		g.origins[id] = from
	}
	if at, waits := g.waits[id]; waits {
		g.waiting[at].value = bytes.Clone(value)
		return
	}
	g.waits[id] = len(g.waiting)
	g.waiting = append(g.waiting, salvagedRow{bucket, bytes.Clone(k), bytes.Clone(value)})
	if g.weight += len(k) + len(value); g.weight > 8<<20 {
		g.err = g.write()
	}
}

// schema refuses a store of another version.
func (g *salvager) schema(value []byte) {
	switch {
	case len(value) != 8 || num8(value) == Schema:
	case num8(value) > Schema:
		g.err = cmp.Or(g.err, fmt.Errorf("%w: its schema is %d, this program knows %d", ErrNewer, num8(value), Schema))
	default:
		g.err = cmp.Or(g.err, fmt.Errorf("%w: its schema is %d, this program's %d", ErrOlder, num8(value), Schema))
	}
}

// taken returns the row that was taken under the key; nil: none was.
func (g *salvager) taken(id, bucket string, k []byte) (value []byte) {
	if at, waits := g.waits[id]; waits {
		return g.waiting[at].value
	}
	_ = g.s.View(func(v View) (err error) { // what cannot be read is taken again
		value, err = v.table([]byte(bucket)).get(k)
		value = bytes.Clone(value)
		return err
	})
	return value
}

// newer reports whether a row found in a page that nothing leads to is of a later time than one with the same key.
func newer(bucket string, is, was []byte) bool {
	switch bucket {
	case string(bEntry):
		a, errA := unpackEntry(news.Key{}, is)
		b, errB := unpackEntry(news.Key{}, was)
		return errA == nil && errB == nil && a.Changed > b.Changed
	case string(bItem):
		return blockAge(is) > blockAge(was)
	}
	return false
}

// blockAge returns how much was done to a block of items since it was written: revisions are added, then texts go, then items. Of a
// revision it is 0.
func blockAge(value []byte) (age uint64) {
	var b block
	if len(value) == 0 || value[0] != formBlock {
		return 0
	}
	if _, err := b.readHeaders(value); err != nil {
		return 0
	}
	for _, h := range b.headers {
		switch {
		case h.key.IsZero():
			age += 2 << 20
		case h.erased:
			age += 1 << 20
		default:
			age += uint64(h.latest)
		}
	}
	return age
}

// write writes the rows that wait.
func (g *salvager) write() error {
	if len(g.waiting) == 0 {
		return nil
	}
	if err := g.ctx.Err(); err != nil {
		return err
	}
	all := g.waiting
	g.waiting, g.weight = nil, 0
	clear(g.waits)
	return g.change(func(t *Tx) error {
		for _, r := range all {
			if r.bucket == string(bInitialSource) && !t.HasInitialSources() {
				if _, err := t.tx.CreateBucket(bInitialSource); err != nil {
					return err
				}
				delete(t.memo.tables, r.bucket) // it was empty
			}
			if err := t.table([]byte(r.bucket)).put(r.k, r.value); err != nil {
				return err
			}
		}
		g.counts = t.memo.totals.rows
		return nil
	})
}

// change changes the store that is made, in a transaction.
func (g *salvager) change(do func(*Tx) error) error {
	if err := g.ctx.Err(); err != nil {
		return err
	}
	return g.s.exclusive("salvage", func() error {
		return g.s.transact(func(v View) error {
			t := g.s.newTx(v, g.now)
			return cmp.Or(do(t), t.attempt(t.flush))
		})
	})
}

// salvageStep bounds the rows of one transaction.
const salvageStep = 2000

// each calls do with every row of a bucket, some in a transaction. do may change the bucket.
func (g *salvager) each(bucket []byte, do func(t *Tx, k, value []byte) error) error {
	for next := []byte{0}; next != nil; {
		err := g.change(func(t *Tx) error {
			var rows []salvagedRow
			c := t.table(bucket).cursor()
			for k, value := c.seek(next); k != nil && len(rows) < salvageStep; k, value = c.next() {
				rows = append(rows, salvagedRow{k: bytes.Clone(k), value: bytes.Clone(value)})
			}
			next = nil
			for _, r := range rows {
				if err := do(t, r.k, r.value); err != nil {
					return err
				}
			}
			if len(rows) == salvageStep {
				next = append(rows[len(rows)-1].k, 0)
			}
			return c.err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
