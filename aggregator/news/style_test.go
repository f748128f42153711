package news

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestStyle learns from items that have the form (x) or not (.).
func TestStyle(t *testing.T) {
	many := func(n int) string {
		s := make([]byte, n)
		for i := range s {
			s[i] = '.'
		}
		return string(s)
	}
	for _, c := range []struct {
		name, items string
		learned     bool
	}{
		{"two are not enough", "xx", false},
		{"three of three", "xxx", true},
		{"three of twenty", "x" + many(9) + "x" + many(8) + "x", true},
		{"three of twenty-one", "x" + many(9) + "x" + many(9) + "x", false},
		{"kept for 49 items without it", "xxx" + many(49), true},
		{"forgotten after 50", "xxx" + many(50), false},
		{"learned anew", "xxx" + many(50) + "xxx", true},
		{"two after 50", "xxx" + many(50) + "xx", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var s Style
			for _, item := range c.items {
				form := ""
				if item == 'x' {
					form = "place-dash"
				}
				s = s.Next(form)
			}
			if s.Has("place-dash") != c.learned {
				t.Errorf("learned %v, want %v: %+v", !c.learned, c.learned, s)
			}
		})
	}
	t.Run("the old value stays", func(t *testing.T) {
		t.Parallel()
		a := Style{}.Next("b")
		b := a.Next("b").Next("a")
		if d := cmp.Diff(Style{Forms: []Form{{Name: "b", Recent: 1}}}, a); d != "" {
			t.Error(d)
		}
		want := Style{Forms: []Form{{Name: "a", Recent: 1}, {Name: "b", Recent: 6}}}
		if d := cmp.Diff(want, b); d != "" {
			t.Error(d)
		}
	})
}
