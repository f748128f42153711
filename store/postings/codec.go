package postings

import (
	"encoding/binary"
	"hash/crc32"
)

// format is the first byte of every value but chunks and lines.
const format = 1

// SumBytes is the length of a sum.
const SumBytes = 4

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// Sum returns the CRC-32C (RFC 3720 appendix B.4) of the parts, each behind its length, on top of seed.
func Sum(seed uint32, parts ...[]byte) uint32 {
	var size [4]byte
	for _, p := range parts {
		binary.BigEndian.PutUint32(size[:], uint32(len(p)))
		seed = crc32.Update(crc32.Update(seed, castagnoli, size[:]), castagnoli, p)
	}
	return seed
}

// WithSum appends to a value the sum of its key and itself, little-endian. seed is the sum of the names of the buckets it is in.
func WithSum(seed uint32, key, value []byte) []byte {
	return binary.LittleEndian.AppendUint32(value, Sum(seed, key, value))
}

// WithoutSum returns a stored value without its sum, and whether the sum is right.
func WithoutSum(seed uint32, key, stored []byte) (value []byte, ok bool) {
	n := len(stored) - SumBytes
	if n < 0 {
		return nil, false
	}
	value = stored[:n:n]
	return value, Sum(seed, key, value) == binary.LittleEndian.Uint32(stored[n:])
}

// decoder takes a value apart. The first fault sticks: what is read after it is zero.
type decoder struct {
	b   []byte
	bad bool
}

// begins reads the format byte.
func (d *decoder) begins() {
	if d.byte() != format {
		d.fail()
	}
}

func (d *decoder) fail() { d.bad, d.b = true, nil }

func (d *decoder) done() bool { return len(d.b) == 0 }

func (d *decoder) byte() byte {
	if len(d.b) == 0 {
		d.fail()
		return 0
	}
	c := d.b[0]
	d.b = d.b[1:]
	return c
}

func (d *decoder) uvarint() uint64 {
	x, n := binary.Uvarint(d.b)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.b = d.b[n:]
	return x
}

func (d *decoder) varint() int64 {
	x, n := binary.Varint(d.b)
	if n <= 0 {
		d.fail()
		return 0
	}
	d.b = d.b[n:]
	return x
}

// count reads a number that cannot be larger than limit.
func (d *decoder) count(limit uint64) int {
	n := d.uvarint()
	if n > limit {
		d.fail()
		return 0
	}
	return int(n)
}

// take returns the next n bytes, in place; nil where there are not so many.
func (d *decoder) take(n int) []byte {
	if n > len(d.b) {
		d.fail()
		return nil
	}
	out := d.b[:n]
	d.b = d.b[n:]
	return out
}

// bytes reads what follows its length.
func (d *decoder) bytes() []byte { return d.take(d.count(uint64(len(d.b)))) }
