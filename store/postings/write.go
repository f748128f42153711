package postings

import (
	"cmp"
	"math"
	"slices"

	"go.etcd.io/bbolt"
)

// Writer changes the indexes in one transaction, and reads what it wrote.
type Writer struct {
	*Reader

	// Expired reports whether a document is to be left out when segments are merged. It must depend on nothing but what the
	// transaction reads, so that the same changes give the same segments. nil: none is.
	Expired func(index int, d Doc) (bool, error)

	Pages Pages // nil: nothing asks
}

// Pages is given what a [Writer] is about to change in the bucket, so that the pages which are freed can be looked at before.
type Pages interface {
	// Row is called before a row is written. The key is not changed afterwards.
	Row(b *bbolt.Bucket, key []byte)
	// Drop is called before a bucket in another is deleted, which frees all of its pages. Its error is that of the change.
	Drop(b *bbolt.Bucket, key []byte) error
}

// put writes a row of the bucket of all indexes, or of the memtable.
func (w *Writer) put(b *bbolt.Bucket, key, stored []byte) error {
	if w.Pages != nil {
		w.Pages.Row(b, key)
	}
	return b.Put(key, stored)
}

// deleteBucket deletes the memtable or a segment.
func (w *Writer) deleteBucket(b *bbolt.Bucket, key []byte) error {
	if w.Pages != nil {
		if err := w.Pages.Drop(b, key); err != nil {
			return err
		}
	}
	return b.DeleteBucket(key)
}

// Writer returns a writer on the bucket, which may be empty. It returns a [*DamageError].
func (s *Set) Writer(root *bbolt.Bucket) (*Writer, error) {
	r, err := s.Reader(root)
	return &Writer{Reader: r}, err
}

// Add adds documents. Terms of a document that was added before under the same ID stay. It returns a [*RangeError] for an ID that
// does not fit, a [*DamageError], or an error of bbolt.
func (w *Writer) Add(all ...Posting) error {
	row := newRow(len(w.set.indexes))
	for _, p := range all {
		if p.Doc.ID >= 1<<idBits || p.Doc.At < math.MinInt32 || p.Doc.At > math.MaxInt32 {
			return &RangeError{p.Doc, "its ID or its minute is too large"}
		}
		row.add(p)
		full := w.state.sections[p.Index].docs+row.docs[p.Index] >= w.set.sealDocs
		if !full && row.size < rowBytes {
			continue
		}
		if err := w.append(row); err != nil {
			return err
		}
		row = newRow(len(w.set.indexes))
		if !full {
			continue
		}
		if err := w.seal(); err != nil {
			return err
		}
	}
	return w.append(row)
}

// append writes a row behind those that are there.
func (w *Writer) append(row *row) error {
	if slices.Max(row.docs) == 0 {
		return nil
	}
	b, err := w.root.CreateBucketIfNotExists(kMemtable)
	if err != nil {
		return err
	}
	w.state.rows++
	for i, n := range row.docs {
		w.state.sections[i].docs += n
		w.state.sections[i].added += uint64(n)
	}
	k := rowKey(w.state.rows)
	b.FillPercent = 1 // keys only grow
	if err := w.put(b, k, row.pack(w.memtableSeed(), k)); err != nil {
		return err
	}
	return w.save()
}

func (w *Writer) save() error { return w.put(w.root, kState, w.state.pack(w.seed)) }

// seal writes a segment of every index that has documents in the memtable, empties this, and merges what is to be merged.
func (w *Writer) seal() error {
	was, err := w.sealed()
	if err != nil {
		return err
	}
	known := slices.Clone(was.counts)
	for i, x := range w.state.sections {
		if x.docs == 0 {
			continue
		}
		t, end, err := w.memtable(i)
		if err != nil {
			return err
		}
		known[i] = known[i].sealed(t, end)
		if err := w.sealIndex(i, t, end); err != nil {
			return err
		}
	}
	if err := w.deleteBucket(w.root, kMemtable); err != nil {
		return err
	}
	w.state.rows = 0
	w.state.memtable++
	w.changed()
	if err := w.carry(known); err != nil {
		return err
	}
	for i := range w.state.sections {
		if err := w.mergeSealed(i); err != nil {
			return err
		}
	}
	return w.save()
}

// changed has the segments read anew.
func (w *Writer) changed() {
	w.state.sealed++
	clear(w.open)
}

// carry has the segments read anew, of whose terms that much is known.
func (w *Writer) carry(known []*counts) error {
	s, err := w.readSealed()
	if err == nil {
		s.counts = known
		w.set.sealed.Store(s)
	}
	return err
}

// sealIndex writes the first end documents of a memtable as a segment.
func (w *Writer) sealIndex(index int, t *memtable, end int) error {
	x := &w.state.sections[index]
	h := w.newHead(index, x.added-uint64(end), 0)
	b := &builder{}
	t.mu.RLock()
	defer t.mu.RUnlock()
	type entry struct {
		term uint64
		list
	}
	all := make([]entry, 0, t.lists.used)
	for term, l := range t.lists.all() {
		all = append(all, entry{term, l})
	}
	slices.SortFunc(all, func(a, b entry) int { return cmp.Compare(a.term, b.term) })
	var one [1]uint16
	for _, e := range all {
		if places := t.all(e.list, 0, end, &one); len(places) > 0 {
			b.add(e.term, places)
		}
	}
	x.docs = 0
	x.segments++
	return w.putSegment(h, t.docs[:end], b)
}

func (w *Writer) newHead(index int, first uint64, level int) *head {
	return &head{index: index, first: first, level: level, seed: w.segmentSeed(segmentKey(index, first))}
}

// putSegment writes a segment under the key of its head, which must not be there.
func (w *Writer) putSegment(h *head, docs []Doc, b *builder) error {
	rows, err := h.packDocs(docs)
	if err != nil {
		return err
	}
	b.finish()
	h.terms, h.postings, h.blocks, h.last = len(b.terms), b.postings, len(b.firsts), b.last()
	all, err := w.root.CreateBucketIfNotExists(kSegment)
	if err != nil {
		return err
	}
	key := segmentKey(h.index, h.first)
	if w.Pages != nil {
		w.Pages.Row(all, key)
	}
	to, err := all.CreateBucket(key)
	if err != nil {
		return err
	}
	to.FillPercent = 1 // never again
	s := h.in(w.set, to)
	for _, part := range []struct {
		to   *lines
		data []byte
	}{{&s.rows, rows}, {&s.filter.lines, packFilter(b.terms)}, {&s.group.lines, b.group}, {&s.directory, b.directory()}, {&s.blocks, b.data}} {
		if err := part.to.put(part.data); err != nil {
			return err
		}
	}
	return to.Put(kHead, h.pack())
}
