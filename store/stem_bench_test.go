package store

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"dateline/aggregator/news"
)

// stemsPerItem is what a title and a lead of some eighty words have, besides common words and with their credits.
const stemsPerItem = 60

// zipf draws stems as texts have them: of 60,000 some are in every tenth text, most in hardly any.
func zipf(r *rand.Rand) func() []uint32 {
	z := rand.NewZipf(r, 1.1, 12, 60_000)
	return func() []uint32 {
		out := make([]uint32, stemsPerItem)
		for i := range out {
			out[i] = uint32(z.Uint64()+1) * 2654435761
		}
		slices.Sort(out)
		return slices.Compact(out)
	}
}

// BenchmarkStems looks up two stems of n items, for a search and for the stories of a new item, and says what the
// index takes.
func BenchmarkStems(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		s := temp(b, Options{})
		draw := zipf(rand.New(rand.NewPCG(1, 2)))
		began := time.Now()
		const visit = 500
		for i := 0; i < n; i += visit {
			w := visited{Source: fmt.Sprintf("s%d", i/visit%50), Now: noon.Add(time.Duration(i) * 24 * time.Hour / time.Duration(n))}
			for j := range visit {
				it := news.Item{Source: w.Source, GUID: fmt.Sprint(i + j), Revision: 1, FirstSeen: w.Now}
				it.Key = news.ItemKey(it.Source, it.GUID)
				it.Entry = it.Key
				w.Items, w.Stems = append(w.Items, it), append(w.Stems, news.Fingerprint{Item: it.Key, At: w.Now, Terms: draw()})
			}
			commit(b, s, w)
		}
		took := time.Since(began)
		read := func(name string, do func(v View, terms []uint32) error) {
			b.Run(fmt.Sprint(name, "/", n), func(b *testing.B) {
				if err := s.View(func(v View) error {
					for b.Loop() {
						if err := do(v, draw()); err != nil {
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
		read("holding two", func(v View, terms []uint32) error {
			for _, err := range v.FindAll(terms[:2], math.MaxInt) {
				if err != nil {
					return err
				}
			}
			return nil
		})
		read("frequency", func(v View, terms []uint32) error {
			_, _, err := v.Frequency(terms)
			return err
		})
		read("mentioning eight", func(v View, terms []uint32) error {
			of, _, err := v.Frequency(terms)
			if err != nil {
				return err
			}
			slices.SortFunc(terms, func(x, y uint32) int { return of[slices.Index(terms, x)] - of[slices.Index(terms, y)] })
			_, err = v.FindAtLeast(terms[:8], noon, 2, 40)
			return err
		})
	}
}
