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

// Decoder takes a value apart. The first fault sticks: what is read after it is zero.
type Decoder struct {
	Rest []byte // not read yet
	Bad  bool   // the value is not what was written
}

// Begins reads the first byte, which must be that.
func (d *Decoder) Begins(form byte) {
	if d.Byte() != form {
		d.Fail()
	}
}

// Fail marks the value as bad: what is read after it is zero.
func (d *Decoder) Fail() { d.Bad, d.Rest = true, nil }

// Done reports whether nothing is left.
func (d *Decoder) Done() bool { return len(d.Rest) == 0 }

// Byte reads a byte.
func (d *Decoder) Byte() byte { return d.Take(1)[0] }

// Uvarint reads what [binary.AppendUvarint] wrote.
func (d *Decoder) Uvarint() uint64 {
	x, n := binary.Uvarint(d.Rest)
	d.pass(n)
	return x
}

// skip passes over n numbers that [binary.AppendUvarint] wrote.
func (d *Decoder) skip(n int) {
	for i, b := range d.Rest {
		if n == 0 {
			d.Rest = d.Rest[i:]
			return
		}
		if b < 0x80 { // the last byte of a number
			n--
		}
	}
	if d.Rest = d.Rest[len(d.Rest):]; n > 0 {
		d.Fail()
	}
}

// Varint reads what [binary.AppendVarint] wrote.
func (d *Decoder) Varint() int64 {
	x, n := binary.Varint(d.Rest)
	d.pass(n)
	return x
}

// pass goes on behind a number of that size; without one there was none.
func (d *Decoder) pass(size int) {
	if size <= 0 {
		d.Fail()
		return
	}
	d.Rest = d.Rest[size:]
}

// Count reads a number that cannot be larger than limit.
func (d *Decoder) Count(limit uint64) int {
	n := d.Uvarint()
	if n > limit {
		d.Fail()
		return 0
	}
	return int(n)
}

// Take returns the next n bytes, in place; zeros where there are not so many.
func (d *Decoder) Take(n int) []byte {
	if n > len(d.Rest) {
		d.Fail()
		return make([]byte, n)
	}
	out := d.Rest[:n]
	d.Rest = d.Rest[n:]
	return out
}

// Bytes reads what follows its length, in place.
func (d *Decoder) Bytes() []byte { return d.Take(d.Count(uint64(len(d.Rest)))) }
