package postings

import (
	"encoding/binary"
	"slices"
	"sync/atomic"

	"go.etcd.io/bbolt"
)

const (
	// SealDocs is how many documents of one index the memtable holds before it is sealed.
	SealDocs = 8192
	// Fanout is how many sealed segments are merged into one.
	Fanout = 8
)

// Doc is what terms lead to.
type Doc struct {
	ID     uint64 // number of an item, position of the log
	Source string // empty in an index that has no use for it
	At     int64  // minutes since 1970; likewise 0
}

// Posting is a document and its terms in one index.
type Posting struct {
	Index int // of the set, as in the options
	Doc   Doc
	Terms []uint64 // ascending, each once
}

// Set is the indexes of one open file: what is kept of them in memory. It is safe for concurrent use.
type Set struct {
	name      string
	indexes   []string
	sealDocs  int
	fanout    int
	group     int
	maxCounts int

	memtables []atomic.Pointer[memtable] // by index; nil: to be read from the file
	sealed    atomic.Pointer[sealed]     // nil: likewise
}

// New returns a set of indexes, each with its name in errors. They are referred to by their places. name is that of the bucket
// that they are stored in, and a part of every sum.
func New(name string, indexes ...string) *Set {
	return &Set{name: name, indexes: indexes, sealDocs: SealDocs, fanout: Fanout, group: Group, maxCounts: maxCounts,
		memtables: make([]atomic.Pointer[memtable], len(indexes))}
}

// Reset forgets what is in memory. It must be called after a transaction that wrote and failed.
func (s *Set) Reset() {
	for i := range s.memtables {
		s.memtables[i].Store(nil)
	}
	s.sealed.Store(nil)
}

var (
	kState    = []byte("state")
	kMemtable = []byte("tail")
	kSegment  = []byte("segment")
)

// state says what the other values are.
type state struct {
	memtable uint64 // number of the memtable, which changes when its rows do anything but grow in number
	sealed   uint64 // number of the set of segments
	rows     uint64 // in the memtable
	sections []indexState
}

// indexState is what the state says of one index.
type indexState struct {
	added    uint64 // documents, over its life
	docs     int    // in the memtable
	segments int
}

func (st *state) pack(seed uint32) []byte {
	b := []byte{format}
	for _, n := range []uint64{st.memtable, st.sealed, st.rows} {
		b = binary.AppendUvarint(b, n)
	}
	for _, x := range st.sections {
		b = binary.AppendUvarint(b, x.added)
		b = binary.AppendUvarint(b, uint64(x.docs))
		b = binary.AppendUvarint(b, uint64(x.segments))
	}
	return WithSum(seed, kState, b)
}

// unpackState reads the state of so many indexes; that of an empty set where stored is nil.
func unpackState(stored []byte, seed uint32, indexes int) (st state, ok bool) {
	st.sections = make([]indexState, indexes)
	if stored == nil {
		return st, true
	}
	value, ok := WithoutSum(seed, kState, stored)
	if !ok {
		return st, false
	}
	d := Decoder{Rest: value}
	d.Begins(format)
	st.memtable, st.sealed, st.rows = d.Uvarint(), d.Uvarint(), d.Uvarint()
	for i := range st.sections {
		st.sections[i] = indexState{d.Uvarint(), d.Count(maxPlace + 1), d.Count(1 << 31)}
	}
	return st, !d.Bad && d.Done()
}

// Reader looks documents up in one transaction. It must not outlive it.
type Reader struct {
	set   *Set
	root  *bbolt.Bucket // nil: nothing was ever added
	seed  uint32
	state state
	open  [][]*segment // by index, newest first; nil: not asked for yet

	lookups *Lookups // nil: none is remembered
	key     []byte   // scratch, for the name of a look-up
	scratch scratch
}

// Reader returns a reader of what is in the bucket, which is nil where nothing was ever added. It returns a [*DamageError].
func (s *Set) Reader(root *bbolt.Bucket) (*Reader, error) {
	r := &Reader{set: s, root: root, seed: Sum(0, []byte(s.name)), open: make([][]*segment, len(s.indexes))}
	var stored []byte
	if root != nil {
		stored = root.Get(kState)
	}
	ok := false
	if r.state, ok = unpackState(stored, r.seed, len(s.indexes)); !ok {
		return nil, &DamageError{s.name + " state", "unreadable"}
	}
	return r, nil
}

func (r *Reader) writable() bool { return r.root != nil && r.root.Writable() }

// Docs returns how many documents an index holds, those included that have expired and were not left out yet.
func (r *Reader) Docs(index int) (int, error) {
	n := r.state.sections[index].docs
	sealed, err := r.segments(index)
	for _, s := range sealed {
		n += s.docs
	}
	return n, err
}

func (r *Reader) memtableSeed() uint32 { return Sum(r.seed, kMemtable) }

