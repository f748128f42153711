package publish

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"slices"

	"github.com/cespare/xxhash/v2"
	"github.com/klauspost/compress/flate"

	"dateline/aggregator/publish/feed"
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

// entryStarts are what the entries of a document begin with, by its media type.
var entryStarts = map[string][]byte{
	feed.TypeAtom: []byte("\n  <entry"), feed.TypeRSS: []byte("\n    <item>"), feed.TypeJSON: []byte("\n{\"id\":"),
	feed.TypeHTML: []byte("\n<article "),
}

// minSegment is the least size of a segment but the last, in bytes: a small one costs as much as a large one.
const minSegment = 256

// firstSegment returns the first segment of what is left of a document: up to the next entry.
func firstSegment(b, start []byte) []byte {
	if len(start) > 0 && len(b) > minSegment {
		if i := bytes.Index(b[minSegment:], start); i >= 0 {
			return b[:minSegment+i]
		}
	}
	return b
}

// memberHead is the head of a gzip member: deflate, no name, no time, of no system.
var memberHead = []byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255}

// lastBlock is an empty block of deflate that is the last one.
var lastBlock = []byte{1, 0, 0, 0xff, 0xff}

// pack returns b in gzip. start is what its entries begin with; nil: it is one segment. Segments that prev, an older document, has behind
// the same segments are taken from there; nil: there is none.
func pack(b, start []byte, prev *packed) *packed {
	if prev == nil {
		prev = &packed{}
	}
	out := append(make([]byte, 0, max(len(b)/3, len(prev.body)+4096)), memberHead...)
	p := &packed{segments: make([]segment, 0, len(prev.segments)+4)}
	var before []byte
	at := -1 // of prev, the segment that is the last one of p; -1: it has none such
	for rest := b; len(rest) > 0; rest = rest[len(before):] {
		next := segment{}
		if at++; prev.continues(at, rest, start) {
			next.plain, next.sum = rest[:len(prev.segments[at].plain)], prev.segments[at].sum
		} else {
			next.plain = firstSegment(rest, start)
			next.sum = xxhash.Sum64(next.plain)
			at = prev.find(next)
		}
		from := len(out)
		if at >= 0 && prev.has(at, before, next.plain) {
			out = append(out, prev.segments[at].deflated...)
		} else {
			out = deflate(out, before, next.plain)
		}
		next.deflated = out[from:] // moves with out
		p.segments, before = append(p.segments, next), next.plain
	}
	out = append(out, lastBlock...)
	out = binary.LittleEndian.AppendUint32(out, crc32.ChecksumIEEE(b))
	p.body = binary.LittleEndian.AppendUint32(out, uint32(len(b)))
	from := len(memberHead)
	for i := range p.segments {
		to := from + len(p.segments[i].deflated)
		p.segments[i].deflated, from = p.body[from:to:to], to
	}
	return p
}

// continues reports whether what is left of a document begins with segment i, cut as firstSegment would: that is faster than to search.
func (p *packed) continues(i int, rest, start []byte) bool {
	if i >= len(p.segments) {
		return false
	}
	n := len(p.segments[i].plain)
	return bytes.HasPrefix(rest, p.segments[i].plain) &&
		(n == len(rest) || n >= minSegment && len(start) > 0 && bytes.HasPrefix(rest[n:], start))
}

// find returns the number of the segment with the hash of s; -1: there is none.
func (p *packed) find(s segment) int {
	return slices.IndexFunc(p.segments, func(known segment) bool { return known.sum == s.sum })
}

// has reports whether segment i is text, and that before it is before.
func (p *packed) has(i int, before, text []byte) bool {
	var was []byte
	if i > 0 {
		was = p.segments[i-1].plain
	}
	return bytes.Equal(p.segments[i].plain, text) && bytes.Equal(was, before)
}

// deflate appends text, compressed, to out. It may refer to the last 8 KiB of what is before it. Without state it takes a third of the time
// that a [flate.Writer] takes to read its dictionary and compress as little as an entry, for a tenth more bytes.
func deflate(out, before, text []byte) []byte {
	w := appender(out)
	_ = flate.StatelessDeflate(&w, text, false, before) // an appender takes everything
	return w
}

// appender is a writer that appends.
type appender []byte

func (a *appender) Write(b []byte) (int, error) {
	*a = append(*a, b...)
	return len(b), nil
}
