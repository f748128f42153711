package aggregator

import (
	"context"
	"sync"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/schedule"
)

// Frontier parts the sources among several processes: each source is visited by one of them at a time. Without one they are all this
// process's, and their due times are in a heap in memory.
type Frontier interface {
	// SetSources has exactly the given sources be polled.
	SetSources(all []news.Poll) error
	// Lease returns at most n sources that are due, for this process to visit. Each is given back by Done.
	Lease(n int) (sources []string, err error)
	// Done gives a source back. Where no visit of it was recorded it is due again at a moment; zero: never.
	Done(source string, due time.Time) error
	// Next returns how long no source is due; false: none will be.
	Next() (wait time.Duration, any bool, err error)
	// Perform calls do, until ctx ends, while this process is the one that has a duty of all. The context of do ends with that.
	Perform(ctx context.Context, duty string, do func(context.Context))
}

// Share has the sources be parted by f. Call it before the engine runs.
func (a *Aggregator) Share(f Frontier) { a.frontier = f }

const (
	mostLeased = 24                    // sources at a time: as many as the store records in one transaction
	leaseEvery = time.Second           // how often the frontier is asked at least: another process may have changed it
	leaseGap   = 50 * time.Millisecond // and at most
)

// maintain prunes and ends embargoes, until ctx ends: of several processes one does.
func (a *Aggregator) maintain(ctx context.Context, under *sync.WaitGroup) {
	do := func(ctx context.Context, under *sync.WaitGroup) {
		under.Go(func() { a.pruneLoop(ctx) })
		under.Go(func() { a.embargoLoop(ctx.Done()) })
	}
	if a.frontier == nil {
		do(ctx, under)
		return
	}
	under.Go(func() {
		a.frontier.Perform(ctx, "upkeep", func(ctx context.Context) {
			var both sync.WaitGroup
			do(ctx, &both)
			both.Wait()
		})
	})
}

// setPolls has the frontier be given the sources that are polled, by startLeased. The caller holds the lock.
func (a *Aggregator) setPolls(states map[string]news.State) {
	all := []news.Poll{}
	for _, src := range a.setup.Sources {
		st := states[src.ID]
		a.pollHosts[src.ID] = hostOf(schedule.Address(src, st))
		all = append(all, news.Poll{Source: src.ID, Host: a.pollHosts[src.ID], Due: a.dueAt(src, st, time.Time{})})
	}
	a.polls = all
	a.wake()
}

// givePolls gives the frontier the sources that are polled, if it has not got them yet.
func (a *Aggregator) givePolls() error {
	a.mu.Lock()
	all := a.polls
	a.polls = nil
	a.mu.Unlock()
	if all == nil {
		return nil
	}
	err := a.frontier.SetSources(all)
	if err != nil {
		a.mu.Lock()
		defer a.mu.Unlock()
		if a.polls == nil { // else there are newer ones
			a.polls = all
		}
	}
	return err
}

// dueAt returns when a source is visited next, not before a time; zero: never. The caller holds the lock.
func (a *Aggregator) dueAt(src news.Source, st news.State, notBefore time.Time) time.Time {
	at, never := a.setup.Pace.DueAt(src, st, time.Now())
	if !src.Enabled || never {
		return time.Time{}
	}
	if at = news.Latest(at, notBefore); at.IsZero() { // it was never visited
		return time.Now()
	}
	return at
}

// startLeased begins the visits of sources that this process leases. Where PostgreSQL is away there are none.
func (a *Aggregator) startLeased() (begun []*run) {
	if err := a.givePolls(); err != nil {
		a.log.Debug("sources not set", "err", err)
		return nil
	}
	leased, err := a.frontier.Lease(a.free())
	if err != nil {
		a.log.Debug("no sources leased", "err", err)
	}
	if len(leased) == 0 {
		return nil
	}
	err = a.store.CatchUp() // with the states that the visits before left
	var back []string
	a.mu.Lock()
	for _, id := range leased {
		if src, ok := a.source(id); err == nil && ok && src.Enabled && a.runs[id] == nil {
			begun = append(begun, a.start(src, false, known{}))
		} else {
			back = append(back, id)
		}
	}
	soon := time.Now().Add(a.setup.Pace.Least())
	a.mu.Unlock()
	for _, id := range back {
		a.giveBack(id, soon)
	}
	return begun
}

// giveBack gives a source back that was leased.
func (a *Aggregator) giveBack(source string, due time.Time) {
	if err := a.frontier.Done(source, due); err != nil { // its lease ends by itself
		a.log.Debug("source not given back", "source", source, "err", err)
	}
}

// free returns how many visits more may begin.
func (a *Aggregator) free() int {
	a.mu.Lock()
	defer a.mu.Unlock()
	return min(mostLeased, a.setup.Concurrency-len(a.runs))
}

// untilLease returns how long the frontier need not be asked.
func (a *Aggregator) untilLease() time.Duration {
	if a.free() <= 0 {
		return leaseEvery
	}
	wait, any, err := a.frontier.Next()
	if err != nil || !any {
		return leaseEvery
	}
	return min(max(wait, leaseGap), leaseEvery)
}
