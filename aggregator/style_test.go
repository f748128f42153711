package aggregator_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/internal/feedtest"
)

// TestDatelineStyle: the style of a source's datelines is learned from its items, the oldest first, kept with its state, holds from
// the next item on, and changes no item that is stored.
func TestDatelineStyle(t *testing.T) {
	t.Parallel()
	bubble(t, func(t *testing.T, s *feedtest.Server, r *harness) {
		r.open()
		places := []string{"Graz", "Wien", "Linz", "Salzburg", "Villach"}
		var items []feedtest.Item // the newest first, as feeds have them
		bring := func(n int) {
			for k := len(items); k < n; k++ {
				text := places[k] + " – Die Stadt hat am Montag den Bau einer neuen Halle auf das nächste Jahr verschoben."
				items = append([]feedtest.Item{{GUID: places[k], Title: fmt.Sprint("Bau Nummer ", k), Description: text}}, items...)
			}
			s.Set("/alpha", page("Alpha", items...))
			r.good()
		}
		bring(2)
		if got := r.state("alpha").Style.Learned(); got != nil {
			t.Errorf("learned %q from two items", got)
		}
		bring(4)
		if d := cmp.Diff([]string{"place-dash"}, r.state("alpha").Style.Learned()); d != "" {
			t.Error(d)
		}
		r.close()
		r.open()
		bring(5)
		for _, it := range r.items("alpha") {
			place := ""
			if it.Credits.Dateline != nil {
				place = it.Credits.Dateline.Place
			}
			want := ""
			if it.GUID == "Salzburg" || it.GUID == "Villach" {
				want = it.GUID
			}
			if place != want {
				t.Errorf("%s: filed at %q, want %q", it.GUID, place, want)
			}
		}
	}, "alpha")
}
