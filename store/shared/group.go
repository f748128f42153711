package shared

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/klauspost/compress/zstd"

	"dateline/store"
)

// Group is what one transaction of a node changed, a row of the log.
type Group struct {
	Seq    uint64    // of the last of Writes
	At     time.Time // when PostgreSQL began the transaction
	Node   string    // that appended it
	Writes []store.Writes
}

// row is a group as it is stored.
type row struct {
	Seq    uint64
	At     time.Time
	Node   string
	Format uint64
	Sum    int64
	Body   []byte
}

var (
	encoder, _ = zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedDefault), zstd.WithEncoderConcurrency(1))
	decoder, _ = zstd.NewReader(nil, zstd.WithDecoderConcurrency(0), zstd.WithDecoderMaxMemory(1<<30))
)

// pack returns the body of a row: each of the writes in CBOR behind its length, in zstd.
func pack(all []store.Writes) ([]byte, error) {
	var plain []byte
	for _, w := range all {
		b, err := w.Bytes()
		if err != nil {
			return nil, err
		}
		plain = append(binary.AppendUvarint(plain, uint64(len(b))), b...)
	}
	return encoder.EncodeAll(plain, nil), nil
}

// sumOf returns the sum of a body.
func sumOf(body []byte) int64 {
	sum := sha256.Sum256(body)
	return int64(binary.BigEndian.Uint64(sum[:]))
}

// group reads a row, of a format that is known up to the given one. It returns [ErrNewer], [ErrCorrupt], and [ErrStale] where its body
// was erased.
func (r row) group(format uint64) (Group, error) {
	g := Group{Seq: r.Seq, At: r.At, Node: r.Node}
	if r.Format > format {
		return g, fmt.Errorf("%w: writes %d are of format %d, this program knows %d", ErrNewer, r.Seq, r.Format, format)
	}
	if len(r.Body) == 0 {
		return g, fmt.Errorf("%w: a text in writes %d was erased", ErrStale, r.Seq)
	}
	bad := func(why any) (Group, error) {
		return g, fmt.Errorf("%w: writes %d of the log: %v", ErrCorrupt, r.Seq, why)
	}
	if sumOf(r.Body) != r.Sum {
		return bad("not what was appended")
	}
	plain, err := decoder.DecodeAll(r.Body, nil)
	if err != nil {
		return bad(err)
	}
	for len(plain) > 0 {
		n, k := binary.Uvarint(plain)
		if k <= 0 || n > uint64(len(plain)-k) {
			return bad("cut short")
		}
		w, err := store.ParseWrites(plain[k : k+int(n)])
		if err != nil {
			return g, fmt.Errorf("writes %d of the log: %w", r.Seq, err)
		}
		g.Writes = append(g.Writes, w)
		plain = plain[k+int(n):]
	}
	if len(g.Writes) == 0 || g.Writes[len(g.Writes)-1].Seq != r.Seq {
		return bad("its writes have other numbers")
	}
	return g, nil
}

// collectRows reads rows of the log. Those after after have to follow it without a gap: a gap is [ErrStale].
func (c *Cluster) collectRows(rows pgx.Rows, after uint64) ([]Group, error) {
	all, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
	if err != nil {
		return nil, err
	}
	var groups []Group
	for _, r := range all {
		g, err := r.group(c.format)
		if err != nil {
			return nil, err
		}
		if first := g.Writes[0].Seq; first > after+1 {
			return nil, fmt.Errorf("%w: it has %d, the next in the log is %d", ErrStale, after, first)
		}
		for len(g.Writes) > 0 && g.Writes[0].Seq <= after { // it began within the group
			g.Writes = g.Writes[1:]
		}
		groups, after = append(groups, g), g.Seq
	}
	return groups, nil
}
