package store

import (
	"errors"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
)

// populate sets every exported field that can be reached to something that is not zero.
func populate(v reflect.Value, n *int) {
	if !v.CanSet() {
		return
	}
	*n++
	switch {
	case v.Type() == reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(noon.Add(time.Duration(*n)*time.Second + 123456789)))
	case v.Kind() == reflect.String:
		v.SetString(fmt.Sprintf("текст %d", *n))
	case v.CanInt():
		v.SetInt(int64(*n))
	case v.CanUint():
		v.SetUint(uint64(*n % 200))
	case v.CanFloat():
		v.SetFloat(float64(*n) / 7)
	case v.Kind() == reflect.Bool:
		v.SetBool(true)
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		populate(v.Elem(), n)
	case v.Kind() == reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		fallthrough
	case v.Kind() == reflect.Array:
		for i := range v.Len() {
			populate(v.Index(i), n)
		}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			populate(v.Field(i), n)
		}
	default:
		panic("no way to fill " + v.Type().String())
	}
}

func TestEveryFieldSurvives(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	n := 0
	var it news.Item
	var st news.State
	var e news.Entry
	populate(reflect.ValueOf(&it).Elem(), &n)
	populate(reflect.ValueOf(&st).Elem(), &n)
	populate(reflect.ValueOf(&e).Elem(), &n)
	it.Sum, st.Due, st.Held, st.Embargoed, st.EmbargoEnds = 0, st.Due.Truncate(time.Second), 0, 0, time.Time{}
	e.Key, e.State, e.Updated, e.First, e.Last = it.Key, news.Withdrawn, e.Updated.Truncate(time.Second), 0, 0
	commit(t, s, visited{Source: "belta", Now: noon, State: &st, Items: []news.Item{it}, Entries: []news.Entry{e}})
	view(t, s, func(v View) {
		got, found, err := v.Item(it.Key)
		if err != nil || !found {
			t.Fatal(found, err)
		}
		if d := cmp.Diff(it, got); d != "" {
			t.Errorf("item:\n%s", d)
		}
		gotState, err := v.State("belta")
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(st, gotState); d != "" {
			t.Errorf("state:\n%s", d)
		}
		gotEntry, found, err := v.Entry(it.Key)
		if err != nil || !found {
			t.Fatal(found, err)
		}
		if gotEntry.Changed == 0 {
			t.Error("entry: Changed is not set")
		}
		e.Changed = gotEntry.Changed
		if d := cmp.Diff(e, gotEntry); d != "" {
			t.Errorf("entry:\n%s", d)
		}
		byID, found, err := v.EntryByID(e.ID)
		if err != nil || !found || byID.Key != e.Key {
			t.Errorf("by atom:id: %v %v %v", byID.Key, found, err)
		}
	})
}

func TestRevisionsAreKept(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	w := wrote("belta", "1")
	for n := 1; n <= maxRevisions+3; n++ {
		w.Items[0].Revision, w.Items[0].Title = n, fmt.Sprint("title ", n)
		w.Log[0].Revision = n
		commit(t, s, w)
	}
	k := w.Items[0].Key
	view(t, s, func(v View) {
		titles := map[int]string{}
		for _, n := range []int{1, 2, 3, 4, maxRevisions + 3, maxRevisions + 4} {
			it, found, err := v.Revision(k, n)
			if err != nil {
				t.Fatal(err)
			}
			if found {
				titles[n] = it.Title
			}
		}
		want := map[int]string{1: "title 1", 4: "title 4", maxRevisions + 3: fmt.Sprint("title ", maxRevisions+3)}
		if d := cmp.Diff(want, titles); d != "" {
			t.Errorf("revisions kept: %s", d)
		}
		var newest []int
		for it, err := range v.Items() {
			if err != nil {
				t.Fatal(err)
			}
			newest = append(newest, it.Revision)
		}
		if d := cmp.Diff([]int{maxRevisions + 3}, newest); d != "" {
			t.Errorf("revisions that items have: %s", d)
		}
	})
}

