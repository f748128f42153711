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
