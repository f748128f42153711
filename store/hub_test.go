package store

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
)

func TestSubscribers(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	if all, err := s.Subscribers(); err != nil || len(all) != 0 {
		t.Fatalf("%v, %v", all, err)
	}
	n := 10 // two digits throughout, so that the order of the text is that of the numbers
	var one, two, other news.Subscriber
	for _, sub := range []*news.Subscriber{&one, &two, &other} {
		populate(reflect.ValueOf(sub).Elem(), &n)
	}
	other.Topic = one.Topic // another callback of the same topic
	if err := s.PutSubscribers([]news.Subscriber{two, one, other, one}, nil); err != nil {
		t.Fatal(err)
	}
	check := func(what string, s *Store, want ...news.Subscriber) {
		t.Helper()
		all, err := s.Subscribers()
		if d := cmp.Diff(want, all); err != nil || d != "" {
			t.Errorf("%s: %v\n%s", what, err, d)
		}
	}
	check("put", s, one, other, two)
	two.Position++
	if err := s.PutSubscribers([]news.Subscriber{two}, []news.Subscriber{one, {Topic: "no", Callback: "such"}}); err != nil {
		t.Fatal(err)
	}
	path := s.Path()
	s.Close()
	r, err := Open(path, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	check("after a restart", r, other, two)
}
