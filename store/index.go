package store

import (
	"encoding/binary"
	"iter"
	"slices"
	"sync"
	"time"

	"go.etcd.io/bbolt"

	"dateline/aggregator/news"
)

// An index tells which items have which terms. New fingerprints go to the memtable, a row for each visit, which is kept in memory
// besides. From time to time the memtable is sealed: packed into a segment that is never written again, and dropped whole
// once nothing asks for its items any more. The bucket is made by the first visit that writes to it.
type index struct {
	bucket  []byte
	at      int  // its place in what a store and a view keep of indexes
	items   int  // prints in a segment: their places must fit 16 bits
	posts   int  // places that are kept of one term in a segment; 0: all
	counted bool // how many fingerprints have a term is kept as well; see counts.go
}

var (
	fingerprints = &index{bucket: bFingerprint, at: 0, items: 32768, posts: 64} // more of one term tell nothing
	stems        = &index{bucket: bStem, at: 1, items: 8192, counted: true}     // all of them count

	indexes = [...]*index{fingerprints, stems}
)

// sealAfter is how long after its first print a memtable is sealed, so that segments end in time.
const sealAfter = 24 * time.Hour

var (
	kMemtable = []byte("tail")
	kSegment  = byte('s') // and a number of 8 bytes
)

// posting is who has a fingerprint.
type posting struct {
	number uint64 // of the item
	source string
	at     int64 // minutes since 1970
}

func minutes(t time.Time) int64 { return t.Unix() / 60 }

func (p posting) hit() news.Hit {
	return news.Hit{Number: p.number, Source: p.source, At: time.Unix(p.at*60, 0).UTC()}
}

// memtable is the fingerprints that are not sealed, in memory. The writer adds to it; readers look at it meanwhile, each up to
// where its snapshot ends.
type memtable struct {
	mu     sync.RWMutex
	number uint64 // the sequence of the index, which moves with every seal
	since  int64  // unix seconds when the first was seen
	until  int64  // and the last
	all    []posting
	rows   []int // prints up to the end of each row
	terms  map[uint32]postingList
	posts  []post
}

// postingList is the fingerprints with one term, the newest first.
type postingList struct {
	first int32 // in posts, plus one
	count int32
}

type post struct {
	before int32 // the next older one with the same term, plus one; 0: none
	place  uint16
}

func newMemtable(number uint64) *memtable {
	return &memtable{number: number, terms: map[uint32]postingList{}}
}

func (t *memtable) add(p posting, terms []uint32) {
	place := uint16(len(t.all))
	t.all = append(t.all, p)
	for _, m := range terms {
		c := t.terms[m]
		t.posts = append(t.posts, post{before: c.first, place: place})
		t.terms[m] = postingList{first: int32(len(t.posts)), count: c.count + 1}
	}
}

// row is the fingerprints of one visit, as the memtable has them on disk: a schema byte, the source, when they were seen, and of
// each the item's number, its minute, and its terms as differences.
func packRow(source string, seen int64, fingerprints []news.Fingerprint, numbers []uint64) []byte {
	b := appendString([]byte{formPlain}, source)
	b = binary.AppendVarint(b, seen)
	for i, p := range fingerprints {
		b = binary.AppendUvarint(b, numbers[i])
		b = binary.AppendVarint(b, minutes(p.At))
		b = binary.AppendUvarint(b, uint64(len(p.Terms)))
		var last uint32
		for _, m := range p.Terms {
			b = binary.AppendUvarint(b, uint64(m-last))
			last = m
		}
	}
	return b
}

// addRow adds a row to the memtable.
func (t *memtable) addRow(row []byte) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := reader{b: row}
	r.form(formPlain)
	source, seen := r.string(), r.varint()
	if len(t.all) == 0 {
		t.since = seen
	}
	t.until = max(t.until, seen)
	for !r.done() {
		p := posting{number: r.uvarint(), source: source, at: r.varint()}
		terms := make([]uint32, min(r.uvarint(), uint64(len(r.b))))
		var last uint32
		for i := range terms {
			last += uint32(r.uvarint())
			terms[i] = last
		}
		if r.err == nil {
			t.add(p, terms)
		}
	}
	t.rows = append(t.rows, len(t.all))
	return r.err
}

// memtableView is a memtable as one view sees it.
type memtableView struct {
	*memtable
	end int // prints from this place on were written later
}

// find appends to places those of the fingerprints with the term, in order: of more than most of them the newest.
func (t memtableView) find(term uint32, most int, places []uint16) []uint16 {
	t.mu.RLock()
	defer t.mu.RUnlock()
	from := len(places)
	for i := t.terms[term].first; i > 0 && len(places)-from < most; {
		p := t.posts[i-1]
		if int(p.place) < t.end {
			places = append(places, p.place)
		}
		i = p.before
	}
	slices.Reverse(places[from:])
	return places
}

