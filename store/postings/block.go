package postings

import (
	"encoding/binary"
	"math/bits"
)

// A block is the postings of some terms, ascending: its first term (8 bytes, little-endian), how many bytes its entries take (2),
// and the entries, each
//
//	uvarint   how much the term is above the one before (of the first entry: above the first term, 0), doubled; plus one for a list
//	2 bytes   the place of the first document, little-endian
//	uvarint   of a list: how many documents follow, less one
//	uvarint…  of a list: how much each place is above the one before, less one
//
// A list that has no room left continues in the next block, of which it is the first entry; that counts what follows from there on.
const (
	blockBytes = 256 // its sum included
	blockHead  = 10
	blockSpace = blockBytes - SumBytes - blockHead
)

// maxGap bounds the difference of two terms in a block, which is stored doubled.
const maxGap = 1 << 62

// builder packs postings into blocks. Terms are added in ascending order.
type builder struct {
	data     []byte   // of finished blocks, without sums
	firsts   []uint64 // their first terms
	terms    []uint64 // added so far
	postings int
	group    []byte // filter of the group; nil: there is none

	first uint64 // of the open block
	buf   []byte // entries of it
	head  []byte // scratch
}

// add adds a term and the places of its documents, ascending, at least one.
func (b *builder) add(term uint64, places []uint16) {
	gap := uint64(0)
	if len(b.buf) > 0 {
		gap = term - b.terms[len(b.terms)-1]
	}
	b.terms = append(b.terms, term)
	b.postings += len(places)
	b.entry(gap, places)
	if len(b.buf) == 0 {
		b.first = term
	} else if gap > maxGap || len(b.buf)+len(b.head) > blockSpace {
		b.cut(term)
		b.entry(0, places)
	}
	for places = b.fill(places); len(places) > 0; places = b.fill(places) {
		b.cut(term)
		b.entry(0, places)
	}
}

// entry puts the beginning of an entry into head.
func (b *builder) entry(gap uint64, places []uint16) {
	isList := uint64(min(len(places)-1, 1))
	b.head = binary.AppendUvarint(b.head[:0], gap<<1|isList)
	b.head = binary.LittleEndian.AppendUint16(b.head, places[0])
	if isList == 1 {
		b.head = binary.AppendUvarint(b.head, uint64(len(places)-2))
	}
}

// fill appends the entry in head and the places that follow, as far as there is room, and returns the rest.
func (b *builder) fill(places []uint16) []uint16 {
	b.buf = append(b.buf, b.head...)
	for i, p := range places[1:] {
		b.head = binary.AppendUvarint(b.head[:0], uint64(p-places[i]-1))
		if len(b.buf)+len(b.head) > blockSpace {
			return places[i+1:]
		}
		b.buf = append(b.buf, b.head...)
	}
	return nil
}

// cut ends the open block. The next one begins with that term.
func (b *builder) cut(term uint64) {
	b.data = binary.LittleEndian.AppendUint64(b.data, b.first)
	b.data = binary.LittleEndian.AppendUint16(b.data, uint16(len(b.buf)))
	b.data = append(b.data, b.buf...)
	b.data = append(b.data, make([]byte, blockSpace-len(b.buf))...)
	b.firsts = append(b.firsts, b.first)
	b.first, b.buf = term, b.buf[:0]
}

// finish ends the last block.
func (b *builder) finish() {
	if len(b.buf) > 0 {
		b.cut(0)
	}
}

// last returns the highest term; 0 where there is none.
func (b *builder) last() uint64 {
	if len(b.terms) == 0 {
		return 0
	}
	return b.terms[len(b.terms)-1]
}

// directoryShift is how many bits of a term the directory of so many blocks leaves out, where last is the highest term: it has
// about an entry for each block.
func directoryShift(blocks int, last uint64) int {
	return max(0, bits.Len64(last)-bits.Len(uint(blocks)))
}

// directory returns for each value of the leading bits of a term, and one more, how many blocks have a lower first term (4 bytes).
func (b *builder) directory() []byte {
	shift := directoryShift(len(b.firsts), b.last())
	var out []byte
	lower := 0
	for lead := range b.last()>>shift + 1 {
		for lower < len(b.firsts) && b.firsts[lower]>>shift < lead {
			lower++
		}
		out = binary.LittleEndian.AppendUint32(out, uint32(lower))
	}
	return binary.LittleEndian.AppendUint32(out, uint32(len(b.firsts)))
}

// block reads the entries of a block.
type block struct {
	number int
	first  uint64
	rest   []byte
	term   uint64 // of the entry
	place  uint16 // read last
	left   int    // places of the entry's list that were not read; some of them may be in the next block
	bad    bool
}

// newBlock returns the block with that content, before its first entry.
func newBlock(number int, data []byte) block {
	b := block{number: number, bad: true}
	if len(data) < blockHead {
		return b
	}
	size := int(binary.LittleEndian.Uint16(data[8:]))
	if size > len(data)-blockHead {
		return b
	}
	b.first, b.rest, b.bad = binary.LittleEndian.Uint64(data), data[blockHead:][:size], false
	b.term = b.first
	return b
}

// next moves to the next entry, and reports whether there is one. Places that were not read are skipped.
func (b *block) next() bool {
	if b.left > 0 {
		b.skip()
	}
	if len(b.rest) == 0 {
		return false
	}
	gap := b.uvarint()
	if len(b.rest) < 2 {
		b.fail()
		return false
	}
	b.term += gap >> 1
	b.place = binary.LittleEndian.Uint16(b.rest)
	b.rest = b.rest[2:]
	if gap&1 == 1 {
		b.left = int(b.uvarint()&maxPlace) + 1
	}
	return !b.bad
}

// skip passes over the places of the entry that were not read: each ends with a byte whose highest bit is clear.
func (b *block) skip() {
	const highest = 0x8080808080808080
	for b.left >= 8 && len(b.rest) >= 8 {
		b.left -= bits.OnesCount64(^binary.LittleEndian.Uint64(b.rest) & highest)
		b.rest = b.rest[8:]
	}
	n := 0
	for ; b.left > 0 && n < len(b.rest); n++ {
		if b.rest[n] < 0x80 {
			b.left--
		}
	}
	b.rest, b.left = b.rest[n:], 0
}

// more reads the next place of the entry, and reports whether the block has one.
func (b *block) more() bool {
	if b.left == 0 || len(b.rest) == 0 {
		return false
	}
	at := uint64(b.place) + b.uvarint() + 1
	if at > maxPlace {
		b.fail()
		return false
	}
	b.place = uint16(at)
	b.left--
	return true
}

// places appends to all the places of the entry that the block has.
func (b *block) places(all []uint16) []uint16 {
	all = append(all, b.place)
	for b.more() {
		all = append(all, b.place)
	}
	return all
}

func (b *block) uvarint() uint64 {
	if d := b.rest; len(d) > 2 { // nearly all take one byte or two, gaps of terms three
		if d[0] < 0x80 {
			b.rest = d[1:]
			return uint64(d[0])
		}
		if d[1] < 0x80 {
			b.rest = d[2:]
			return uint64(d[0]&0x7f) | uint64(d[1])<<7
		}
		if d[2] < 0x80 {
			b.rest = d[3:]
			return uint64(d[0]&0x7f) | uint64(d[1]&0x7f)<<7 | uint64(d[2])<<14
		}
	}
	x, n := binary.Uvarint(b.rest)
	if n <= 0 {
		b.fail()
		return 0
	}
	b.rest = b.rest[n:]
	return x
}

func (b *block) fail() { b.bad, b.rest, b.left = true, nil, 0 }
