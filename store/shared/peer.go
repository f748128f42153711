package shared

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"dateline/aggregator/news"
	"dateline/store"
)

// Peer is a node of a cluster as its store, its schedule and its requests use it: the [store.Log] of the store, the leases of the sources
// that it visits and of the hosts that it asks. Its methods may be called by many goroutines.
type Peer struct {
	c    *Cluster
	term time.Duration // of a lease, unless it is renewed

	mu     sync.Mutex
	leases map[string]*held  // by host: the newest one
	visits map[string]*held  // by source that is visited
	revs   map[string]uint64 // by source: of its state as the store has it
	leased []Known           // states that came with leases, for States

	turns  atomic.Uint64 // that were asked for
	waited atomic.Int64  // nanoseconds for them

	since  Moment    // up to which States has returned what changed; of the goroutine of the store, as is looked
	looked time.Time // when it did
}

// held is a lease that this node has.
type held struct {
	Lease
	gap time.Time // no request to the host before
}

// NewPeer returns the peer of a node. timeout is how long a request to a host may take: leases are longer.
func NewPeer(c *Cluster, timeout time.Duration) *Peer {
	return &Peer{c: c, term: 2*timeout + 30*time.Second, leases: map[string]*held{}, visits: map[string]*held{}, revs: map[string]uint64{}}
}

const (
	turnLimit  = 30 * time.Second // for a turn to come
	queryLimit = 10 * time.Second
	statesGap  = 3 * time.Second // between two looks at the states: those of the sources that are leased come with the leases
)

func within(d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), d)
}

// Join is that of [store.Log].
func (p *Peer) Join(feedID string, seq uint64) (founded bool, err error) {
	ctx, cancel := within(turnLimit)
	defer cancel()
	if err = p.c.prepareTables(ctx); err == nil {
		_, founded, err = p.c.Join(ctx, feedID, seq)
	}
	if errors.Is(err, ErrAway) {
		err = fmt.Errorf("%w: %w", store.ErrLogAway, err)
	}
	return founded, err
}

// ID is that of [store.Log]: when its tables were made.
func (p *Peer) ID() (string, error) {
	ctx, cancel := within(queryLimit)
	defer cancel()
	return p.c.ID(ctx)
}

// Read is that of [store.Log].
func (p *Peer) Read(seq uint64) ([]store.Writes, error) {
	ctx, cancel := within(queryLimit)
	defer cancel()
	groups, err := p.c.Read(ctx, seq)
	return writesOf(groups), err
}

func writesOf(groups []Group) (all []store.Writes) {
	for _, g := range groups {
		all = append(all, g.Writes...)
	}
	return all
}

// Begin is that of [store.Log].
func (p *Peer) Begin(seq uint64) (store.Turn, error) {
	ctx, cancel := within(turnLimit)
	defer cancel()
	began := time.Now()
	t, err := p.c.Begin(ctx, seq)
	p.turns.Add(1)
	p.waited.Add(int64(time.Since(began)))
	if errors.Is(err, ErrBehind) {
		err = fmt.Errorf("%w: %w", store.ErrBehind, err)
	}
	if err != nil {
		return nil, err
	}
	return &peerTurn{p, t}, nil
}

// Turns returns how often this node asked for the turn, and how long it waited for it in all.
func (p *Peer) Turns() (n uint64, waited time.Duration) {
	return p.turns.Load(), time.Duration(p.waited.Load())
}

type peerTurn struct {
	p *Peer
	t *Turn
}

func (t *peerTurn) Missed() []store.Writes { return writesOf(t.t.Missed) }

func (t *peerTurn) End() { _ = t.t.End() } // PostgreSQL ends it where the connection is gone

// Append appends, and ends the leases of the sources whose states come with it.
func (t *peerTurn) Append(feedID string, all []store.Writes, states []store.SourceState) error {
	ctx, cancel := within(queryLimit)
	defer cancel()
	visits, others := t.p.sort(states)
	err := t.t.Append(ctx, Commit{FeedID: feedID, Writes: all, Visits: visits, States: others})
	if errors.Is(err, ErrLost) {
		err = fmt.Errorf("%w: %w", store.ErrTurnLost, err)
	}
	if err == nil {
		t.p.forget(visits)
		t.p.put(states)
	}
	return t.p.moved(err)
}

// put notes that states were recorded.
func (p *Peer) put(states []store.SourceState) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, st := range states {
		p.revs[st.Source]++
	}
}

// moved has the states be looked at where err says that they have changed.
func (p *Peer) moved(err error) error {
	if errors.Is(err, ErrMoved) {
		p.looked = time.Time{}
		return fmt.Errorf("%w: %w", store.ErrStatesMoved, err)
	}
	return err
}

// PutStates is that of [store.Log]. It returns [ErrFenced] where the lease of a source has ended.
func (p *Peer) PutStates(states []store.SourceState) error {
	ctx, cancel := within(queryLimit)
	defer cancel()
	visits, others := p.sort(states)
	if len(others) > 0 {
		if err := p.c.PutStates(ctx, others); err != nil {
			return p.moved(err)
		}
		p.put(statesOf(others))
	}
	if len(visits) == 0 {
		return nil
	}
	refused, err := p.c.Finish(ctx, visits...)
	if err != nil {
		return p.moved(err)
	}
	var done []Visit
	var recorded []store.SourceState
	for _, v := range visits {
		if !slices.Contains(refused, v.Source) {
			done, recorded = append(done, v), append(recorded, store.SourceState{Source: v.Source})
		}
	}
	p.put(recorded)
	if p.forget(done); len(refused) > 0 {
		return fmt.Errorf("%w: %q", ErrFenced, refused)
	}
	return nil
}

