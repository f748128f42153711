package aggregator

import (
	"container/heap"
	"context"
	"errors"
	"sync"
	"time"

	"dateline/aggregator/dedup"
	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/store"
)

const (
	grace  = 7 * time.Second // for visits under way, once Run was asked to end
	finish = 2 * time.Second // for those called off after that to be recorded
)

// Run visits every source when it is due, until ctx ends. Then it starts no more visits, lets those under way
// end within seven seconds (or calls them off), and returns when all are recorded; those that do not end two seconds
// later are logged and left behind. It returns an error if the due times cannot be read, or the store was replaced
// under it.
func (a *Aggregator) Run(ctx context.Context) error {
	visits, callOff := context.WithCancel(context.WithoutCancel(ctx))
	defer callOff()
	if err := a.load(); err != nil {
		return err
	}
	var under sync.WaitGroup
	under.Go(func() { a.pruneLoop(ctx) })
	err := a.dispatch(ctx, visits, &under)
	ended := make(chan struct{})
	go func() {
		under.Wait()
		close(ended)
	}()
	if !endsWithin(ended, grace) {
		callOff()
		if !endsWithin(ended, finish) {
			a.log.Error("visits do not end", "sources", a.visiting())
		}
	}
	return err
}

// endsWithin reports whether ended is closed within limit.
func endsWithin(ended <-chan struct{}, limit time.Duration) bool {
	timer := time.NewTimer(limit)
	defer timer.Stop()
	select {
	case <-ended:
		return true
	case <-timer.C:
		return false
	}
}

// visiting returns the ids of the sources that are being visited.
func (a *Aggregator) visiting() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return sortedKeys(a.runs)
}

// dispatch starts the visits that are due. It alone reads the timer; whoever changes the due queue wakes it.
func (a *Aggregator) dispatch(ctx, visits context.Context, under *sync.WaitGroup) error {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case err := <-a.broken:
			return err
		case <-timer.C:
		case <-a.woken:
		case <-a.pings:
		}
		for _, f := range a.startDue(time.Now()) {
			under.Go(func() { a.visitDue(visits, f) })
		}
		timer.Reset(a.untilNext(time.Now()))
	}
}

// Ping waits until the dispatcher has come round to hear it. It returns the error of ctx where that ends before: the
// dispatcher is stuck, or does not run.
func (a *Aggregator) Ping(ctx context.Context) error {
	select {
	case a.pings <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

const (
	pruneEvery  = time.Hour   // how often the daemon looks for what is past retention
	pruneBudget = time.Second // how long it takes at a stretch
	prunePause  = time.Minute // between two stretches
)

// pruneLoop removes what is past retention, a little at a time, until ctx ends.
func (a *Aggregator) pruneLoop(ctx context.Context) {
	timer := time.NewTimer(prunePause)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		if a.prune() {
			timer.Reset(prunePause)
		} else {
			timer.Reset(pruneEvery)
		}
	}
}

// prune does one stretch, and reports whether there is more to do. What goes wrong is logged: the next
// visit meets the same store and says so where it is seen.
func (a *Aggregator) prune() (more bool) {
	a.mu.Lock()
	retention := a.setup.Retention
	retention.Fingerprints = dedup.Keep(a.setup.Thresholds)
	a.mu.Unlock()
	if retention.Text <= 0 {
		return false
	}
	done, err := a.store.Prune(now(), retention, dedup.IdentityKeys, pruneBudget)
	if err != nil {
		a.log.Error("upkeep failed", "err", err)
	}
	if done.Texts+done.Keys+done.Records+done.Fingerprints > 0 {
		a.log.Info("upkeep", "items", done.Texts, "keys", done.Keys, "records", done.Records, "prints", done.Fingerprints)
	}
	return done.More
}

// visitDue visits a source whose time has come; how it went is recorded and logged by once. Only a store
// that is lost ends the daemon: it must not go on and on against a file that is not there.
func (a *Aggregator) visitDue(ctx context.Context, f *run) {
	v := a.wait(ctx, f, func() { a.abandon(f) })
	if errors.Is(v.Err, store.ErrReplaced) {
		select {
		case a.broken <- v.Err:
		default:
		}
	}
}

// dueQueue is when each source is to be visited: a heap, in which entries that were overtaken stay until they
// come up.
type dueQueue struct {
	heap dueHeap
	at   map[string]time.Time // by source id: the entry that counts
}

type dueEntry struct {
	at time.Time
	id string
}

type dueHeap []dueEntry

func (q dueHeap) Len() int           { return len(q) }
func (q dueHeap) Less(i, j int) bool { return q[i].at.Before(q[j].at) }
func (q dueHeap) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *dueHeap) Push(x any)        { *q = append(*q, x.(dueEntry)) }
func (q *dueHeap) Pop() any {
	last := (*q)[len(*q)-1]
	*q = (*q)[:len(*q)-1]
	return last
}

