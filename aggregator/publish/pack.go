package publish

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"sync"

	"github.com/cespare/xxhash/v2"
	"github.com/klauspost/compress/flate"
)

// A document is compressed entry by entry, so that after a change only the entries that changed, and those behind them, are compressed
// again. All is one member of gzip (RFC 1952) with one checksum over the whole: of several members Chromium shows only the first, and
// curl fails. The same bytes give the same bytes, whether something of an older document was used or not.

// packed is a document in gzip, and the segments it was compressed in.
type packed struct {
	body     []byte
	segments []segment
}

// segment is a part of a document.
type segment struct {
	plain    []byte
	sum      uint64 // of plain
	deflated []byte // blocks that end with a byte; they may refer to the segment before, and to nothing else
}

// entryStarts are what entries begin with in Atom, RSS, JSON Feed and on pages.
var entryStarts = [][]byte{[]byte("\n  <entry"), []byte("\n    <item>"), []byte("\n{\"id\":"), []byte("\n<article ")}

// minSegment is the least size of a segment but the last, in bytes: a small one costs as much as a large one.
const minSegment = 256

// cut returns the segments of a document: the text before its entries, then each of them.
func cut(b []byte) (all [][]byte) {
	start := slices.MinFunc(entryStarts, func(x, y []byte) int {
		return int(uint(bytes.Index(b, x))>>1) - int(uint(bytes.Index(b, y))>>1) // one that is not there is the last
	})
	for len(b) > minSegment {
		i := bytes.Index(b[minSegment:], start)
		if i < 0 {
			break
		}
		all, b = append(all, b[:minSegment+i]), b[minSegment+i:]
	}
	return append(all, b)
}

// memberHead is the head of a gzip member: deflate, no name, no time, of no system.
var memberHead = []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}

// lastBlock is an empty block of deflate that is the last one.
var lastBlock = []byte{1, 0, 0, 0xff, 0xff}

// pack returns b in gzip. Pieces that prev, an older document, has behind the same segments are taken from there; nil: there is none.
func pack(b []byte, prev *packed) *packed {
	plain := cut(b)
	known := prev.index()
	z := compressors.Get().(*flate.Writer)
	defer compressors.Put(z)
	out := append(make([]byte, 0, len(b)/3), memberHead...)
	var before []byte
	p := &packed{segments: make([]segment, 0, len(plain))}
	ends := make([]int, 0, len(plain))
	for _, text := range plain {
		sum := xxhash.Sum64(text)
		if at, found := known[sum]; found && prev.has(at, before, text) {
			out = append(out, prev.segments[at].deflated...)
		} else {
			out = deflate(z, out, before, text)
		}
		p.segments = append(p.segments, segment{plain: text, sum: sum})
		ends, before = append(ends, len(out)), text
	}
	out = append(out, lastBlock...)
	out = binary.LittleEndian.AppendUint32(out, crc32.ChecksumIEEE(b))
	p.body = binary.LittleEndian.AppendUint32(out, uint32(len(b)))
	from := len(memberHead)
	for i, end := range ends {
		p.segments[i].deflated, from = p.body[from:end:end], end
	}
	return p
}

// index returns the numbers of the segments by their hash.
func (p *packed) index() map[uint64]int {
	if p == nil {
		return nil
	}
	all := make(map[uint64]int, len(p.segments))
	for i := range p.segments {
		all[p.segments[i].sum] = i
	}
	return all
}

// has reports whether segment i is text, and that before it is before.
func (p *packed) has(i int, before, text []byte) bool {
	var was []byte
	if i > 0 {
		was = p.segments[i-1].plain
	}
	return bytes.Equal(p.segments[i].plain, text) && bytes.Equal(was, before)
}

// compressors are kept for the next document: each has tables of some 100 KB.
var compressors = sync.Pool{New: func() any {
	z, err := flate.NewWriterDict(nil, flate.DefaultCompression, []byte{})
	if err != nil {
		panic(err) // there is no such level
	}
	return z
}}

// deflate appends text, compressed, to out. It may refer to what is before it.
func deflate(z *flate.Writer, out, before, text []byte) []byte {
	w := appender(out)
	z.ResetDict(&w, before)
	_, _ = z.Write(text) // an appender takes everything
	_ = z.Flush()
	return w
}

// appender is a writer that appends.
type appender []byte

func (a *appender) Write(b []byte) (int, error) {
	*a = append(*a, b...)
	return len(b), nil
}
