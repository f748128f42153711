package postings

import (
	"encoding/binary"
	"fmt"
	"math"

	"go.etcd.io/bbolt"
)

// maxPlace is the largest place of a document in a segment.
const maxPlace = 1<<16 - 1

// The keys of a segment, and the first bytes of those of its arrays.
var kHead = []byte("h")

const (
	kDocs      = 'd'
	kFilter    = 'f'
	kDirectory = 'i'
	kBlocks    = 'p'
	kGroup     = 'g'
)

// head is what a segment holds.
type head struct {
	index    int
	first    uint64 // of its documents, counted over the life of the index
	level    int    // 0: sealed, 1: merged
	docs     int
	terms    int
	postings int
	blocks   int
	last     uint64 // the highest term
	lowest   uint64 // id
	highest  uint64
	newest   int64    // minute
	width    int      // of a document, in bytes; see packDocs
	group    int      // terms that the filter of a group is of, see group.go; 0: it has none
	oldest   uint64   // first of the oldest segment of that group
	sources  []string // of the documents, by code
	seed     uint32   // of the sums in its bucket; derived from the key
}

// The widths of a document: its number above the lowest, and where documents have them its source's code and its minute. Either
// divides the content of a line.
const (
	docID   = 4
	docFull = docID + 2 + 4
	docLine = filterLine
)

func segmentKey(index int, first uint64) []byte {
	return binary.BigEndian.AppendUint64([]byte{byte(index)}, first)
}

// where names a part of the segment in errors.
func (h *head) where(set *Set, part string) string {
	return fmt.Sprintf("%s segment %d %s", set.indexes[h.index], h.first, part)
}

func (h *head) pack() []byte {
	b := []byte{format, byte(h.level), byte(h.width)}
	for _, n := range []uint64{uint64(h.docs), uint64(h.terms), uint64(h.postings), uint64(h.blocks), h.last, h.lowest, h.highest,
		uint64(h.group), h.oldest} {
		b = binary.AppendUvarint(b, n)
	}
	b = binary.AppendVarint(b, h.newest)
	for _, s := range h.sources {
		b = append(binary.AppendUvarint(b, uint64(len(s))), s...)
	}
	return WithSum(h.seed, kHead, b)
}

// unpackHead reads the head of the segment with that key.
func unpackHead(key, stored []byte, seed uint32) (*head, bool) {
	if len(key) != 9 {
		return nil, false
	}
	value, ok := WithoutSum(seed, kHead, stored)
	if !ok {
		return nil, false
	}
	d := Decoder{Rest: value}
	d.Begins(format)
	h := &head{index: int(key[0]), first: binary.BigEndian.Uint64(key[1:]), seed: seed, level: int(d.Byte()), width: int(d.Byte())}
	h.docs = d.Count(maxPlace + 1)
	for _, n := range []*int{&h.terms, &h.postings, &h.blocks} {
		*n = d.Count(math.MaxInt32)
	}
	h.last, h.lowest, h.highest = d.Uvarint(), d.Uvarint(), d.Uvarint()
	h.group, h.oldest, h.newest = d.Count(math.MaxInt32), d.Uvarint(), d.Varint()
	for !d.Done() {
		h.sources = append(h.sources, string(d.Bytes()))
	}
	return h, !d.Bad && h.docs > 0 && (h.width == docID || h.width == docFull)
}

// packDocs fills in what the head says of the documents, and returns them packed, each in width bytes.
func (h *head) packDocs(docs []Doc) ([]byte, error) {
	h.docs, h.lowest, h.newest, h.width = len(docs), docs[0].ID, docs[0].At, docID
	for _, d := range docs {
		h.lowest, h.highest, h.newest = min(h.lowest, d.ID), max(h.highest, d.ID), max(h.newest, d.At)
		if d.Source != "" || d.At != 0 {
			h.width = docFull
		}
	}
	codes := map[string]int{}
	b := make([]byte, 0, len(docs)*h.width)
	for _, d := range docs {
		if d.ID-h.lowest > math.MaxUint32 {
			return nil, &RangeError{d, "too far above the lowest of its segment"}
		}
		b = binary.LittleEndian.AppendUint32(b, uint32(d.ID-h.lowest))
		if h.width == docID {
			continue
		}
		code, known := codes[d.Source]
		if !known {
			code = len(h.sources)
			codes[d.Source] = code
			h.sources = append(h.sources, d.Source)
		}
		b = binary.LittleEndian.AppendUint16(b, uint16(code))
		b = binary.LittleEndian.AppendUint32(b, uint32(int32(d.At)))
	}
	return b, nil
}

