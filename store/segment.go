package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
	"time"

	"go.etcd.io/bbolt"
)

// A segment is a bucket of its own, written once:
//
//	head            -> a schema byte, when its last print was seen, the lowest number, the sources
//	items           -> for each print the item's number above the lowest, its source (2 bytes), its minute (4)
//	filter          -> which marks it may have
//	p <mark 4>      -> a block of postings from that mark on: differences of marks, places (2 bytes)
//
// Blocks of some 256 postings fill the pages well and are read in a microsecond. The filter spares most reads: a new
// text has few marks in common with any other.
const (
	blockPosts = 256
	itemBytes  = 10
)

var (
	kHead   = []byte("head")
	kItems  = []byte("items")
	kFilter = []byte("filter")
)

func postKey(mark uint32) []byte { return binary.BigEndian.AppendUint32([]byte{'p'}, mark) }

// seal writes the tail as a segment and empties it on disk.
func (v View) seal(t *tail) error {
	root := v.tx.Bucket(bPrint)
	n, err := root.NextSequence()
	if err != nil {
		return err
	}
	b, err := root.CreateBucket(append([]byte{kSegment}, key8(n)...))
	if err != nil {
		return err
	}
	b.FillPercent = 1 // in order of the keys, and never again
	postings := t.postings()
	head, items := t.packItems()
	for _, kv := range [][2][]byte{{kFilter, newFilter(postings)}, {kHead, head}, {kItems, items}} {
		if err := b.Put(kv[0], kv[1]); err != nil {
			return err
		}
	}
	for len(postings) > 0 {
		n := blockEnd(postings)
		if err := b.Put(postKey(postings[0].mark), packPostings(postings[0].mark, postings[:n])); err != nil {
			return err
		}
		postings = postings[n:]
	}
	return root.DeleteBucket(kTail)
}

type posting struct {
	mark  uint32
	place uint16
}

// postings returns those of the tail in order, of each mark no more than tell something.
func (t *tail) postings() []posting {
	all := make([]posting, 0, len(t.posts))
	for mark, i := range t.marks {
		for n := 0; i > 0 && n < maxPosts; n++ {
			p := t.posts[i-1]
			all = append(all, posting{mark, p.place})
			i = p.before
		}
	}
	slices.SortFunc(all, func(a, b posting) int {
		return int(int64(a.mark)<<16|int64(a.place)) - int(int64(b.mark)<<16|int64(b.place))
	})
	return all
}

// blockEnd returns how many postings the first block takes: those of one mark stay together.
func blockEnd(all []posting) int {
	n := min(len(all), blockPosts)
	for n < len(all) && all[n].mark == all[n-1].mark {
		n++
	}
	return n
}

// packPostings packs a block of postings whose key has the mark from.
func packPostings(from uint32, all []posting) []byte {
	b, last := []byte{formPlain}, from
	for _, p := range all {
		b = binary.AppendUvarint(b, uint64(p.mark-last))
		b = binary.BigEndian.AppendUint16(b, p.place)
		last = p.mark
	}
	return b
}

func unpackPostings(from uint32, value []byte) (all []posting, err error) {
	r := reader{b: value}
	r.form(formPlain)
	for last := from; !r.done(); {
		last += uint32(r.uvarint())
		all = append(all, posting{mark: last, place: binary.BigEndian.Uint16(r.take(2))})
	}
	return all, r.err
}

func (t *tail) packItems() (head, items []byte) {
	lowest := t.all[0].number
	for _, p := range t.all {
		lowest = min(lowest, p.number)
	}
	codes := map[string]uint16{}
	var names []string
	for _, p := range t.all {
		code, known := codes[p.source]
		if !known {
			code = uint16(len(names))
			codes[p.source], names = code, append(names, p.source)
		}
		items = binary.BigEndian.AppendUint32(items, uint32(p.number-lowest))
		items = binary.BigEndian.AppendUint16(items, code)
		items = binary.BigEndian.AppendUint32(items, uint32(p.at))
	}
	head = binary.AppendVarint([]byte{formPlain}, t.until)
	head = binary.AppendUvarint(head, lowest)
	for _, name := range names {
		head = appendString(head, name)
	}
	return head, items
}

// segment is one that is being read.
type segment struct {
	key     []byte
	bucket  *bbolt.Bucket
	until   int64
	lowest  uint64
	sources []string
	items   []byte
	filter  filter
}

