package page

import (
	"regexp"
	"slices"
	"strings"
	"testing"
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
