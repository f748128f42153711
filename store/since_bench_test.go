package store

import (
	"fmt"
	"testing"
)

// BenchmarkItemsSince reads the hundred items of the last day of stores of two sizes.
func BenchmarkItemsSince(b *testing.B) {
	for _, items := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(items), func(b *testing.B) {
			s := temp(b, Options{})
			const last = 100
			for i := 0; i < items; i += last {
				err := s.Update(noon, func(tx *Tx) error {
					for n := range last {
						it := wrote("belta", fmt.Sprint(i+n)).Items[0]
						it.FirstSeen = noon.AddDate(0, 0, (i+last-items)/last)
						if _, err := tx.PutItem(it); err != nil {
							return err
						}
					}
					return nil
				})
				if err != nil {
					b.Fatal(err)
				}
			}
			for b.Loop() {
				view(b, s, func(v View) {
					n := 0
					for _, err := range v.ItemsSince(noon) {
						if err != nil {
							b.Fatal(err)
						}
						n++
					}
					if n != last {
						b.Fatalf("%d items, want %d", n, last)
					}
				})
			}
		})
	}
}
