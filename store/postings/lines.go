package postings

import (
	"encoding/binary"
	"hash/crc32"

	"go.etcd.io/bbolt"
)

// lines is an array that is read in places: lines of equal size, each of which ends with the sum of its content and its number, so
// that one can be verified without the others. They are stored one behind the other, in values of a megabyte.
type lines struct {
	bucket *bbolt.Bucket
	key    byte   // first of the keys; the number of the value follows, in a byte
	size   int    // of a line, in bytes, its sum included
	n      int    // lines
	seed   uint32 // of the sums
	values [][]byte
}

// valueBytes is what a value takes at most: 256 pages of 4 KiB less what bbolt needs, in whole lines of either size.
const valueBytes = 4094 * blockBytes

// newLines returns the array of n lines in the bucket of a segment, whose sums begin with seed.
func newLines(b *bbolt.Bucket, key byte, size, n int, seed uint32) lines {
	return lines{bucket: b, key: key, size: size, n: n, seed: Sum(seed, []byte{key})}
}

// at returns line n with its sum, not verified; nil where it is missing.
func (l *lines) at(n int) []byte {
	if n < 0 || n >= l.n {
		return nil
	}
	at := n * l.size
	value := at / valueBytes
	for len(l.values) <= value {
		l.values = append(l.values, nil)
	}
	if l.values[value] == nil {
		l.values[value] = l.bucket.Get([]byte{l.key, byte(value)})
	}
	if at %= valueBytes; at+l.size <= len(l.values[value]) {
		return l.values[value][at:][:l.size]
	}
	return nil
}

// line returns the content of line n, and whether its sum is right.
func (l *lines) line(n int) ([]byte, bool) {
	line := l.at(n)
	if line == nil {
		return nil, false
	}
	data := l.size - SumBytes
	return line[:data], binary.LittleEndian.Uint32(line[data:]) == lineSum(l.seed, n, line[:data])
}

func lineSum(seed uint32, n int, data []byte) uint32 {
	return crc32.Update(seed^uint32(n), castagnoli, data)
}

// linesOf returns how many lines some bytes take.
func linesOf(bytes, size int) int { return (bytes + size - SumBytes - 1) / (size - SumBytes) }

// put stores data as the lines of the array; the last one is filled with zeros.
func (l *lines) put(data []byte) error {
	perLine := l.size - SumBytes
	out := make([]byte, 0, l.n*l.size)
	for n := range l.n {
		from := len(out)
		out = append(out, data[n*perLine:min(len(data), (n+1)*perLine)]...)
		out = append(out, make([]byte, from+perLine-len(out))...)
		out = binary.LittleEndian.AppendUint32(out, lineSum(l.seed, n, out[from:]))
	}
	for value := 0; len(out) > 0; value++ {
		n := min(len(out), valueBytes)
		if err := l.bucket.Put([]byte{l.key, byte(value)}, out[:n:n]); err != nil {
			return err
		}
		out = out[n:]
	}
	return nil
}
