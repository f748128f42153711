package store

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/fxamacker/cbor/v2"
	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// sample returns the writes of one update with an op of each kind, every field set.
func sample(t *testing.T, c *codec) Writes {
	t.Helper()
	w := Writes{Format: WritesFormat, Seq: 7, Now: noon.Unix(), Head: 3, Items: 9, Entries: 5}
	n := 0
	for code := range uint64(len(ops)) {
		empty, known := ops[code+1]
		if !known {
			t.Fatalf("code %d is missing", code+1)
		}
		o := empty()
		populate(reflect.ValueOf(o).Elem(), &n)
		packed, err := c.packOp(o)
		if err != nil {
			t.Fatal(err)
		}
		w.Ops = append(w.Ops, packed)
	}
	return w
}

// TestGoldenWrites: writes of format 1, which other nodes and older logs have, are read in full for ever. Fields may be added.
func TestGoldenWrites(t *testing.T) {
	t.Parallel()
	c, err := newCodec()
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", fmt.Sprintf("writes-%d.cbor", WritesFormat))
	if *update {
		b, err := sample(t, c).Bytes()
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, b, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	w, err := ParseWrites(b)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := w.Bytes(); err != nil || !bytes.Equal(again, b) {
		t.Errorf("written again it is %d other bytes, %v", len(again), err)
	}
	kinds := map[reflect.Type]bool{}
	for i, packed := range w.Ops {
		o, err := c.unpackOp(packed)
		if err != nil {
			t.Fatal(err)
		}
		kinds[reflect.TypeOf(o)] = true
		if again, err := c.packOp(o); err != nil || !bytes.Equal(again, packed) {
			t.Errorf("op %d, %T: what was read is written as %x, %v", i+1, o, again, err)
		}
	}
	if len(kinds) != len(ops) {
		t.Errorf("the golden file has ops of %d kinds, there are %d: run with -update", len(kinds), len(ops))
	}
}

// TestEveryFieldOfWritesSurvives: an op of each kind is the same after it was written and read.
func TestEveryFieldOfWritesSurvives(t *testing.T) {
	t.Parallel()
	c, err := newCodec()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for code, empty := range ops {
		o := empty()
		populate(reflect.ValueOf(o).Elem(), &n)
		packed, err := c.packOp(o)
		if err != nil {
			t.Fatal(err)
		}
		read, err := c.unpackOp(packed)
		if err != nil {
			t.Fatal(err)
		}
		switch o := o.(type) { // what is beside the item or rule, and what is not stored
		case *putItem:
			o.Item.Feed, o.Item.Sum = news.Feed{}, 0
		case *putRule:
			o.Rule.Item = news.Key{}
		}
		d := cmp.Diff(o, read, cmp.Exporter(func(reflect.Type) bool { return true }))
		if d != "" {
			t.Errorf("op %d:\n%s", code, d)
		}
	}
}

func TestUnknownWritesAreRefused(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	view(t, s, func(v View) {
		if v.Seq() != 1 {
			t.Errorf("%d updates in a new store, want its beginning alone", v.Seq())
		}
	})
	good := Writes{Format: WritesFormat, Seq: 2}
	pack := func(v any) []byte {
		b, err := cbor.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	op := func(code uint64, o any) Writes {
		w := good
		w.Ops = []cbor.RawMessage{pack(coded[any]{Code: code, Op: o})}
		return w
	}
	for _, tt := range []struct {
		fact string
		b    []byte
		want error
	}{
		{"a newer format", pack(Writes{Format: WritesFormat + 1}), ErrNewer},
		{"a newer format with more fields", pack([]any{WritesFormat + 1, 1, "x"}), ErrNewer},
		{"an older format", pack(Writes{Format: 0}), ErrOlder},
		{"no writes", []byte("hello"), ErrCorrupt},
		{"nothing", nil, ErrCorrupt},
		{"too few fields", pack([]any{WritesFormat, 2}), ErrCorrupt},
		{"an unknown op", pack(op(99, []any{})), ErrNewer},
		{"an op of other fields", pack(op(3, "keys")), ErrCorrupt},
	} {
		w, err := ParseWrites(tt.b)
		if err == nil {
			err = s.Apply(w)
		}
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.fact, err, tt.want)
		}
	}
	for _, w := range []Writes{
		{Format: 1, Seq: 1}, {Format: 1, Seq: 3}, {Format: 1, Seq: 2, Head: 1}, {Format: 1, Seq: 2, Items: 1}, {Format: 1, Seq: 2, Entries: 1},
	} {
		var diverged *DivergedError
		if err := s.Apply(w); !errors.As(err, &diverged) || diverged.Seq != w.Seq {
			t.Errorf("writes %d on a store that has one: %v", w.Seq, err)
		}
	}
}

