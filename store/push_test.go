package store

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
)

func TestSubscriptions(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	if all, err := s.Subscriptions(); err != nil || len(all) != 0 {
		t.Fatalf("%v, %v", all, err)
	}
	n := 0
	var one, two news.Subscription
	populate(reflect.ValueOf(&one).Elem(), &n)
	populate(reflect.ValueOf(&two).Elem(), &n)
	for _, sub := range []news.Subscription{two, one, one} {
		if err := s.PutSubscription(sub); err != nil {
			t.Fatal(err)
		}
	}
	all, err := s.Subscriptions()
	if d := cmp.Diff([]news.Subscription{one, two}, all); err != nil || d != "" {
		t.Errorf("%v\n%s", err, d)
	}
	if err := s.DropSubscription(one.Token); err != nil {
		t.Fatal(err)
	}
	if err := s.DropSubscription("no such"); err != nil {
		t.Fatal(err)
	}
	path := s.Path()
	s.Close()
	r, err := Open(path, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	all, err = r.Subscriptions()
	if d := cmp.Diff([]news.Subscription{two}, all); err != nil || d != "" {
		t.Errorf("after a restart: %v\n%s", err, d)
	}
}
