package hub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"dateline/aggregator/internal/feedtest"
	"dateline/aggregator/news"
	"dateline/store"
)

// flaky is the real store, which fails on demand and counts what is written to it.
type flaky struct {
	*store.Store

	mu     sync.Mutex
	broken bool
	writes int
}

var errBroken = errors.New("store broken")

// newStore opens a store in a temporary folder.
func newStore(t *testing.T) *flaky {
	t.Helper()
	s, err := store.Open(filepath.Join(t.TempDir(), "wire.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return &flaky{Store: s}
}

func (f *flaky) Subscribers() ([]news.Subscriber, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.broken {
		return nil, errBroken
	}
	return f.Store.Subscribers()
}

func (f *flaky) ChangeSubscribers(all []news.Subscriber, change func(news.Subscriber, *news.Subscriber) *news.Subscriber) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.writes++; f.broken {
		return errBroken
	}
	return f.Store.ChangeSubscribers(all, change)
}

// fail makes every call fail from now on, or no longer.
func (f *flaky) fail(broken bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.broken = broken
}

// since returns how often was written since the last time, and how many subscribers are stored.
func (f *flaky) since() (writes, known int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	writes, f.writes = f.writes, 0
	all, err := f.Store.Subscribers()
	if err != nil {
		return writes, -1
	}
	return writes, len(all)
}

// TestStore has a store that does not write for a while, and many changes at a time.
func TestStore(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t)
		f := newStore(t)
		var err error
		if r.hub, err = New(f, r.documents, r.setup, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
		f.fail(true)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			r.hub.Run(ctx)
		}()
		r.subscribe()
		after(time.Minute)
		writes, known := f.since()
		if writes < 10 || writes > 20 {
			t.Errorf("written to %d times in a minute", writes)
		}
		feedtest.Same(t, "known", known, 0)
		f.fail(false)
		after(5 * time.Second)
		if _, known := f.since(); known != 1 {
			t.Errorf("%d known", known)
		}
		r.reader.Behave(feedtest.CallbackBehaviour{Delay: 10 * time.Millisecond})
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
	f := newStore(t)
	f.fail(true)
	if _, err := New(f, nil, Setup{}, nil); !errors.Is(err, errBroken) {
		t.Errorf("error %v", err)
	}
}
