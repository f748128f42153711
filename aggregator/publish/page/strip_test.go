package page

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestStripOthers: agencies beyond the first six are one row; a seventh alone is none. Bars are as high as the hour that had most of any.
func TestStripOthers(t *testing.T) {
	t.Parallel()
	to := time.Date(2026, 5, 18, 10, 0, 0, 0, time.UTC)
	for n, want := range map[int]string{
		2: ": A2 3, A1 2.", 7: ": A7 8, A6 7, A5 6, A4 5, A3 4, A2 3, A1 2.", 9: ": A9 10, A8 9, A7 8, A6 7, A5 6, A4 5, others 9.",
	} {
		var rows []*StripRow
		for i := range n {
			r := &StripRow{Name: fmt.Sprint("A", i+1), Total: i + 2}
			r.Hours[i], r.Hours[23] = i+1, 1
			rows = append(rows, r)
		}
		got := string((&Site{}).Strip(rows, to))
		bars := strings.Count(got, `class="bar"`)
		if !strings.Contains(got, want) || strings.Count(got, `height="18"`) != 1 || bars != map[int]int{2: 4, 7: 14, 9: 16}[n] {
			t.Errorf("%d agencies: no %s, or other than one bar of the full height, or %d bars: %s", n, want, bars, got)
		}
	}
}
