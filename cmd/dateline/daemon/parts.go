package daemon

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"
)

// EndTime is how long the parts of a daemon have, from the end of its context on. Those that have not ended by then are logged and
// left behind, and the store is closed.
const EndTime = 10 * time.Second

const drain = 8 * time.Second // for readers and commands to finish

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

// wait returns when all parts have ended, or EndTime after ctx has: then with the names of those that still run.
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
	timer := time.NewTimer(EndTime)
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
