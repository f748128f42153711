package hub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dateline/aggregator/news"
)

// broken is a store that fails.
type broken struct{}

var errBroken = errors.New("store broken")

func (broken) Subscribers() ([]news.Subscriber, error)     { return nil, errBroken }
func (broken) PutSubscribers(_, _ []news.Subscriber) error { return errBroken }

// flaky is a store in memory that can be made to fail.
type flaky struct {
	mu     sync.Mutex
	broken bool
	known  map[string]news.Subscriber // by callback
	writes int
}

func (f *flaky) Subscribers() ([]news.Subscriber, error) { return nil, nil }

func (f *flaky) PutSubscribers(put, drop []news.Subscriber) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.writes++; f.broken {
		return errBroken
	}
	for _, sub := range put {
		f.known[sub.Callback] = sub
	}
	for _, sub := range drop {
		delete(f.known, sub.Callback)
	}
	return nil
}

func (f *flaky) setBroken(broken bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.broken = broken
}

// since returns how often it was written to since the last time, and how many subscribers it knows.
func (f *flaky) since() (writes, known int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	writes, f.writes = f.writes, 0
	return writes, len(f.known)
}

// TestStore has a store that does not write for a while, and many changes at a time.
func TestStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		f := &flaky{known: map[string]news.Subscriber{}, broken: true}
		var err error
		if r.hub, err = New(f, r.desk, r.setup, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			r.hub.Run(ctx)
		}()
		r.subscribe()
		after(time.Minute)
		if writes, known := f.since(); writes < 10 || writes > 100 || known != 0 {
			t.Errorf("written to %d times in a minute, %d known", writes, known)
		}
		f.setBroken(false)
		after(2 * time.Second)
		if _, known := f.since(); known != 1 {
			t.Errorf("%d known", known)
		}
		r.reader.be(manners{late: 10 * time.Millisecond})
		for i := range 50 {
			r.request("subscribe", fmt.Sprint(callback, i))
		}
		after(2 * time.Second)
		if writes, known := f.since(); writes > 3 || known != 51 {
			t.Errorf("written to %d times, %d known", writes, known)
		}
		cancel()
		<-done
	})
}

func TestStoreBroken(t *testing.T) {
	if _, err := New(broken{}, nil, Setup{}, nil); !errors.Is(err, errBroken) {
		t.Errorf("error %v", err)
	}
}
