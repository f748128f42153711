package store

import (
	"slices"
	"testing"
	"time"
)

// found asks the writer, which may look through a sieve.
func found(t *testing.T, s *Store, terms []uint32) (n int) {
	t.Helper()
	if err := s.Commit(func(v View) (Writes, error) {
		all, err := v.FindAny(terms, 1<<20)
		n = len(all)
		return Writes{}, err
	}); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestSieve asks a sieve of segments that come and go for their terms, and for terms of chance.
func TestSieve(t *testing.T) {
	r := seeded(t)
	s := temp(t, Options{})
	terms := map[uint64][]uint32{}
	seal := func(visit, fingerprints int) {
		var all [][]uint32
		for range fingerprints {
			all = append(all, chance(r))
		}
		commit(t, s, withTerms("belta", noon.Add(time.Duration(visit)*25*time.Hour), visit*1000, all...))
		terms[uint64(visit+1)] = slices.Concat(all...)
	}
	open := func(v View) (all []*segment) {
		for g, err := range v.segments(fingerprints) {
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, g)
		}
		return all
	}
	seal(0, 2)
	seal(1, 2)
	var x *sieve
	passed, asked := 0, 0
	for visit := 2; visit < 90; visit++ {
		seal(visit, 2)
		view(t, s, func(v View) {
			all := open(v)
			if n := visit % 11; n < len(all) {
				all = slices.Concat(all[:n], all[n+1:]) // one is gone for a while
			}
			if x == nil {
				var err error
				if x, err = newSieve(all); err != nil {
					t.Fatal(err)
				}
			}
			if fits, err := x.follow(all); !fits || err != nil {
				t.Fatalf("segments of one size: %v, %v", fits, err)
			}
			for _, g := range all {
				column := x.column(g.number())
				if column == 0 {
					if len(all) <= sieveMost {
						t.Fatalf("segment %d of %d has no column", g.number(), len(all))
					}
					continue
				}
				for _, may := range x.pass(terms[g.number()]) {
					if may&column == 0 {
						t.Fatalf("a mark of segment %d is held back", g.number())
					}
				}
				for _, may := range x.pass(chance(r)) {
					if asked++; may&column != 0 {
						passed++
					}
				}
			}
		})
	}
	if passed*12 > asked {
		t.Errorf("%d of %d marks pass that the segment does not have", passed, asked)
	}
	seal(90, 40)
	seal(91, 1)
	view(t, s, func(v View) {
		if fits, err := x.follow(open(v)); fits || err != nil {
			t.Errorf("one twenty times as large: %v, %v; want it not to fit", fits, err)
		}
	})
}
