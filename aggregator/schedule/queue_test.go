package schedule

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestQueue(t *testing.T) {
	t.Parallel()
	var q Queue
	if _, ok := q.Pop(clock(12, 0, 0)); ok {
		t.Error("an empty queue has a source that is due")
	}
	for id, m := range map[string]int{"late": 50, "early": 10, "replaced later": 20, "replaced earlier": 40, "dropped": 5} {
		q.Set(id, clock(12, m, 0))
	}
	q.Set("replaced later", clock(12, 45, 0))
	q.Set("replaced earlier", clock(12, 15, 0))
	q.Drop("dropped")
	if got, want := slices.Sorted(q.IDs()), []string{"early", "late", "replaced earlier", "replaced later"}; !cmp.Equal(got, want) {
		t.Error(cmp.Diff(want, got))
	}
	if at, ok := q.Next(); !ok || !at.Equal(clock(12, 10, 0)) {
		t.Errorf("next %v, want 12:10", at)
	}
	for _, c := range []struct {
		minute int
		want   []string
	}{
		{44, []string{"early", "replaced earlier"}},
		{45, []string{"replaced later"}},
	} {
		var due []string
		for id, ok := q.Pop(clock(12, c.minute, 0)); ok; id, ok = q.Pop(clock(12, c.minute, 0)) {
			due = append(due, id)
		}
		if diff := cmp.Diff(c.want, due); diff != "" {
			t.Errorf("due at 12:%d: %s", c.minute, diff)
		}
	}
	if at, ok := q.Next(); !ok || !at.Equal(clock(12, 50, 0)) {
		t.Errorf("then %v, want 12:50", at)
	}
	if diff := cmp.Diff([]string{"late"}, slices.Sorted(q.IDs())); diff != "" {
		t.Errorf("left: %s", diff)
	}
}
