package aggregator_test

import (
	"os"
	"path/filepath"
	"testing"

	"dateline/aggregator/internal/feedtest"
)

// TestFieldIdentity polls sources that give their items other ids, links or dates at every request.
func TestFieldIdentity(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]int{"03a-undated-link-query": 1, "03c-date-moves-a-minute": 1, "03d-10-items-all-churn": 10} {
		files := feedtest.Glob(t, "cases/field/"+name+"-*.xml")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := feedtest.NewServer(t)
			r := newHarness(t, s.Source("alpha"))
			for _, file := range files {
				body, err := os.ReadFile(filepath.Clean(file))
				if err != nil {
					t.Fatal(err)
				}
				s.Set("/alpha", feedtest.Doc(string(body)))
				r.good("alpha")
			}
			if n := len(r.items("alpha")); n != want {
				t.Errorf("%d items after %d polls, want %d", n, len(files), want)
			}
		})
	}
}
