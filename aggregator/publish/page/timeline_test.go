package page

import (
	"testing"
	"time"
)

// TestTicks: the times above a drawing are round and few, and they are spread over it, however long it is.
func TestTicks(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, 5, 18, 10, 20, 0, 0, time.UTC)
	for span, want := range map[time.Duration]string{
		0: "", 30 * time.Second: "", 50 * time.Minute: "10:30 10:45 11:00",
		26 * time.Hour: "12:00 18:00 00:00 06:00 12:00", 196 * 24 * time.Hour: "00:00 00:00 00:00",
	} {
		got := ""
		all := ticks(from, from.Add(span))
		for _, at := range all {
			if got != "" {
				got += " "
			}
			got += at.Format("15:04")
		}
		if got != want || len(all) > 0 && all[len(all)-1].Sub(from) < span/2 {
			t.Errorf("%v: %q, want %q; the last is %v after the first", span, got, want, all[max(0, len(all)-1):])
		}
	}
}
