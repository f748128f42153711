package news

import (
	"errors"
	"slices"
	"testing"
)

// TestEntryLoad: what is found comes in order, the representative first; what is not found is left out.
func TestEntryLoad(t *testing.T) {
	t.Parallel()
	a, b, c := Key{1}, Key{2}, Key{3}
	item := func(k Key) (Item, bool, error) { return Item{Key: k}, k != b, nil }
	for _, tt := range []struct {
		fact string
		e    Entry
		want []Key
	}{
		{"one alone", Entry{Key: a}, []Key{a}},
		{"several", Entry{Key: c, Items: []Key{c, b, a}}, []Key{c, a}},
		{"none left", Entry{Key: b}, nil},
	} {
		t.Run(tt.fact, func(t *testing.T) {
			t.Parallel()
			items, err := tt.e.Load(item)
			var got []Key
			for _, it := range items {
				got = append(got, it.Key)
			}
			if err != nil || !slices.Equal(got, tt.want) {
				t.Errorf("%v, %v, want %v", got, err, tt.want)
			}
		})
	}
	bad := errors.New("bad")
	if _, err := (Entry{Key: a}).Load(func(Key) (Item, bool, error) { return Item{}, false, bad }); !errors.Is(err, bad) {
		t.Errorf("got %v, want the error of the look-up", err)
	}
}