func TestBlocks(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	w := visited{Source: "belta", Now: noon}
	var keys []news.Key
	for i := range 3*blockItems + 2 {
		k := news.ItemKey("belta", fmt.Sprint(i))
		keys = append(keys, k)
		summary := "short"
		if i == 5 {
			summary = strings.Repeat("long ", blockBytes)
		}
		w.Items = append(w.Items, news.Item{Key: k, Entry: k, Title: fmt.Sprint(i), Summary: summary, Revision: 1})
	}
	commit(t, s, w)
	w.Items = w.Items[3:4]
	w.Items[0].Revision, w.Items[0].Title = 2, "3, revised"
	commit(t, s, w)
	view(t, s, func(v View) {
		i := 0
		for it, err := range v.Items() {
			want := fmt.Sprint(i)
			if i == 3 {
				want = "3, revised"
			}
			if err != nil || it.Key != keys[i] || it.Title != want {
				t.Errorf("item %d: %q, %v", i, it.Title, err)
			}
			if one, found, err := v.Item(keys[i]); err != nil || !found || one.Title != want {
				t.Errorf("item %d by key: %q, %v, %v", i, one.Title, found, err)
			}
			i++
		}
		if i != len(keys) {
			t.Errorf("%d items, want %d", i, len(keys))
		}
		blocks := 0
		c := v.tx.Bucket(bItem).Cursor()
		for k, _ := c.First(); len(k) == 9; k, _ = c.Next() {
			blocks++
		}
		if blocks != 5 { // five items, the long one alone, then 26 in three blocks
			t.Errorf("%d blocks, want 5", blocks)
		}
	})
}

// TestBlocksHaveAboutTheSameSize: no block is left with one item.
func TestBlocksHaveAboutTheSameSize(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]int{1: 1, 10: 10, 11: 6, 24: 8, 50: 10, 51: 9} {
		if got := blockSize(n); got != want {
			t.Errorf("of %d items the first block holds %d, want %d", n, got, want)
		}
	}
}

func TestFeedDescriptionsAreCounted(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	w := wrote("belta", "1")
	for n, title := range []string{"A", "B", "B"} {
		w.Items[0].Revision, w.Items[0].Feed = n+1, news.Feed{Title: title, Updated: noon.Add(time.Duration(n) * time.Hour)}
		commit(t, s, w)
	}
	view(t, s, func(v View) {
		it, _, err := v.Item(w.Items[0].Key)
		if err != nil || it.Feed.Title != "B" || !it.Feed.Updated.Equal(noon.Add(2*time.Hour)) {
			t.Errorf("%+v, %v", it.Feed, err)
		}
		feeds := 0
		c := v.tx.Bucket(bSource).Cursor()
		for k, _ := c.First(); k != nil && k[0] == 0; k, _ = c.Next() {
			feeds++
		}
		if feeds != 2 {
			t.Errorf("%d descriptions, want 2: one for each wording, not one for each visit", feeds)
		}
	})
}