func (g *dueQueue) set(id string, at time.Time) {
	g.at[id] = at
	heap.Push(&g.heap, dueEntry{at, id})
}

func (g *dueQueue) drop(id string) { delete(g.at, id) }

// next returns the earliest appointment that counts.
func (g *dueQueue) next() (dueEntry, bool) {
	for len(g.heap) > 0 {
		first := g.heap[0]
		if at, ok := g.at[first.id]; ok && at.Equal(first.at) {
			return first, true
		}
		heap.Pop(&g.heap)
	}
	return dueEntry{}, false
}

// load makes the due queue from what the store remembers.
func (a *Aggregator) load() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	states, err := a.states()
	if err != nil {
		return err
	}
	a.dueQueue = &dueQueue{at: map[string]time.Time{}}
	for _, src := range a.setup.Sources {
		a.schedule(src, states[src.ID], time.Time{})
	}
	return nil
}

// schedule enters a source into the due queue, not before a time. The caller holds the lock.
func (a *Aggregator) schedule(src news.Source, st news.State, notBefore time.Time) {
	at, never := a.setup.Pace.dueAt(src, st, time.Now())
	if !src.Enabled || never {
		a.dueQueue.drop(src.ID)
		return
	}
	a.dueQueue.set(src.ID, news.Latest(at, notBefore))
}

// startDue removes from the due queue what is due at t, and begins its visits.
func (a *Aggregator) startDue(t time.Time) []*run {
	a.mu.Lock()
	defer a.mu.Unlock()
	var begun []*run
	for _, src := range a.popDue(t) {
		begun = append(begun, a.start(src, false))
	}
	return begun
}

// popDue removes from the due queue what is due at t and returns what of it may be asked. A source whose host asked
// for a pause gets a new appointment instead, and one that is being visited when the visit ends. The caller holds the lock.
func (a *Aggregator) popDue(t time.Time) []news.Source {
	var due []news.Source
	for {
		first, ok := a.dueQueue.next()
		if !ok || first.at.After(t) {
			return due
		}
		heap.Pop(&a.dueQueue.heap)
		a.dueQueue.drop(first.id)
		src, ok := a.source(first.id)
		if !ok || a.runs[src.ID] != nil {
			continue
		}
		if until := a.setup.Client.Hosts.Paused(hostOf(src.URL)); !until.IsZero() {
			a.dueQueue.set(src.ID, until)
			continue
		}
		due = append(due, src)
	}
}

// untilNext returns how long there is nothing to do.
func (a *Aggregator) untilNext(t time.Time) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	first, ok := a.dueQueue.next()
	if !ok {
		return time.Hour
	}
	return max(first.at.Sub(t), 0)
}

// visited makes the source's next appointment after a visit, by whomever it was asked for. A visit that was
// not recorded leaves the source as it was, but is not tried again at once.
func (a *Aggregator) visited(v *visit) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.runs, v.src.ID)
	current, ok := a.source(v.src.ID)
	if a.dueQueue == nil || !ok {
		return
	}
	var paused *fetch.PausedError
	switch {
	case v.committed:
		a.schedule(current, v.after, time.Time{})
	case v.answer.sent:
		a.schedule(current, v.known.state, time.Now().Add(a.setup.Pace.every(current)))
	case errors.As(v.err, &paused):
		a.schedule(current, v.known.state, paused.Until)
	default:
		a.schedule(current, v.known.state, time.Now().Add(a.setup.Pace.floor()))
	}
	a.wake()
}

func (a *Aggregator) wake() { signal(a.woken) }

// signal has whoever receives from c look; one that has not looked yet is told once.
func signal(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
