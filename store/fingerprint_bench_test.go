package store

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"dateline/aggregator/news"
)

// termsPerItem is what a text of a hundred words and its title have.
const termsPerItem = 34

// filled stores n items with terms of chance, arriving within a day.
func filled(b *testing.B, n int) *Store {
	b.Helper()
	s := temp(b, Options{})
	r := rand.New(rand.NewPCG(1, 2))
	const visit = 1000
	for i := 0; i < n; i += visit {
		w := visited{Source: fmt.Sprintf("s%d", i/visit%50), Now: noon.Add(time.Duration(i) * 24 * time.Hour / time.Duration(n))}
		for j := range min(visit, n-i) {
			it := news.Item{Source: w.Source, GUID: fmt.Sprint(i + j), Revision: 1, FirstSeen: w.Now}
			it.Key = news.ItemKey(it.Source, it.GUID)
			it.Entry = it.Key
			w.Items = append(w.Items, it)
			w.Fingerprints = append(w.Fingerprints, news.Fingerprint{Item: it.Key, At: w.Now, Terms: chance(r)})
		}
		commit(b, s, w)
	}
	return s
}

func chance(r *rand.Rand) []uint32 {
	terms := make([]uint32, termsPerItem)
	for i := range terms {
		terms[i] = r.Uint32()
	}
	slices.Sort(terms)
	return slices.Compact(terms)
}

// BenchmarkFindAny looks up the terms of a new text among those of n items, and says what the index takes.
func BenchmarkFindAny(b *testing.B) {
	for _, n := range []int{10_000, 100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			began := time.Now()
			s := filled(b, n)
			took := time.Since(began)
			r := rand.New(rand.NewPCG(3, 4))
			if err := s.Update(noon, func(v *Tx) error {
				for b.Loop() {
					if _, err := v.FindAny(chance(r), 60); err != nil {
						return err
					}
				}
				st := v.tx.Bucket(bPostings).Stats()
				b.ReportMetric(float64(st.LeafAlloc+st.BranchAlloc)/float64(n), "B/item")
				b.ReportMetric(float64(took.Nanoseconds())/float64(n), "ns/stored")
				return nil
			}); err != nil {
				b.Fatal(err)
			}
		})
	}
}