func rowKey(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// memtable returns the memtable of an index, of which the reader sees the first documents, end of them.
func (r *Reader) memtable(index int) (t *memtable, end int, err error) {
	kept := &r.set.memtables[index]
	was := kept.Load()
	if t = was; t == nil || t.number != r.state.memtable {
		t = newMemtable(r.state.memtable)
	}
	if err := r.fill(t, index); err != nil {
		return nil, 0, err
	}
	if t != was && (r.writable() || was == nil || was.number < t.number) { // what the writer has may be newer
		kept.CompareAndSwap(was, t)
	}
	return t, r.state.sections[index].docs, nil
}

// fill adds the rows to the memtable that it does not have yet.
func (r *Reader) fill(t *memtable, index int) error {
	t.mu.RLock()
	full := t.rows >= r.state.rows
	t.mu.RUnlock()
	if full {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if err := r.eachRow(index, t.rows, func(section []byte) (ok bool) {
		if ok = eachDoc(section, t.add); ok {
			t.rows++
		}
		return ok
	}); err != nil {
		return err
	}
	return r.counted(index, len(t.docs))
}

// eachRow calls do with what an index has in each row of the memtable behind the first so many. do reports whether that could be read.
func (r *Reader) eachRow(index int, behind uint64, do func(section []byte) (ok bool)) error {
	if behind >= r.state.rows {
		return nil
	}
	seed, b := r.memtableSeed(), r.root.Bucket(kMemtable)
	if b == nil {
		return &DamageError{r.set.name + " memtable", "is missing"}
	}
	c := b.Cursor()
	for k, v := c.Seek(rowKey(behind + 1)); behind < r.state.rows; k, v = c.Next() {
		behind++
		section, ok := r.section(seed, k, v, index)
		if !ok || !slices.Equal(k, rowKey(behind)) || !do(section) {
			return r.damagedRow(behind)
		}
	}
	return nil
}

// counted returns a [*DamageError] unless that is how many documents of an index the memtable has.
func (r *Reader) counted(index, docs int) error {
	if docs != r.state.sections[index].docs {
		return &DamageError{r.set.name + " memtable", "holds another number of documents than were added"}
	}
	return nil
}

// memtableDocs returns the documents of an index in the memtable: from memory where they are there, else from the rows, which takes a
// tenth of what making the tables of their terms does.
func (r *Reader) memtableDocs(index int) (docs []Doc, err error) {
	if t := r.set.memtables[index].Load(); t != nil && t.number == r.state.memtable {
		t, end, err := r.memtable(index)
		if err != nil {
			return nil, err
		}
		t.mu.RLock()
		defer t.mu.RUnlock()
		return t.docs[:end], nil
	}
	err = r.eachRow(index, 0, func(section []byte) (ok bool) {
		return eachHead(section, func(doc Doc, d *Decoder, n int) {
			docs = append(docs, doc)
			d.skip(n)
		})
	})
	if err != nil {
		return nil, err
	}
	return docs, r.counted(index, len(docs))
}

func (r *Reader) damagedRow(n uint64) error {
	return &DamageError{r.set.name + " memtable " + hex(rowKey(n)), "is missing or unreadable"}
}

// section returns that of an index in a stored row.
func (r *Reader) section(seed uint32, k, stored []byte, index int) ([]byte, bool) {
	value, ok := WithoutSum(seed, k, stored)
	if !ok {
		return nil, false
	}
	return section(value, index)
}

// sealed is the segments of a file, in memory.
type sealed struct {
	number uint64
	heads  [][]*head // by index, newest first
	counts []*counts // by index
}

// sealed returns the segments that the reader sees.
func (r *Reader) sealed() (*sealed, error) {
	was := r.set.sealed.Load()
	if was != nil && was.number == r.state.sealed {
		return was, nil
	}
	s, err := r.readSealed()
	if err != nil {
		return nil, err
	}
	if r.writable() || was == nil || was.number < s.number {
		r.set.sealed.CompareAndSwap(was, s)
	}
	return s, nil
}

func (r *Reader) segmentSeed(key []byte) uint32 { return Sum(r.seed, kSegment, key) }

func (r *Reader) readSealed() (*sealed, error) {
	s := &sealed{number: r.state.sealed, heads: make([][]*head, len(r.set.indexes)), counts: make([]*counts, len(r.set.indexes))}
	for i := range s.counts {
		s.counts[i] = &counts{limit: r.set.maxCounts}
	}
	if b := r.segmentBucket(); b != nil {
		c := b.Cursor()
		for k, _ := c.First(); k != nil; k, _ = c.Next() {
			h, err := r.readHead(b, k)
			if err != nil {
				return nil, err
			}
			s.heads[h.index] = slices.Insert(s.heads[h.index], 0, h)
		}
	}
	for i, all := range s.heads {
		if len(all) != r.state.sections[i].segments {
			return nil, &DamageError{r.set.indexes[i] + " segments", "have another number than were sealed"}
		}
	}
	return s, nil
}

func (r *Reader) readHead(all *bbolt.Bucket, k []byte) (*head, error) {
	b := all.Bucket(k)
	if b == nil {
		return nil, &DamageError{r.set.name + " segment " + hex(k), "is no bucket"}
	}
	h, ok := unpackHead(k, b.Get(kHead), r.segmentSeed(k))
	if !ok || h.index >= len(r.set.indexes) {
		return nil, &DamageError{r.set.name + " segment " + hex(k), "has an unreadable head"}
	}
	return h, nil
}

func (r *Reader) segmentBucket() *bbolt.Bucket {
	if r.root == nil {
		return nil
	}
	return r.root.Bucket(kSegment)
}

// segments returns those of an index, the newest first.
func (r *Reader) segments(index int) ([]*segment, error) {
	if r.open[index] != nil {
		return r.open[index], nil
	}
	sealed, err := r.sealed()
	if err != nil {
		return nil, err
	}
	all := r.segmentBucket()
	open := make([]*segment, len(sealed.heads[index]))
	for i, h := range sealed.heads[index] {
		b := all.Bucket(segmentKey(index, h.first))
		if b == nil {
			return nil, &DamageError{h.where(r.set, ""), "is missing"}
		}
		open[i] = h.in(r.set, b)
	}
	r.open[index] = open
	return open, nil
}
