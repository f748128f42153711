package aggregator

import (
	"fmt"
	"testing"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/schedule"
)

// BenchmarkDispatch is what it costs to find the sources that are due and to make their next appointments, the
// visits aside: ns/source.
func BenchmarkDispatch(b *testing.B) {
	for _, n := range []int{1_000, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			a := &Aggregator{dueQueue: &schedule.Queue{}, runs: map[string]*run{}}
			var setup Setup
			for i := range n {
				setup.Sources = append(setup.Sources,
					news.Source{ID: fmt.Sprint("s", i), URL: fmt.Sprintf("https://host%d.example/rss", i), Every: time.Hour, Enabled: true})
			}
			a.install(setup)
			at := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
			for _, src := range setup.Sources {
				a.dueQueue.Set(src.ID, at)
			}
			b.ReportAllocs()
			for b.Loop() {
				for _, src := range a.popDue(at) {
					a.dueQueue.Set(src.ID, at.Add(src.Every))
				}
				at = at.Add(time.Hour)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/source")
		})
	}
}
