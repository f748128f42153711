package store

import (
	"encoding/binary"
	"slices"
	"time"

	"go.etcd.io/bbolt"

	"dateline/aggregator/news"
)

// Prints tell which items have a text like another. New ones go to the tail, a row for each visit, which the writer
// keeps in memory besides. From time to time the tail is sealed: packed into a segment that is never written again, and
// dropped whole once no item of it is within any window. The bucket is made by the first visit that writes to it, so
// that a store from before there were prints needs no other treatment: its items are found by their texts no more than
// before.

const (
	sealItems = 32768          // prints in a segment: their places must fit 16 bits
	sealAfter = 24 * time.Hour // from the first print of the tail on, so that segments end in time
	maxPosts  = 64             // places that are kept of one mark in a segment: more tell nothing
)

var (
	kTail    = []byte("tail")
	kSegment = byte('s') // and a number of 8 bytes
)

// printed is who has a print.
type printed struct {
	number uint64 // of the item
	source string
	at     int64 // minutes since 1970
}

func minutes(t time.Time) int64 { return t.Unix() / 60 }

// tail is the prints that are not sealed, in memory.
type tail struct {
	since  int64 // unix seconds when the first was seen
	until  int64 // and the last
	all    []printed
	marks  map[uint32]int32 // mark -> place in posts of the newest with it, plus one
	posts  []post
	weight int // marks
}

type post struct {
	before int32 // the next older one with the same mark, plus one; 0: none
	place  uint16
}

func newTail() *tail { return &tail{marks: map[uint32]int32{}} }

func (t *tail) add(p printed, marks []uint32) {
	place := uint16(len(t.all))
	t.all = append(t.all, p)
	for _, m := range marks {
		t.posts = append(t.posts, post{before: t.marks[m], place: place})
		t.marks[m] = int32(len(t.posts))
	}
	t.weight += len(marks)
}

// find calls yield with who has the mark, up to most of them, and returns how many there were.
func (t *tail) find(mark uint32, most int, yield func(printed)) (n int) {
	for i := t.marks[mark]; i > 0 && n < most; i = t.posts[i-1].before {
		yield(t.all[t.posts[i-1].place])
		n++
	}
	return n
}

// row is the prints of one visit, as the tail has them on disk: a schema byte, the source, when they were seen, and of
// each the item's number, its minute, and its marks as differences.
func packRow(source string, seen int64, prints []news.Print, numbers []uint64) []byte {
	b := appendString([]byte{formPlain}, source)
	b = binary.AppendVarint(b, seen)
	for i, p := range prints {
		b = binary.AppendUvarint(b, numbers[i])
		b = binary.AppendVarint(b, minutes(p.At))
		b = binary.AppendUvarint(b, uint64(len(p.Marks)))
		var last uint32
		for _, m := range p.Marks {
			b = binary.AppendUvarint(b, uint64(m-last))
			last = m
		}
	}
	return b
}

// take adds a row to the tail.
func (t *tail) take(row []byte) error {
	r := reader{b: row}
	r.form(formPlain)
	source, seen := r.string(), r.varint()
	if len(t.all) == 0 {
		t.since = seen
	}
	t.until = max(t.until, seen)
	for !r.done() {
		p := printed{number: r.uvarint(), source: source, at: r.varint()}
		marks := make([]uint32, min(r.uvarint(), uint64(len(r.b))))
		var last uint32
		for i := range marks {
			last += uint32(r.uvarint())
			marks[i] = last
		}
		if r.err == nil {
			t.add(p, marks)
		}
	}
	return r.err
}

// putPrints adds the prints of a visit to the tail, and seals what was in it where it is full or old.
func (v View) putPrints(w Writes) error {
	if len(w.Prints) == 0 {
		return nil
	}
	t, err := v.tail()
	if err != nil {
		return err
	}
	seen := w.Now.Unix()
	for chunk := range slices.Chunk(w.Prints, sealItems) {
		if len(t.all) > 0 && (len(t.all)+len(chunk) > sealItems || seen-t.since >= int64(sealAfter/time.Second)) {
			if err := v.seal(t); err != nil {
				return err
			}
			t = newTail()
			v.s.tail = t
		}
		numbers := make([]uint64, len(chunk))
		for i, p := range chunk {
			if numbers[i], err = v.mustNumber(p.Item); err != nil {
				return err
			}
		}
		row := packRow(w.Source, seen, chunk, numbers)
		b, err := v.tailBucket()
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
		if err := t.take(row); err != nil {
			return err
		}
	}
	return nil
}

func (v View) tailBucket() (*bbolt.Bucket, error) {
	b, err := v.tx.CreateBucketIfNotExists(bPrint)
	if err != nil {
		return nil, err
	}
	return b.CreateBucketIfNotExists(kTail)
}

// tail returns the unsealed prints. The writer keeps them from one transaction to the next, as long as none fails; a
// reader reads them once for its snapshot.
func (v View) tail() (*tail, error) {
	if v.tx.Writable() {
		if v.s.tail == nil {
			t, err := v.readTail()
			if err != nil {
				return nil, err
			}
			v.s.tail = t
		}
		return v.s.tail, nil
	}
	if v.memo.tail == nil {
		t, err := v.readTail()
		if err != nil {
			return nil, err
		}
		v.memo.tail = t
	}
	return v.memo.tail, nil
}

func (v View) readTail() (*tail, error) {
	t := newTail()
	b := v.tx.Bucket(bPrint)
	if b == nil || b.Bucket(kTail) == nil {
		return t, nil
	}
	return t, b.Bucket(kTail).ForEach(func(_, row []byte) error { return t.take(row) })
}

// Sighted returns the items with one of the marks whose prints are kept, the earliest first. Of a mark that more than
// most items have, it returns more than most of them, and not all.
func (v View) Sighted(marks []uint32, most int) ([]news.Sighting, error) {
	t, err := v.tail()
	if err != nil {
		return nil, err
	}
	segments, err := v.segments()
	if err != nil {
		return nil, err
	}
	found := sightings{}
	left := make([]int, len(marks)) // how many more to list of each
	for i, m := range marks {
		left[i] = most + 1 - t.find(m, most+1, func(p printed) { found.add(p, m) })
	}
	for _, s := range slices.Backward(segments) {
		for i, m := range marks {
			if left[i] == 0 || !s.filter.may(m) {
				continue
			}
			n, err := s.find(m, left[i], func(p printed) { found.add(p, m) })
			if err != nil {
				return nil, err
			}
			left[i] -= n
		}
	}
	return found.sorted(), nil
}

// sightings are collected by item: one that was revised has several prints.
type sightings map[uint64]*news.Sighting

func (s sightings) add(p printed, mark uint32) {
	o := s[p.number]
	if o == nil {
		o = &news.Sighting{Number: p.number, Source: p.source, At: time.Unix(p.at*60, 0).UTC()}
		s[p.number] = o
	}
	if i, found := slices.BinarySearch(o.Marks, mark); !found {
		o.Marks = slices.Insert(o.Marks, i, mark)
	}
}

func (s sightings) sorted() []news.Sighting {
	out := make([]news.Sighting, 0, len(s))
	for _, o := range s {
		out = append(out, *o)
	}
	slices.SortFunc(out, func(a, b news.Sighting) int { return int(a.Number) - int(b.Number) })
	return out
}

// Numbered returns the current revision of the item with that number.
func (v View) Numbered(number uint64) (news.Item, bool, error) { return v.current(number) }
