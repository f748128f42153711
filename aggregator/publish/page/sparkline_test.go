package page

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
	"dateline/aggregator/status"
)

// TestSparkline: bars are as high as their day among the others, a day without items is marked, one that is not known has nothing.
func TestSparkline(t *testing.T) {
	t.Parallel()
	got := string(Sparkline([]int{-1, 0, 6, 3, 12}, "en"))
	var high []string
	for _, m := range regexp.MustCompile(`class="bar" x="(\d+)" y="\d+" width="6" height="(\d+)"`).FindAllStringSubmatch(got, -1) {
		high = append(high, m[1]+":"+m[2])
	}
	if want := []string{"17:12", "25:7", "33:22"}; !slices.Equal(high, want) || strings.Count(got, `class="silence" d="M9 `) != 1 ||
		strings.Count(got, `class="silence"`) != 1 {
		t.Errorf("bars %v, want %v, or other marks: %s", high, want, got)
	}
	if got := Sparkline([]int{-1, -1}, "en"); got != "" {
		t.Errorf("of days that are not known: %s", got)
	}
}

// BenchmarkSourcesPage renders the page of 2,000 sources.
func BenchmarkSourcesPage(b *testing.B) {
	s := Site{Language: "en", Views: &view.Maker{Sources: map[string]*news.Source{}}}
	var states []SourceState
	for i := range 2000 {
		id := fmt.Sprint("s", i)
		s.Views.Sources[id] = &news.Source{ID: id, Name: "Agency of region " + id, Language: "en"}
		at := time.Date(2026, 5, 18, 10, i%60, 0, 0, time.UTC)
		states = append(states, SourceState{ID: id, State: string(status.States[i%len(status.States)]), LastSuccess: at, Due: at.Add(time.Hour),
			Items: uint64(i), Daily: []int{-1, 2, 0, i % 7, 5, 1, 0, 3, i % 5, 8, 9, 2, 0, 1}})
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.SourcesPage(states, ""); err != nil {
			b.Fatal(err)
		}
	}
}
