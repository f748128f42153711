package news

import (
	"testing"
	"time"
)

func TestItemDate(t *testing.T) {
	t.Parallel()
	published, seen := time.Unix(1, 0), time.Unix(2, 0)
	if got := (Item{Published: published, FirstSeen: seen}).Date(); !got.Equal(published) {
		t.Errorf("published and seen: %v", got)
	}
	if got := (Item{FirstSeen: seen}).Date(); !got.Equal(seen) {
		t.Errorf("seen alone: %v", got)
	}
}

func TestClampDates(t *testing.T) {
	t.Parallel()
	seen := time.Unix(1_000_000, 0)
	within, beyond := seen.Add(time.Hour), seen.Add(time.Hour+time.Second)
	it := Item{Published: within, Updated: beyond, UpdatedRaw: "raw"}
	it.ClampDates(seen)
	if !it.Published.Equal(within) || !it.Updated.Equal(seen) || it.UpdatedRaw != "raw" {
		t.Errorf("%+v", it)
	}
}