func statesOf(known []Known) (all []store.SourceState) {
	for _, k := range known {
		all = append(all, k.SourceState)
	}
	return all
}

// Format is that of [store.Log].
func (p *Peer) Format() uint64 { return p.c.common.Load() }

// States is that of [store.Log].
func (p *Peer) States() ([]store.SourceState, error) {
	p.mu.Lock()
	found := p.leased
	p.leased = nil
	p.mu.Unlock()
	if time.Since(p.looked) < statesGap {
		return p.learn(found), nil
	}
	ctx, cancel := within(turnLimit) // the first time it is all of them
	defer cancel()
	changed, now, err := p.c.States(ctx, p.since)
	if err != nil {
		return p.learn(found), err
	}
	p.since, p.looked = now, time.Now()
	return p.learn(slices.AppendSeq(found, maps.Values(changed))), nil
}

// learn returns the states of found that are no older than what the store has.
func (p *Peer) learn(found []Known) (all []store.SourceState) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, k := range found {
		if k.Rev >= p.revs[k.Source] {
			p.revs[k.Source] = k.Rev
			all = append(all, k.SourceState)
		}
	}
	return all
}

// sort parts the states of sources that are visited under a lease from the others.
func (p *Peer) sort(states []store.SourceState) (visits []Visit, others []Known) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, st := range states {
		l := p.visits[st.Source]
		if l == nil {
			others = append(others, Known{st, p.revs[st.Source]})
			continue
		}
		visits = append(visits, Visit{Source: st.Source, Lease: l.Lease, Due: st.Due, State: st.State, Rev: p.revs[st.Source],
			Gap: max(0, time.Until(l.gap))})
	}
	return visits, others
}

// forget drops the leases under which visits were recorded.
func (p *Peer) forget(visits []Visit) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, v := range visits {
		p.drop(v.Source)
	}
}

// drop drops the lease of a source, and returns it; nil: it has none. The caller has the lock.
func (p *Peer) drop(source string) *held {
	l := p.visits[source]
	delete(p.visits, source)
	if l != nil && p.leases[l.Host] == l { // else the host was leased again since
		delete(p.leases, l.Host)
	}
	return l
}

// Lease returns at most n sources that are due and that no other node visits. Each is to be given back with [Peer.Done].
func (p *Peer) Lease(n int) (sources []string, err error) {
	ctx, cancel := within(queryLimit)
	defer cancel()
	due, err := p.c.LeaseDue(ctx, n, p.term)
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, d := range due {
		l := &held{Lease: d.Lease}
		p.leases[d.Host], p.visits[d.Source] = l, l
		p.leased = append(p.leased, Known{store.SourceState{Source: d.Source, State: d.State}, d.Rev})
		sources = append(sources, d.Source)
	}
	return sources, err
}

// Done ends the lease of a source that was not visited, or whose visit was not recorded. It is due again at a moment; zero: never. Where
// its visit was recorded it does nothing.
func (p *Peer) Done(source string, due time.Time) error {
	p.mu.Lock()
	l := p.drop(source)
	p.mu.Unlock()
	if l == nil {
		return nil
	}
	ctx, cancel := within(queryLimit)
	defer cancel()
	return cmp.Or(p.c.Postpone(ctx, source, due), p.c.Release(ctx, max(0, time.Until(l.gap)), l.Lease))
}

// Perform is that of [Cluster].
func (p *Peer) Perform(ctx context.Context, duty string, do func(context.Context)) {
	p.c.Perform(ctx, duty, do)
}

// Next returns how long no source is due; false: none will be.
func (p *Peer) Next() (time.Duration, bool, error) {
	ctx, cancel := within(queryLimit)
	defer cancel()
	return p.c.Next(ctx)
}

// Ask waits for the lease of a host, for one request. release ends it, with the gap in which the host is not to be asked again. Where
// the host asked for a pause it returns, without waiting, when that ends. The error is that of ctx, or of PostgreSQL.
func (p *Peer) Ask(ctx context.Context, host string) (release func(gap time.Duration), paused time.Time, err error) {
	if release, leased, err := p.askLeased(host); leased {
		return release, time.Time{}, err
	}
	for {
		one, err := p.c.LeaseHost(ctx, host, p.term)
		var wait *WaitError
		switch {
		case err == nil:
			return func(gap time.Duration) {
				ctx, cancel := within(queryLimit)
				defer cancel()
				_ = p.c.Release(ctx, gap, one) // else it ends by itself
			}, time.Time{}, nil
		case !errors.As(err, &wait):
			return nil, time.Time{}, err
		case wait.Paused:
			return nil, time.Now().Add(wait.After), nil
		}
		if sleep(ctx, min(wait.After, lookEvery)); ctx.Err() != nil {
			return nil, time.Time{}, ctx.Err()
		}
	}
}

// askLeased is Ask for a host that was leased with a source.
func (p *Peer) askLeased(host string) (release func(gap time.Duration), leased bool, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.leases[host]
	switch {
	case l == nil:
		return nil, false, nil
	case time.Until(l.Until) < p.term/2:
		return nil, true, fmt.Errorf("%w: the lease of %s was not renewed", ErrAway, host)
	}
	return func(gap time.Duration) {
		p.mu.Lock()
		defer p.mu.Unlock()
		l.gap = time.Now().Add(gap)
	}, true, nil
}

// Pause lets no node ask a host before a moment.
func (p *Peer) Pause(host string, until time.Time) error {
	ctx, cancel := within(queryLimit)
	defer cancel()
	return p.c.Pause(ctx, host, time.Until(until))
}

// SetSources has exactly the given sources be polled; see [Cluster.SetSources].
func (p *Peer) SetSources(all []news.Poll) error {
	ctx, cancel := within(turnLimit)
	defer cancel()
	return p.c.SetSources(ctx, all)
}
