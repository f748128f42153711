package store

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"maps"
	"math/bits"
	"slices"

	"go.etcd.io/bbolt"
)

// A segment is a bucket of its own, written once:
//
//	head            -> a schema byte, when its last print was seen, the lowest number, the sources
//	items           -> for each fingerprint the item's number above the lowest, its source (2 bytes), its minute (4)
//	filter          -> which terms it may have
//	p <term 4>      -> a block of postings from that term on
//
// Blocks of some 256 postings fill the pages well and are read in a microsecond; the postings of one term stay
// together. The filter spares most reads: a new text has few terms in common with any other.
const (
	blockPosts = 256
	itemBytes  = 10
)

var (
	kHead   = []byte("head")
	kItems  = []byte("items")
	kFilter = []byte("filter")
)

func postKey(term uint32) []byte { return binary.BigEndian.AppendUint32([]byte{'p'}, term) }

// seal writes the memtable as a segment and empties it on disk.
func (v View) seal(x *index, t *memtable) error {
	root := v.tx.Bucket(x.bucket)
	n, err := root.NextSequence()
	if err != nil {
		return err
	}
	b, err := root.CreateBucket(append([]byte{kSegment}, key8(n)...))
	if err != nil {
		return err
	}
	b.FillPercent = 1 // in order of the keys, and never again
	head, items := t.packItems()
	terms := slices.Sorted(maps.Keys(t.terms))
	for _, kv := range [][2][]byte{{kFilter, newFilter(terms)}, {kHead, head}, {kItems, items}} {
		if err := b.Put(kv[0], kv[1]); err != nil {
			return err
		}
	}
	most := x.posts
	if most == 0 {
		most = len(t.all)
	}
	var places []uint16
	block := newPostings(0)
	for i, m := range terms {
		if block.n == 0 {
			block = newPostings(m)
		}
		places = memtableView{t, len(t.all)}.find(m, most, places[:0])
		for _, at := range places {
			block.add(m, at)
		}
		if block.n >= blockPosts || i == len(terms)-1 {
			if err := b.Put(postKey(block.from), block.packed); err != nil {
				return err
			}
			block = newPostings(0)
		}
	}
	if x.counted {
		if err := v.count(x, t.counts(), len(t.all)); err != nil {
			return err
		}
	}
	return root.DeleteBucket(kMemtable)
}

// postings is a block that is being packed: a schema byte, then each posting as how much its term is above the one
// before, and its place. The place is whole (2 bytes) where it is the first or its term another one, else how much it is
// above the one before.
type postings struct {
	from   uint32 // the term in the block's key
	term   uint32 // of the last posting
	place  uint16 // likewise
	n      int
	packed []byte
}

func newPostings(from uint32) *postings {
	return &postings{from: from, term: from, packed: []byte{formRuns}}
}

// add adds a posting, which is to come after those before it.
func (p *postings) add(term uint32, place uint16) {
	p.packed = binary.AppendUvarint(p.packed, uint64(term-p.term))
	if p.n == 0 || term != p.term {
		p.packed = binary.BigEndian.AppendUint16(p.packed, place)
	} else {
		p.packed = binary.AppendUvarint(p.packed, uint64(place-p.place))
	}
	p.term, p.place = term, place
	p.n++
}

func (t *memtable) packItems() (head, items []byte) {
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

func openSegment(key []byte, b *bbolt.Bucket) (*segment, error) {
	if b == nil {
		return nil, fmt.Errorf("segment %x: %w", key, errValue)
	}
	s := &segment{key: bytes.Clone(key), bucket: b, items: b.Get(kItems), filter: b.Get(kFilter)}
	r := reader{b: b.Get(kHead)}
	r.form(formPlain)
	s.until, s.lowest = r.varint(), r.uvarint()
	for !r.done() {
		s.sources = append(s.sources, r.string())
	}
	if r.err != nil || len(s.items)%itemBytes != 0 || !s.filter.whole() {
		return nil, fmt.Errorf("segment %x: %w", key, errValue)
	}
	return s, nil
}

func (s *segment) number() uint64 { return num8(s.key[1:]) }

// terms returns about how many it has.
func (s *segment) terms() int { return len(s.filter) * 8 / filterBits }

// find appends to places those of the fingerprints with the term, in order.
func (s *segment) find(term uint32, places []uint16) ([]uint16, error) {
	if !s.filter.may(term) {
		return places, nil
	}
	c := s.bucket.Cursor()
	k, value := c.Seek(postKey(term))
	if len(k) != 5 || binary.BigEndian.Uint32(k[1:]) != term {
		k, value = c.Prev()
	}
	if len(k) != 5 || k[0] != 'p' {
		return places, nil
	}
	err := eachPosting(binary.BigEndian.Uint32(k[1:]), value, func(at uint32, place uint16) bool {
		if at == term {
			places = append(places, place)
		}
		return at <= term
	})
	return places, err
}

// eachPosting calls yield with the postings of a block whose first term is at, until it returns false.
func eachPosting(at uint32, block []byte, yield func(term uint32, place uint16) bool) error {
	r := reader{b: block}
	r.form(formRuns)
	var place uint16
	for first := true; !r.done(); first = false {
		up := uint32(r.uvarint())
		at += up
		if first || up > 0 {
			place = binary.BigEndian.Uint16(r.next(2))
		} else {
			place += uint16(r.uvarint())
		}
		if r.err != nil || !yield(at, place) {
			break
		}
	}
	return r.err
}

func (s *segment) posting(place uint16) (posting, error) {
	if (int(place)+1)*itemBytes > len(s.items) {
		return posting{}, errValue
	}
	b := s.items[int(place)*itemBytes:]
	source := int(binary.BigEndian.Uint16(b[4:]))
	if source >= len(s.sources) {
		return posting{}, errValue
	}
	return posting{number: s.lowest + uint64(binary.BigEndian.Uint32(b)), source: s.sources[source], at: int64(int32(binary.BigEndian.Uint32(b[6:])))}, nil
}

// filter tells which terms a segment does not have (Putze, Sanders, Singler: Cache-, Hash- and Space-Efficient Bloom
// Filters, 2007): blocks of 64 bytes, ten bits for a term, four of which are set in its block.
type filter []byte

const (
	filterBlock = 64
	filterBits  = 10
)

func newFilter(terms []uint32) filter {
	f := make(filter, (len(terms)*filterBits/8/filterBlock+1)*filterBlock)
	for _, m := range terms {
		block, places := f.block(m)
		for _, at := range places {
			block[at>>3] |= 1 << (at & 7)
		}
	}
	return f
}

func (f filter) whole() bool { return len(f) > 0 && len(f)%filterBlock == 0 }

// may looks at all four bits before it decides: a branch on each would make the processor wait for one block before it
// asks memory for the next.
func (f filter) may(term uint32) bool {
	block, at := f.block(term)
	bit := func(i int) byte { return block[at[i]>>3] >> (at[i] & 7) }
	return bit(0)&bit(1)&bit(2)&bit(3)&1 == 1
}

// block returns the block of a term and the bits that stand for it there.
func (f filter) block(term uint32) ([]byte, [4]uint16) {
	h := uint64(term) * 0x9e3779b97f4a7c15
	n, _ := bits.Mul64(h, uint64(len(f)/filterBlock))
	h *= 0xd6e8feb86659fd93
	return f[n*filterBlock:][:filterBlock], [4]uint16{uint16(h>>20) & 511, uint16(h>>29) & 511, uint16(h>>38) & 511, uint16(h>>47) & 511}
}
