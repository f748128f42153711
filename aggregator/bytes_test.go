package aggregator_test

import (
	"bytes"
	"fmt"
	"os"
	"testing"

	"dateline/aggregator/internal/feedtest"
)

// TestSameBytes is Law 7: processes under other time zones, languages and numbers of processors render the same
// bytes from the same store, and so does this one.
func TestSameBytes(t *testing.T) {
	t.Parallel()
	s := feedtest.NewServer(t)
	ids := []string{"alpha", "bravo", "charlie"}
	r := newHarness(t)
	for i, id := range ids {
		r.sources = append(r.sources, s.Source(id))
		all := feedItems(id, 1, 40)
		all[3].PubDate = "" // ordered by first seen
		all[4].PubDate = "Tue, 24 Nov 2026 09:00:00 MSK"
		all[5].Title = "Ёлка, İstanbul, straße: " + all[5].Title
		all[6].Link = fmt.Sprintf("https://shared.example/%d", i/2) // of the first two sources the same
		s.Set("/"+id, page(id, all...))
	}
	r.open()
	r.good()
	want := r.atom()
	if n := len(readBack(t, want)); n != 119 {
		t.Fatalf("%d entries, want 119", n)
	}
	r.close()
	file, err := os.ReadFile(r.path)
	if err != nil {
		t.Fatal(err)
	}
	for i, env := range [][]string{
		{"TZ=Pacific/Chatham", "LANG=tr_TR.UTF-8", "LC_ALL=tr_TR.UTF-8", "GOMAXPROCS=1"},
		{"TZ=America/St_Johns", "LANG=ru_RU.KOI8-R", "LC_ALL=ru_RU.KOI8-R", "GOMAXPROCS=7"},
		{"TZ=", "LANG=C", "LC_ALL=C", "GOMAXPROCS=2"},
	} {
		t.Run(env[0], func(t *testing.T) {
			path := fmt.Sprintf("%s.%d", r.path, i)
			if err := os.WriteFile(path, file, 0o640); err != nil {
				t.Fatal(err)
			}
			cmd := child(t, "render", path, s.URL, ids)
			cmd.Env = append(cmd.Env, env...)
			got, err := cmd.Output()
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%d bytes, other than the %d of this process", len(got), len(want))
			}
		})
	}
}
