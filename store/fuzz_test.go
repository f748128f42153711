package store

import (
	"bytes"
	"testing"

	"go.etcd.io/bbolt"

	"dateline/aggregator/news"
	"dateline/store/postings"
	"github.com/google/go-cmp/cmp"
)

// FuzzValues reads values whose sums are right and whose content may be anything: nothing panics, nothing grows far beyond the value, and
// what was read is the same when it is written and read again.
func FuzzValues(f *testing.F) {
	killed, _ := salvageFiles()
	s := openBytes(f, f.TempDir(), killed)
	err := s.db.Load().View(func(tx *bbolt.Tx) error {
		return tx.ForEach(func(_ []byte, b *bbolt.Bucket) error {
			k, v := b.Cursor().First()
			if len(v) > postings.SumBytes {
				f.Add(bytes.Clone(k), bytes.Clone(v[:len(v)-postings.SumBytes]))
			}
			return nil
		})
	})
	if err != nil {
		f.Fatal(err)
	}
	c := s.codec
	f.Fuzz(func(t *testing.T, k, v []byte) {
		if e, err := unpackEntry(news.Key{}, v); err == nil {
			again, err := unpackEntry(news.Key{}, packEntry(e))
			if d := cmp.Diff(e, again); err != nil || d != "" {
				t.Errorf("entry: %v %s", err, d)
			}
		}
		if number, rec, err := unpackLog(1, v); err == nil {
			n, again, err := unpackLog(1, packLog(number, rec))
			if d := cmp.Diff(rec, again); err != nil || n != number || d != "" {
				t.Errorf("record: %v %s", err, d)
			}
		}
		if w, err := unpackWindow(v); err == nil && len(w) > len(v) {
			t.Errorf("%d items in a window of %d bytes", len(w), len(v))
		}
		if _, all, err := readExpiring(k, v); err == nil && len(all) > len(v) {
			t.Errorf("%d items in a day of %d bytes", len(all), len(v))
		}
		var b block
		if err := b.unpack(c, v); err == nil && len(b.items) != len(b.headers) {
			t.Errorf("%d items with %d headers", len(b.items), len(b.headers))
		}
		if _, delta, err := unpackVisit(v); err == nil {
			_, _ = c.applyDelta(v, delta) // either may be anything
		}
		_, _ = unpackTotals(v)
		_, _ = c.event(k, v)
		_, _ = c.unzipRevision(v)
		var it storedItem
		var st news.State
		_, _ = c.unmarshal(v, &it), c.unpack(v, &st)
	})
}

// FuzzParseWrites reads what may be Writes: nothing panics, and what was read is the same when it is written and read again.
func FuzzParseWrites(f *testing.F) {
	w := Writes{Format: WritesFormat, Seq: 1, Now: 2}
	packed, err := w.Bytes()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(packed)
	c, err := newCodec()
	if err != nil {
		f.Fatal(err)
	}
	some := []op{&found{FeedID: "urn:x"}, &putItem{Number: 1}, &forget{Numbers: []uint64{1}}, &addKeys{}, &dropLog{First: 1, Last: 2}}
	for _, o := range some {
		op, err := c.packOp(o)
		if err != nil {
			f.Fatal(err)
		}
		with := w
		with.Ops = append(with.Ops, op)
		packed, err := with.Bytes()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(packed)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		w, err := ParseWrites(b)
		if err != nil {
			return
		}
		for _, packed := range w.Ops {
			_, _ = c.unpackOp(packed)
		}
		again, err := w.Bytes()
		if err != nil {
			return // what no update has, such as numbers that are no numbers
		}
		is, err := ParseWrites(again)
		if d := cmp.Diff(w, is); err != nil || d != "" {
			t.Errorf("%v %s", err, d)
		}
	})
}
