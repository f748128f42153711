package aggregator

import (
	"context"
	"errors"
	"sync"
	"time"

	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/aggregator/schedule"
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
	defer a.outage.flush(a.logMoreFailed)
	var under sync.WaitGroup
	a.maintain(ctx, &under)
	under.Go(func() { a.pages.Run(ctx) })
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

// dispatch starts the visits that are due. Only dispatch reads the timer; call wake after a change of the due queue.
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

// Ping waits until the dispatcher answers. It returns the error of ctx where that ends before: the dispatcher is stuck, or does not
// run.
func (a *Aggregator) Ping(ctx context.Context) error {
	select {
	case a.pings <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// visitDue visits a source that is due. Only a lost store ends the daemon: it must not go on against a file that is not there.
func (a *Aggregator) visitDue(ctx context.Context, f *run) {
	v := a.wait(ctx, f, func() { a.abandon(f) })
	if errors.Is(v.Err, store.ErrReplaced) {
		select {
		case a.broken <- v.Err:
		default:
		}
	}
}

// load makes the due queue from what the store remembers.
func (a *Aggregator) load() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	states, err := a.states()
	if err != nil {
		return err
	}
	a.dueQueue = &schedule.Queue{}
	if a.frontier != nil {
		a.setPolls(states)
		return nil
	}
	for _, src := range a.setup.Sources {
		a.schedule(src, states[src.ID], time.Time{})
	}
	return nil
}

// schedule enters a source into the due queue, not before a time. The caller holds the lock.
func (a *Aggregator) schedule(src news.Source, st news.State, notBefore time.Time) {
	a.pollHosts[src.ID] = hostOf(schedule.Address(src, st))
	at, never := a.setup.Pace.DueAt(src, st, time.Now())
	if !src.Enabled || never {
		a.dueQueue.Drop(src.ID)
		return
	}
	a.dueQueue.Set(src.ID, news.Latest(at, notBefore))
}

// startDue removes from the due queue what is due at t, or leases it, and begins its visits.
func (a *Aggregator) startDue(t time.Time) []*run {
	if a.frontier != nil {
		return a.startLeased()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	var begun []*run
	for _, src := range a.popDue(t) {
		begun = append(begun, a.start(src, false, known{}))
	}
	return begun
}

// popDue removes the sources that are due at t from the due queue and returns those that may be asked. A source whose host asked
// for a pause is scheduled for its end, and one that is being visited when that visit ends. The caller holds the lock.
func (a *Aggregator) popDue(t time.Time) []news.Source {
	var due []news.Source
	for {
		id, ok := a.dueQueue.Pop(t)
		if !ok {
			return due
		}
		src, ok := a.source(id)
		if !ok || a.runs[src.ID] != nil {
			continue
		}
		if until := a.setup.Client.Hosts.Paused(hostOf(src.URL)); !until.IsZero() {
			a.dueQueue.Set(src.ID, until)
			continue
		}
		due = append(due, src)
	}
}

// Due returns when the source will be visited next, which is later than its state says while nothing can be stored. It reports false
// where [Aggregator.Run] does not run, and for a source that is visited now or never.
func (a *Aggregator) Due(source string) (time.Time, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.dueQueue == nil {
		return time.Time{}, false
	}
	return a.dueQueue.At(source)
}

// untilNext returns how long there is nothing to do.
func (a *Aggregator) untilNext(t time.Time) time.Duration {
	if a.frontier != nil {
		return a.untilLease()
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	at, ok := a.dueQueue.Next()
	if !ok {
		return time.Hour
	}
	return max(at.Sub(t), 0)
}

// nextPoll returns when a source of a host is due next, and whether one is being visited; zero: none is due.
func (a *Aggregator) nextPoll(host string) (next time.Time, polled bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for id, at := range a.pollHosts {
		if at != host {
			continue
		}
		if a.runs[id] != nil {
			return next, true
		}
		if a.dueQueue == nil {
			continue
		}
		if due, ok := a.dueQueue.At(id); ok && (next.IsZero() || due.Before(next)) {
			next = due
		}
	}
	return next, false
}

// run is a visit under way. It is called off when no caller waits for it any more.
type run struct {
	src     news.Source
	waiting int   // guarded by Aggregator.mu
	force   bool  // it is made although the host asked for a pause
	known   known // what the caller who began it had read of the source; the visit takes it over
	callOff context.CancelFunc
	done    chan struct{} // what follows is written before it is closed
	visit   news.Visit
	unsent  bool // it was called off before its request was sent
}

// start returns the visit of src that is under way, or begins one. found is what the caller has read of the source; zero: nothing. The
// caller has to wait for the visit. The caller holds the lock.
func (a *Aggregator) start(src news.Source, force bool, found known) *run {
	f := a.runs[src.ID]
	if f == nil {
		ctx, callOff := context.WithCancel(context.Background())
		f = &run{src: src, force: force, known: found, callOff: callOff, done: make(chan struct{})}
		a.runs[src.ID] = f
		go a.do(ctx, f)
	}
	f.waiting++
	return f
}

// restart starts a visit of src.
func (a *Aggregator) restart(src news.Source, force bool) *run {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.start(src, force, known{})
}

// abandon stops waiting for the visits, and calls off those that have no other caller; all at once, so that none of them takes the
// turn that another gives back.
func (a *Aggregator) abandon(runs ...*run) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, f := range runs {
		if f.waiting--; f.waiting == 0 {
			f.callOff()
		}
	}
}

func (a *Aggregator) abandoned(f *run) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return f.waiting == 0
}

// wait waits for a visit to be recorded. When ctx ends it abandons the visit, and waits on only if that called the visit off.
func (a *Aggregator) wait(ctx context.Context, f *run, abandon func()) news.Visit {
	select {
	case <-f.done:
		return f.visit
	case <-ctx.Done():
	}
	if abandon(); !a.abandoned(f) {
		return news.Visit{Source: f.src.ID, Result: news.Failed, Err: errCalledOff}
	}
	<-f.done
	return f.visit
}

func (a *Aggregator) do(ctx context.Context, f *run) {
	defer f.callOff()
	v := a.newVisit(f.src)
	v.force, v.known, f.known = f.force, f.known, known{} // of a visit that has ended the run keeps the report alone
	a.visit(ctx, v)
	f.visit = v.report()
	f.unsent = !v.answer.sent && calledOff(v.err)
	a.visited(v)
	a.polled(v)
	a.ended(v, f.visit)
	close(f.done)
}

// visited schedules the next visit after one has ended. A visit that was not recorded leaves the source as it was, but is not tried
// again at once.
func (a *Aggregator) visited(v *visit) {
	due, running := a.noteVisited(v)
	if !running {
		return
	}
	if a.frontier != nil {
		a.giveBack(v.src.ID, due)
	}
	a.wake()
}

// noteVisited ends a visit, and returns when the next one is due; zero: never. running is false where [Aggregator.Run] does not run.
func (a *Aggregator) noteVisited(v *visit) (due time.Time, running bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.runs, v.src.ID)
	current, ok := a.source(v.src.ID)
	if a.dueQueue == nil || !ok {
		return time.Time{}, a.dueQueue != nil
	}
	st, notBefore := v.known.state, time.Time{}
	var paused *fetch.PausedError
	switch {
	case v.committed:
		st = v.after
	case v.answer.sent:
		notBefore = time.Now().Add(a.setup.Pace.Every(current))
	case errors.As(v.err, &paused):
		notBefore = paused.Until
	default:
		notBefore = time.Now().Add(a.setup.Pace.Least())
	}
	if a.frontier == nil {
		a.schedule(current, st, notBefore)
	}
	return a.dueAt(current, st, notBefore), true
}

func (a *Aggregator) wake() { signal(a.woken) }
