package websub

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestMerge: what two processes changed of a row is kept, but a row that one has dropped.
func TestMerge(t *testing.T) {
	t.Parallel()
	type row struct {
		Position int
		Secret   string
		Lease    time.Time
	}
	soon, late := time.Unix(1000, 0), time.Unix(2000, 0)
	base := &row{1, "a", soon}
	for _, c := range []struct {
		fact               string
		base, ours, theirs *row
		want               *row
	}{
		{"nothing changed", base, base, base, base},
		{"changed there", base, base, &row{2, "a", soon}, &row{2, "a", soon}},
		{"changed here", base, &row{2, "a", soon}, base, &row{2, "a", soon}},
		{"one field here, the others there", base, &row{2, "a", soon}, &row{1, "b", late}, &row{2, "b", late}},
		{"one field by both", base, &row{2, "a", soon}, &row{3, "a", soon}, &row{2, "a", soon}},
		{"new here", nil, base, nil, base},
		{"new there", nil, nil, base, base},
		{"new in both", nil, &row{Position: 5}, base, &row{5, "a", soon}},
		{"dropped here", base, nil, base, nil},
		{"dropped here, another lease there", base, nil, &row{1, "a", late}, &row{1, "a", late}},
		{"dropped here, moved on there", base, nil, &row{2, "a", soon}, nil},
		{"dropped there", base, base, nil, nil},
		{"dropped there, moved on here", base, &row{2, "a", soon}, nil, nil},
		{"dropped there, another lease here", base, &row{1, "a", late}, nil, &row{1, "a", late}},
		{"dropped by both", base, nil, nil, nil},
		{"the same moment in another zone", base, &row{1, "a", soon.UTC()}, nil, nil},
	} {
		t.Run(c.fact, func(t *testing.T) {
			got := Merge(c.base, c.ours, c.theirs, func(r row) time.Time { return r.Lease })
			if d := cmp.Diff(c.want, got); d != "" {
				t.Error(d)
			}
		})
	}
}
