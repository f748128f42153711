package shared

import (
	"encoding/binary"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
	"dateline/store"
)

// FuzzGroup reads what may be a row of the log, as its body is or compressed for it: nothing panics, every error has its class, and what
// was read is the same when it is packed and read again.
func FuzzGroup(f *testing.F) {
	var all []store.Writes
	s, err := store.Open(filepath.Join(f.TempDir(), "node.db"), store.Options{Writes: func(w []store.Writes) error {
		all = append(all, w...)
		return nil
	}})
	if err != nil {
		f.Fatal(err)
	}
	at := time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC)
	for _, id := range []string{"belta", "tass"} {
		put := func(t *store.Tx) error {
			return t.PutState(id, news.State{URL: "https://wire.example/" + id, LastVisit: at})
		}
		if err := s.Update(at, put); err != nil {
			f.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		f.Fatal(err)
	}
	body, err := pack(all)
	if err != nil {
		f.Fatal(err)
	}
	plain, err := decoder.DecodeAll(body, nil)
	if err != nil {
		f.Fatal(err)
	}
	last := all[len(all)-1].Seq
	f.Add(body, last, store.WritesFormat, false)
	f.Add(plain, last, store.WritesFormat, true)
	f.Add(plain[:len(plain)-1], last, store.WritesFormat, true)
	f.Add(binary.AppendUvarint(nil, 1<<63), uint64(1), 0, true)
	f.Add([]byte{}, uint64(1), store.WritesFormat+1, false)
	f.Fuzz(func(t *testing.T, body []byte, seq uint64, format int, compress bool) {
		if compress {
			body = encoder.EncodeAll(body, nil)
		}
		r := row{Seq: seq, Format: uint64(format), Sum: sumOf(body), Body: body}
		g, err := r.group(store.WritesFormat)
		if err != nil {
			for _, class := range []error{ErrNewer, ErrStale, ErrCorrupt, store.ErrCorrupt, store.ErrNewer, store.ErrOlder} {
				if errors.Is(err, class) {
					return
				}
			}
			t.Fatalf("an error of no class: %v", err)
		}
		if r.Body, err = pack(g.Writes); err != nil {
			t.Fatal(err)
		}
		r.Sum = sumOf(r.Body)
		again, err := r.group(store.WritesFormat)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(bytesOf(t, g.Writes), bytesOf(t, again.Writes)); d != "" {
			t.Error(d)
		}
	})
}

func bytesOf(t *testing.T, all []store.Writes) (out [][]byte) {
	t.Helper()
	for _, w := range all {
		b, err := w.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, b)
	}
	return out
}
