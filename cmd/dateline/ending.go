package main

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"

	"dateline/store"
)

// The end of the program is bounded, even if something hangs. From the signal on the parts of a daemon have endTime; those that
// have not ended are logged and left behind, the store is closed and the process exits. Where something else than a part
// hangs, or the store does not close, [app.forceEnd] does the same half a second later for every command.
const (
	drain     = 8 * time.Second         // for readers and callers to finish
	endTime   = 10 * time.Second        // for all parts of a daemon
	forceTime = endTime + time.Second/2 // for any command
	closeTime = time.Second             // for the store to be closed by force
)

// parts run until the program ends, each under a name.
type parts struct {
	mu      sync.Mutex
	running map[string]int
	all     sync.WaitGroup
}

// start runs do under a name.
func (p *parts) start(name string, do func()) {
	p.count(name, 1)
	p.all.Go(func() {
		defer p.count(name, -1)
		do()
	})
}

func (p *parts) count(name string, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running == nil {
		p.running = map[string]int{}
	}
	if p.running[name] += n; p.running[name] == 0 {
		delete(p.running, name)
	}
}

// wait returns when all parts have ended, or endTime after ctx has: then with the names of those that still run.
func (p *parts) wait(ctx context.Context) (hung []string) {
	ended := make(chan struct{})
	go func() {
		p.all.Wait()
		close(ended)
	}()
	select {
	case <-ended:
		return nil
	case <-ctx.Done():
	}
	timer := time.NewTimer(endTime)
	defer timer.Stop()
	select {
	case <-ended:
		return nil
	case <-timer.C:
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Sorted(maps.Keys(p.running))
}

// openStore is what a command has open.
type openStore struct {
	command string
	store   *store.Store
}

// forceEnd says that the command does not end, closes its store, if that takes no longer than closeTime, and returns the
// exit code. What was not committed by then is lost; the store stays whole, as it does when the process is killed.
func (a *app) forceEnd() exit {
	w := a.open.Load()
	if w == nil {
		fmt.Fprintf(a.stderr, "dateline: ended by force: not done %v after the signal\n", forceTime)
		return exitTempFail
	}
	fmt.Fprintf(a.stderr, "dateline: %s ended by force: not done %v after the signal\n", w.command, forceTime)
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		if err := w.store.Close(); err != nil {
			fmt.Fprintf(a.stderr, "dateline: %v\n", err)
		}
	}()
	timer := time.NewTimer(closeTime)
	defer timer.Stop()
	select {
	case <-closed:
	case <-timer.C:
		fmt.Fprintf(a.stderr, "dateline: %s was still in use\n", w.store.Path())
	}
	return exitTempFail
}
