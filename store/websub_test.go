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
		if err := putSubscriptions(s, []news.Subscription{sub}, nil); err != nil {
			t.Fatal(err)
		}
	}
	all, err := s.Subscriptions()
	if d := cmp.Diff([]news.Subscription{one, two}, all); err != nil || d != "" {
		t.Errorf("%v\n%s", err, d)
	}
	if err := putSubscriptions(s, nil, []string{one.Token}); err != nil {
		t.Fatal(err)
	}
	if err := putSubscriptions(s, nil, []string{"no such"}); err != nil {
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
	if err := putSubscribers(s, []news.Subscriber{two, one, other, one}, nil); err != nil {
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
	if err := putSubscribers(s, []news.Subscriber{two}, []news.Subscriber{one, {Topic: "no", Callback: "such"}}); err != nil {
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

// putSubscriptions stores subscriptions, and forgets those with the tokens in drop.
func putSubscriptions(s *Store, put []news.Subscription, drop []string) error {
	tokens, by := drop, map[string]*news.Subscription{}
	for _, sub := range put {
		tokens, by[sub.Token] = append(tokens, sub.Token), &sub
	}
	return s.ChangeSubscriptions(tokens, func(token string, _ *news.Subscription) *news.Subscription { return by[token] })
}

// putSubscribers stores subscribers, and forgets those in drop.
func putSubscribers(s *Store, put, drop []news.Subscriber) error {
	isPut := map[string]bool{}
	for _, sub := range put {
		isPut[string(hubKey(sub))] = true
	}
	return s.ChangeSubscribers(append(drop, put...), func(of news.Subscriber, _ *news.Subscriber) *news.Subscriber {
		if isPut[string(hubKey(of))] {
			return &of
		}
		return nil
	})
}
