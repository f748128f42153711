package news

import (
	"testing"
	"time"
)

func TestLatest(t *testing.T) {
	t.Parallel()
	early := time.Date(2026, 11, 30, 3, 0, 0, 0, time.UTC)
	late := early.Add(time.Second)
	for _, c := range []struct{ a, b, want time.Time }{
		{early, late, late}, {late, early, late}, {early, time.Time{}, early}, {time.Time{}, early, early},
	} {
		if got := Latest(c.a, c.b); !got.Equal(c.want) {
			t.Errorf("of %v and %v: %v", c.a, c.b, got)
		}
	}
}
