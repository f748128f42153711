package store

import (
	"slices"
	"strings"
	"testing"
	"time"

	"dateline/aggregator/news"
)

// TestEmbargoesEnding: what is under embargo is listed by its moment, and follows its items.
func TestEmbargoesEnding(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	w := wrote("belta", "1")
	for _, id := range []string{"2", "3", "4", "5"} {
		more := wrote("belta", id)
		w.Items, w.Entries = append(w.Items, more.Items...), append(w.Entries, more.Entries...)
	}
	w.Log = nil
	for i := range w.Items {
		w.Items[i].Held, w.Entries[i].State = true, news.Embargoed
		w.Items[i].Embargo = &news.Embargo{Until: noon.Add(time.Duration(5-i) * time.Hour)}
	}
	w.Items[3].Embargo.Until = time.Time{} // no time is known
	w.Items[4].Embargo = nil               // held for another reason
	w.Entries[4].State = news.Held
	commit(t, s, w)
	ending := func(at time.Time, limit int) (due []news.Key, next time.Time) {
		t.Helper()
		view(t, s, func(v View) {
			var err error
			if due, next, err = v.EmbargoesEnding(at, limit); err != nil {
				t.Fatal(err)
			}
		})
		return due, next
	}
	keys := func(places ...int) (all []news.Key) {
		for _, i := range places {
			all = append(all, w.Items[i].Key)
		}
		return all
	}
	for _, tt := range []struct {
		after time.Duration
		limit int
		want  []news.Key
		next  time.Duration
	}{
		{2 * time.Hour, 9, nil, 3 * time.Hour}, {3 * time.Hour, 9, keys(2), 4 * time.Hour}, {9 * time.Hour, 9, keys(2, 1, 0), 0},
		{9 * time.Hour, 2, keys(2, 1), 5 * time.Hour},
	} {
		due, next := ending(noon.Add(tt.after), tt.limit)
		if !slices.Equal(due, tt.want) || tt.next == 0 && !next.IsZero() || tt.next > 0 && !next.Equal(noon.Add(tt.next)) {
			t.Errorf("after %v: %v, then %v", tt.after, due, next)
		}
	}
	view(t, s, func(v View) {
		st, err := v.State("belta")
		if err != nil || st.Held != 5 || st.Embargoed != 4 || !st.EmbargoEnds.Equal(noon.Add(3*time.Hour)) {
			t.Errorf("%d held, %d under embargo until %v, %v", st.Held, st.Embargoed, st.EmbargoEnds, err)
		}
	})
	w.Items[2].Embargo.Until = noon.Add(8 * time.Hour) // moved, published, erased
	w.Items[1].Held = false
	commit(t, s, visited{Now: noon, Items: w.Items[1:3], Erase: []news.Erasure{{Item: w.Items[0].Key}}})
	if due, _ := ending(noon.Add(9*time.Hour), 9); !slices.Equal(due, keys(2)) {
		t.Errorf("then %v", due)
	}
	if faults := check(t, s); len(faults) > 0 {
		t.Error(faults)
	}
}

// TestCheckFindsEmbargoes: a row of the list of embargoes that is missing or no item's is found.
func TestCheckFindsEmbargoes(t *testing.T) {
	t.Parallel()
	for fault, breakIt := range map[string]func(b table) error{
		"on no list of those":        func(b table) error { k, _ := b.cursor().first(); return b.delete(k) },
		"no item is under embargo":   func(b table) error { return b.put(embargoKey(1, 1), nil) },
		"embargo 01: unreadable key": func(b table) error { return b.put([]byte{1}, nil) },
	} {
		t.Run(fault, func(t *testing.T) {
			t.Parallel()
			s := temp(t, Options{})
			w := wrote("belta", "1")
			w.Items[0].Held, w.Entries[0].State, w.Log = true, news.Embargoed, nil
			w.Items[0].Embargo = &news.Embargo{Until: noon.Add(time.Hour)}
			commit(t, s, w)
			if err := s.transact(func(v View) error { return breakIt(v.table(bEmbargo)) }); err != nil {
				t.Fatal(err)
			}
			if faults := check(t, s); len(faults) != 1 || !strings.Contains(faults[0], fault) {
				t.Error(faults)
			}
		})
	}
}