// postings appends to all the fingerprints at the places.
func (t memtableView) postings(places []uint16, all []posting) []posting {
	t.mu.RLock()
	defer t.mu.RUnlock()
	for _, at := range places {
		all = append(all, t.memtable.all[at])
	}
	return all
}

// addPostings adds the fingerprints of a visit to the memtable, and seals what was in it where it is full or old.
func (v View) addPostings(x *index, w Writes, all []news.Fingerprint) error {
	if len(all) == 0 {
		return nil
	}
	t, err := v.memtable(x)
	if err != nil {
		return err
	}
	seen := w.Now.Unix()
	for chunk := range slices.Chunk(all, x.items) {
		if len(t.all) > 0 && (len(t.all)+len(chunk) > x.items || seen-t.since >= int64(sealAfter/time.Second)) {
			if err := v.seal(x, t.memtable); err != nil {
				return err
			}
			t.memtable = newMemtable(v.tx.Bucket(x.bucket).Sequence())
			v.s.memtables[x.at].Store(t.memtable)
		}
		numbers := make([]uint64, len(chunk))
		for i, p := range chunk {
			if numbers[i], err = v.mustNumber(p.Item); err != nil {
				return err
			}
		}
		row := packRow(w.Source, seen, chunk, numbers)
		b, err := v.memtableBucket(x)
		if err != nil {
			return err
		}
		n, err := b.NextSequence()
		if err != nil {
			return err
		}
		b.FillPercent = 1
		if err := b.Put(key8(n), row); err != nil {
			return err
		}
		if err := t.addRow(row); err != nil {
			return err
		}
	}
	return nil
}

func (v View) memtableBucket(x *index) (*bbolt.Bucket, error) {
	b, err := v.tx.CreateBucketIfNotExists(x.bucket)
	if err != nil {
		return nil, err
	}
	return b.CreateBucketIfNotExists(kMemtable)
}

// memtable returns the unsealed fingerprints that the view sees. They are in memory from the first time somebody asks until they
// are sealed, or a transaction fails that may have added to them.
func (v View) memtable(x *index) (memtableView, error) {
	var number, rows uint64
	if root := v.tx.Bucket(x.bucket); root != nil {
		number = root.Sequence()
		if b := root.Bucket(kMemtable); b != nil {
			rows = b.Sequence()
		}
	}
	kept := &v.s.memtables[x.at]
	was := kept.Load()
	if was != nil && was.number == number {
		if end, whole := was.end(int(rows)); whole {
			return memtableView{was, end}, nil
		}
	}
	t, err := v.readMemtable(x)
	if err != nil {
		return memtableView{}, err
	}
	if v.tx.Writable() {
		kept.Store(t)
	} else if was == nil {
		kept.CompareAndSwap(nil, t) // what the writer has is newer
	}
	return memtableView{t, len(t.all)}, nil
}

// readMemtable reads the unsealed fingerprints from the file.
func (v View) readMemtable(x *index) (*memtable, error) {
	root := v.tx.Bucket(x.bucket)
	if root == nil {
		return newMemtable(0), nil
	}
	t := newMemtable(root.Sequence())
	b := root.Bucket(kMemtable)
	if b == nil {
		return t, nil
	}
	return t, b.ForEach(func(_, row []byte) error { return t.addRow(row) })
}

// end returns how many fingerprints the first rows hold; whole is false where it has not so many.
func (t *memtable) end(rows int) (n int, whole bool) {
	t.mu.RLock()
	defer t.mu.RUnlock()
	switch {
	case rows > len(t.rows):
		return 0, false
	case rows == 0:
		return 0, true
	}
	return t.rows[rows-1], true
}

// segments yields those of an index, the newest first. A view opens each once.
func (v View) segments(x *index) iter.Seq2[*segment, error] {
	return func(yield func(*segment, error) bool) {
		b := v.tx.Bucket(x.bucket)
		if b == nil {
			return
		}
		opened := &v.memo.segments[x.at]
		for _, s := range *opened {
			if !yield(s, nil) {
				return
			}
		}
		c := b.Cursor()
		k, _ := c.Seek([]byte{kSegment + 1})
		if n := len(*opened); n > 0 {
			k, _ = c.Seek((*opened)[n-1].key)
		}
		if k == nil {
			k, _ = c.Last()
		} else {
			k, _ = c.Prev()
		}
		for ; len(k) == 9 && k[0] == kSegment; k, _ = c.Prev() {
			s, err := openSegment(k, b.Bucket(k))
			if err == nil {
				*opened = append(*opened, s)
			}
			if !yield(s, err) || err != nil {
				return
			}
		}
	}
}