// departedOn returns the day on which an item left its feed, as [dayOf] counts them; 0: it is there.
func departedOn(t *testing.T, s *Store, k news.Key) (day uint32) {
	t.Helper()
	view(t, s, func(v View) {
		number, err := v.mustNumber(k)
		if err != nil {
			t.Fatal(err)
		}
		err = v.table(bExpiry).each(func(k, value []byte) error {
			noted, numbers, err := readExpiring(k, value)
			if err != nil || !slices.Contains(numbers, number) {
				return err
			}
			left, err := v.leftOn(noted, number)
			if left {
				day = noted
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
	return day
}

func TestDeparted(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	one, two := wrote("belta", "1"), wrote("belta", "2")
	commit(t, s, one)
	view(t, s, func(v View) {
		if k, _ := v.table(bReturned).cursor().first(); k != nil {
			t.Errorf("what was never there before has come back: %x", k)
		}
	})
	if day := departedOn(t, s, one.Items[0].Key); day != 0 {
		t.Errorf("while it stands in its feed: left on day %d", day)
	}
	two.Now = noon.Add(24 * time.Hour)
	commit(t, s, two) // the first one is no longer in the window
	if day, want := departedOn(t, s, one.Items[0].Key), dayOf(two.Now); day != want {
		t.Errorf("left on day %d, want %d", day, want)
	}
	back := two
	back.Items, back.Entries, back.Log = nil, nil, nil
	back.Window = append(one.Window, two.Window...)
	commit(t, s, back)
	if day := departedOn(t, s, one.Items[0].Key); day != 0 {
		t.Errorf("back in its feed: left on day %d", day)
	}
	again := back
	again.Window, again.Now = two.Window, noon.Add(72*time.Hour)
	commit(t, s, again)
	if day, want := departedOn(t, s, one.Items[0].Key), dayOf(again.Now); day != want {
		t.Errorf("gone again: left on day %d, want %d", day, want)
	}
	if faults := check(t, s); len(faults) > 0 {
		t.Error(faults)
	}
}

// TestItemsSince compares with a look at every item. Visits that end out of order, and clocks that are set, store items out of the
// order in which they were first seen.
func TestItemsSince(t *testing.T) {
	t.Parallel()
	s, rng := temp(t, Options{}), seeded(t)
	const days = 10
	moment := func() time.Time {
		return noon.Add(time.Duration(rng.Int64N(days * 24 * int64(time.Hour)))).Truncate(time.Second)
	}
	compare := func(v View) {
		for range 20 {
			at := moment()
			var want, is []news.Key
			for it, err := range v.Items() {
				if err != nil {
					t.Fatal(err)
				}
				if !it.FirstSeen.Before(at) {
					want = append(want, it.Key)
				}
			}
			for it, err := range v.ItemsSince(at) {
				if err != nil {
					t.Fatal(err)
				}
				is = append(is, it.Key)
			}
			if diff := cmp.Diff(want, is); diff != "" {
				t.Errorf("since %v: (-want +got)\n%s", at, diff)
			}
		}
	}
	for i := range 60 {
		w := wrote("belta", fmt.Sprint(i))
		w.Items[0].FirstSeen = noon.Add(time.Duration(i) * days * 24 * time.Hour / 60)
		if i%7 == 0 {
			w.Items[0].FirstSeen = moment()
		}
		if i%5 == 0 {
			commit(t, s, w)
			w.Items[0].Revision = 2
		}
		err := s.Update(noon, func(tx *Tx) error {
			err := w.Put(tx)
			if i%20 == 19 {
				compare(tx.View)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	view(t, s, compare)
	if faults := check(t, s); len(faults) > 0 {
		t.Error(faults)
	}
}

// TestItemsSinceReadsLittleElse: blocks of older items that cannot be read are not met.
func TestItemsSinceReadsLittleElse(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	const each = 30
	for i := range 4 * each { // thirty a day
		w := wrote("belta", fmt.Sprint(i))
		w.Items[0].FirstSeen = noon.AddDate(0, 0, i/each)
		commit(t, s, w)
	}
	err := s.transact(func(v View) error {
		for number := uint64(1); number <= 3*each; number++ {
			if err := v.tx.Bucket(bItem).Put(blockKey(number), []byte("damaged")); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	view(t, s, func(v View) {
		n := 0
		for _, err := range v.ItemsSince(noon.AddDate(0, 0, 3)) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if n != each {
			t.Errorf("%d items, want %d", n, each)
		}
		for _, err := range v.Items() {
			if !errors.Is(err, ErrCorrupt) {
				t.Errorf("all items: %v, want %v", err, ErrCorrupt)
			}
			break
		}
	})
}
