package store

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dateline/aggregator/news"
)

// TestEvents: events are numbered over the life of the store, the oldest are dropped, and one that was sent is kept. Writes and
// digest know nothing of them.
func TestEvents(t *testing.T) {
	t.Parallel()
	s := temp(t, Options{})
	if all, err := s.Events(); err != nil || len(all) != 0 {
		t.Fatalf("%v, %v", all, err)
	}
	_, before := model(t, s)
	seq := uint64(0)
	view(t, s, func(v View) { seq = v.Seq() })
	n := 0
	events := make([]news.Event, 3)
	for i := range events {
		populate(reflect.ValueOf(&events[i]).Elem(), &n)
		events[i].Sent = false
	}
	events[1].Message = "status 500: \xff"
	for _, e := range events {
		if err := s.AddEvents([]news.Event{e}, 2); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.PutEvents([]news.Event{{Number: 1}, {Number: 3, Message: "other", Sent: true}}); err != nil {
		t.Fatal(err)
	}
	want := []news.Event{events[1], {Number: 3, Message: "other", Sent: true}}
	want[0].Number = 2
	path := s.Path()
	s.Close()
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	all, err := s.Events()
	if d := cmp.Diff(want, all); err != nil || d != "" {
		t.Errorf("after a restart: %v\n%s", err, d)
	}
	if _, after := model(t, s); after != before {
		t.Error("they are in the digest")
	}
	view(t, s, func(v View) {
		if v.Seq() != seq {
			t.Error("they are counted among the writes")
		}
	})
	if faults := check(t, s); len(faults) > 0 {
		t.Errorf("%q", faults)
	}
}