// segment is one in a transaction.
type segment struct {
	*head
	set       *Set
	rows      lines // documents
	filter    filter
	group     filter // of its group; without lines where it has none
	directory lines
	blocks    lines
	near      []uint32 // scratch of touch
}

// in returns the segment in its bucket.
func (h *head) in(set *Set, b *bbolt.Bucket) *segment {
	entries := int(h.last>>directoryShift(h.blocks, h.last)) + 2
	grouped := 0
	if h.group > 0 {
		grouped = filterLines(h.group)
	}
	return &segment{
		head: h, set: set,
		rows:      newLines(b, kDocs, docLine, linesOf(h.docs*h.width, docLine), h.seed),
		filter:    filter{lines: newLines(b, kFilter, filterLine, filterLines(h.terms), h.seed)},
		group:     filter{lines: newLines(b, kGroup, filterLine, grouped, h.seed)},
		directory: newLines(b, kDirectory, filterLine, linesOf(entries*4, filterLine), h.seed),
		blocks:    newLines(b, kBlocks, blockBytes, h.blocks, h.seed),
	}
}

func (s *segment) damaged(part string, number int, reason string) error {
	return &DamageError{s.where(s.set, fmt.Sprint(part, " ", number)), reason}
}

const wrongSum = "is missing, or its sum is wrong"

// doc returns the document at a place.
func (s *segment) doc(place int) (Doc, error) {
	perLine := (docLine - SumBytes) / s.width
	line, ok := s.rows.line(place / perLine)
	if !ok || place >= s.docs {
		return Doc{}, s.damaged("document", place, wrongSum)
	}
	b := line[place%perLine*s.width:][:s.width]
	d := Doc{ID: s.lowest + uint64(binary.LittleEndian.Uint32(b))}
	if s.width == docID {
		return d, nil
	}
	code := int(binary.LittleEndian.Uint16(b[docID:]))
	if code >= len(s.sources) {
		return Doc{}, s.damaged("document", place, "has an unknown source")
	}
	d.Source, d.At = s.sources[code], int64(int32(binary.LittleEndian.Uint32(b[docID+2:])))
	return d, nil
}

// may reports whether the segment may have the term that is hashed. No false negatives.
func (s *segment) may(h *hashed) (bool, error) {
	may, ok := s.filter.may(h)
	if !ok {
		return false, s.damaged("filter line", h.line(s.filter.n), wrongSum)
	}
	return may, nil
}

// block verifies a block and returns it before its first entry.
func (s *segment) block(n int) (block, error) {
	data, ok := s.blocks.line(n)
	if !ok {
		return block{}, s.damaged("block", n, wrongSum)
	}
	b := newBlock(n, data)
	if b.bad {
		return b, s.damaged("block", n, "is unreadable")
	}
	return b, nil
}

// touch reads from the directory and the blocks of the terms, so that the processor waits for them at the same time and not one after
// the other.
func (s *segment) touch(terms []uint64) {
	const perLine = filterData / 4
	shift := directoryShift(s.head.blocks, s.last)
	s.near = s.near[:0]
	for _, term := range terms {
		lead := int(min(term, s.last) >> shift)
		if line := s.directory.at(lead / perLine); line != nil {
			s.near = append(s.near, binary.LittleEndian.Uint32(line[lead%perLine*4:]))
		}
	}
	for _, n := range s.near {
		if block := s.blocks.at(max(0, int(n)-1)); block != nil {
			s.filter.read |= block[0] + block[blockBytes/2]
		}
	}
}