// recorded is a store and the writes of its updates.
type recorded struct {
	*Store
	mu  sync.Mutex
	all []Writes
}

func newRecorded(t testing.TB) *recorded {
	t.Helper()
	r := &recorded{}
	r.Store = temp(t, Options{MaxBatchDelay: time.Minute, Writes: func(all []Writes) error {
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, w := range all {
			b, err := w.Bytes()
			if err != nil {
				return err
			}
			if w, err = ParseWrites(b); err != nil { // as another node has it
				return err
			}
			r.all = append(r.all, w)
		}
		return nil
	}})
	return r
}

// followed returns a store that was given the writes, so many at once; restarts says whether it was closed and opened now and then.
func followed(t testing.TB, all []Writes, group int, restarts bool) *Store {
	t.Helper()
	path := filepath.Join(t.TempDir(), "follower.db")
	open := func() *Store {
		s, err := Open(path, Options{Follow: true})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := open()
	for i := 0; i < len(all); i += group {
		if err := s.Apply(all[i:min(i+group, len(all))]...); err != nil {
			t.Fatal(err)
		}
		if restarts && i%7 == 0 {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			s = open()
		}
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// model returns the content of a store but for the states of sources, and its digest.
func model(t *testing.T, s *Store) (rows map[string]string, digest [32]byte) {
	t.Helper()
	rows = content(t, s)
	for k := range rows {
		if strings.HasPrefix(k, "state/") {
			delete(rows, k)
		}
	}
	view(t, s, func(v View) {
		all := *v.memo.totals
		*all.rowsOf(bSource), *all.rowsOf(bVisit) = 0, 0 // states are among them
		rows["meta/totals"], rows["meta/horizon"] = fmt.Sprint(all), string(v.tx.Bucket(bMeta).Get(kHorizon))
		conf, err := v.Config()
		if err != nil {
			t.Fatal(err)
		}
		rows["meta/config"] = fmt.Sprintf("%d %s %s", conf.Rev, conf.At, conf.Text)
		if digest, err = v.Digest(); err != nil {
			t.Fatal(err)
		}
	})
	return rows, digest
}

// agree checks that three files that are given the writes in different ways hold what the recorded store holds, row by row.
func agree(t *testing.T, r *recorded) {
	t.Helper()
	rows, digest := model(t, r.Store)
	for _, tt := range []struct {
		fact     string
		group    int
		restarts bool
	}{{"one at a time", 1, false}, {"24 at a time", 24, false}, {"with restarts", 5, true}} {
		s := followed(t, r.all, tt.group, tt.restarts)
		got, sum := model(t, s)
		if d := cmp.Diff(rows, got); d != "" {
			t.Errorf("%s:\n%.2000s", tt.fact, d)
		}
		if sum != digest {
			t.Errorf("%s: the digests differ", tt.fact)
		}
		if err := s.Check(func(f Fault) { t.Errorf("%s: %s", tt.fact, f) }); err != nil {
			t.Error(err)
		}
	}
}

func TestWritesGiveTheSameFile(t *testing.T) {
	t.Parallel()
	for seed := range pick[uint64](2, 10) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			r := newRecorded(t)
			p := &player{t: t, s: r.Store, r: rand.New(rand.NewPCG(seed, 3)), now: noon}
			for range pick(60, 120) {
				p.step()
			}
			agree(t, r)
		})
	}
}

func FuzzWritesGiveTheSameFile(f *testing.F) {
	f.Add(uint64(1), uint8(20))
	f.Fuzz(func(t *testing.T, seed uint64, steps uint8) {
		r := newRecorded(t)
		p := &player{t: t, s: r.Store, r: rand.New(rand.NewPCG(seed, 3)), now: noon}
		for range steps % 64 {
			p.step()
		}
		agree(t, r)
	})
}

// TestWritesThatCannotBeKeptFailTheUpdate: what is not recorded has not happened.
func TestWritesThatCannotBeKeptFailTheUpdate(t *testing.T) {
	t.Parallel()
	full, fails := errors.New("full"), false
	s := temp(t, Options{Writes: func([]Writes) error {
		if fails {
			return full
		}
		return nil
	}})
	fails = true
	if err := put(s, wrote("belta", "1")); !errors.Is(err, full) {
		t.Errorf("%v, want %v", err, full)
	}
	fails = false
	view(t, s, func(v View) {
		if v.Seq() != 1 || v.Head() != 0 {
			t.Errorf("%d updates, the log at %d", v.Seq(), v.Head())
		}
	})
}