// segments opens those of the view, the earliest first.
func (v View) segments() ([]*segment, error) {
	if v.memo.opened {
		return v.memo.segments, nil
	}
	var all []*segment
	if b := v.tx.Bucket(bPrint); b != nil {
		c := b.Cursor()
		for k, _ := c.Seek([]byte{kSegment}); len(k) == 9 && k[0] == kSegment; k, _ = c.Next() {
			s, err := openSegment(k, b.Bucket(k))
			if err != nil {
				return nil, fmt.Errorf("segment %x: %w", k, err)
			}
			all = append(all, s)
		}
	}
	v.memo.segments, v.memo.opened = all, true
	return all, nil
}

func openSegment(key []byte, b *bbolt.Bucket) (*segment, error) {
	if b == nil {
		return nil, errValue
	}
	s := &segment{key: bytes.Clone(key), bucket: b, items: b.Get(kItems), filter: b.Get(kFilter)}
	r := reader{b: b.Get(kHead)}
	r.form(formPlain)
	s.until, s.lowest = r.varint(), r.uvarint()
	for !r.done() {
		s.sources = append(s.sources, r.string())
	}
	if r.err == nil && (len(s.items)%itemBytes != 0 || !s.filter.whole()) {
		return nil, errValue
	}
	return s, r.err
}

// find calls yield with who has the mark, up to most of them, and returns how many there were.
func (s *segment) find(mark uint32, most int, yield func(printed)) (n int, err error) {
	c := s.bucket.Cursor()
	k, value := c.Seek(postKey(mark))
	if len(k) != 5 || binary.BigEndian.Uint32(k[1:]) != mark {
		k, value = c.Prev()
	}
	if len(k) != 5 || k[0] != 'p' {
		return 0, nil
	}
	r := reader{b: value}
	r.form(formPlain)
	for at := binary.BigEndian.Uint32(k[1:]); !r.done() && n < most; {
		at += uint32(r.uvarint())
		place := r.take(2)
		if at > mark || r.err != nil {
			break
		}
		if at == mark {
			p, err := s.printed(int(binary.BigEndian.Uint16(place)))
			if err != nil {
				return n, err
			}
			yield(p)
			n++
		}
	}
	return n, r.err
}

func (s *segment) printed(place int) (printed, error) {
	if (place+1)*itemBytes > len(s.items) {
		return printed{}, errValue
	}
	b := s.items[place*itemBytes:]
	source := int(binary.BigEndian.Uint16(b[4:]))
	if source >= len(s.sources) {
		return printed{}, errValue
	}
	return printed{number: s.lowest + uint64(binary.BigEndian.Uint32(b)), source: s.sources[source], at: int64(int32(binary.BigEndian.Uint32(b[6:])))}, nil
}

// expired returns the keys of the segments whose last print was seen so long ago, and how many prints they have.
func (v View) expired(before time.Time) (keys [][]byte, prints int, err error) {
	all, err := v.segments()
	for _, s := range all {
		if s.until < before.Unix() {
			keys, prints = append(keys, s.key), prints+len(s.items)/itemBytes
		}
	}
	return keys, prints, err
}

// filter tells which marks a segment does not have (Putze, Sanders, Singler: Cache-, Hash- and Space-Efficient Bloom
// Filters, 2007): blocks of 64 bytes, ten bits for a mark, four of which are set in its block.
type filter []byte

const (
	filterBlock = 64
	filterBits  = 10
)

func newFilter(postings []posting) filter {
	f := make(filter, (len(postings)*filterBits/8/filterBlock+1)*filterBlock)
	for _, p := range postings {
		block, places := f.block(p.mark)
		for _, at := range places {
			block[at>>3] |= 1 << (at & 7)
		}
	}
	return f
}

func (f filter) whole() bool { return len(f) > 0 && len(f)%filterBlock == 0 }

// may looks at all four bits before it decides: a branch on each would make the processor wait for one block before it
// asks memory for the next.
func (f filter) may(mark uint32) bool {
	block, at := f.block(mark)
	bit := func(i int) byte { return block[at[i]>>3] >> (at[i] & 7) }
	return bit(0)&bit(1)&bit(2)&bit(3)&1 == 1
}

// block returns the block of a mark and the bits that stand for it there.
func (f filter) block(mark uint32) ([]byte, [4]uint16) {
	h := uint64(mark) * 0x9e3779b97f4a7c15
	n, _ := bits.Mul64(h, uint64(len(f)/filterBlock))
	h *= 0xd6e8feb86659fd93
	return f[n*filterBlock:][:filterBlock], [4]uint16{uint16(h>>20) & 511, uint16(h>>29) & 511, uint16(h>>38) & 511, uint16(h>>47) & 511}
}