// lower returns how many blocks have a first term below the given one. It does not verify the blocks it looks at.
func (s *segment) lower(term uint64) (int, error) {
	const perLine = filterData / 4
	lead := int(term >> directoryShift(s.head.blocks, s.last))
	var bound [2]int
	var line []byte
	for i, n := range [2]int{lead, lead + 1} {
		if ok := true; i == 0 || n%perLine == 0 {
			if line, ok = s.directory.line(n / perLine); !ok {
				return 0, s.damaged("directory line", n/perLine, wrongSum)
			}
		}
		bound[i] = int(binary.LittleEndian.Uint32(line[n%perLine*4:]))
	}
	from, to := bound[0], bound[1]
	for from < to {
		mid := (from + to) / 2
		line := s.blocks.at(mid)
		if line == nil {
			return 0, s.damaged("block", mid, wrongSum)
		}
		if binary.LittleEndian.Uint64(line) < term {
			from = mid + 1
		} else {
			to = mid
		}
	}
	return from, nil
}

// locate returns the block where the list of a term begins, at its entry; found is false where there is no such term.
func (s *segment) locate(term uint64) (b block, found bool, err error) {
	if term > s.last || s.terms == 0 {
		return b, false, nil
	}
	n, err := s.lower(term)
	if err != nil {
		return b, false, err
	}
	if n > 0 { // it begins in the last block with a lower first term, or is the first of the one after it
		if b, err = s.block(n - 1); err != nil {
			return b, false, err
		}
		if b.first >= term {
			return b, false, s.damaged("block", n-1, "is not where its terms belong")
		}
		for b.next() {
			if b.term >= term {
				return b, b.term == term, nil
			}
		}
		if b.bad {
			return b, false, s.damaged("block", n-1, "is unreadable")
		}
	}
	if n == s.head.blocks {
		return b, false, s.damaged("block", n, "is missing")
	}
	if b, err = s.block(n); err != nil {
		return b, false, err
	}
	if b.first < term || !b.next() {
		return b, false, s.damaged("block", n, "is not where its terms belong")
	}
	return b, b.term == term, nil
}

// count returns how many documents have the term.
func (s *segment) count(term uint64) (int, error) {
	b, found, err := s.locate(term)
	if err != nil || !found {
		return 0, err
	}
	return b.left + 1, nil
}

// find appends to places those of the documents with the term, ascending.
func (s *segment) find(term uint64, places []uint16) ([]uint16, error) {
	b, found, err := s.locate(term)
	if err != nil || !found {
		return places, err
	}
	places, _, err = s.list(b, places)
	return places, err
}

// list appends to places the list that begins at the entry of b, and returns the block in which it ends.
func (s *segment) list(b block, places []uint16) ([]uint16, block, error) {
	for {
		places = b.places(places)
		if b.bad {
			return nil, b, s.damaged("block", b.number, "is unreadable")
		}
		if b.left == 0 {
			return places, b, nil
		}
		next, err := s.block(b.number + 1)
		if err != nil {
			return nil, b, err
		}
		if !next.next() || next.term != b.term {
			return nil, b, s.damaged("block", next.number, "does not continue the one before")
		}
		b = next
	}
}

// scanner reads the postings of a segment term by term.
type scanner struct {
	s      *segment
	b      block
	began  bool
	places []uint16 // of the documents with the term, ascending
}

// next moves to the next term; more is false at the end.
func (r *scanner) next() (more bool, err error) {
	if !r.began {
		r.began, r.b = true, block{number: -1}
	}
	for !r.b.next() {
		if r.b.bad {
			return false, r.s.damaged("block", r.b.number, "is unreadable")
		}
		if r.b.number+1 == r.s.head.blocks {
			return false, nil
		}
		if r.b, err = r.s.block(r.b.number + 1); err != nil {
			return false, err
		}
	}
	r.places, r.b, err = r.s.list(r.b, r.places[:0])
	return err == nil, err
}
