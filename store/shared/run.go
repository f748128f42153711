package shared

import (
	"context"
	"errors"
	"sync"
	"time"

	"dateline/store"
)

// greetEvery is how often a node says that it is there.
const greetEvery = 5 * time.Second

// Run keeps a store up to date with the log, renews leases, says that the node is there, and drops what the log no longer has to keep,
// until ctx ends; then it gives back what it has. reach is called with the error whenever PostgreSQL cannot be reached, and with nil when
// it can again. Run returns an error where the store can follow no more: its file has another history than the log, or is damaged.
func (p *Peer) Run(ctx context.Context, st *store.Store, reach func(error)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var all sync.WaitGroup
	all.Go(func() {
		p.c.Follow(ctx, func() {
			if err := st.CatchUp(); isFatal(err) {
				cancel(err)
			}
		}, reach)
	})
	all.Go(func() { every(ctx, greetEvery, func() { _ = p.greet(ctx, st) }) }) // it is tried again
	all.Go(func() { every(ctx, p.term/4, func() { _ = p.renew(ctx) }) })
	all.Go(func() {
		p.c.Perform(ctx, "log", func(ctx context.Context) {
			go every(ctx, time.Hour, func() { _, _ = p.c.DropPartitions(ctx, time.Now()) })
			every(ctx, eraseEvery, func() { _, _ = p.c.EraseTexts(ctx) })
		})
	})
	all.Wait()
	why := context.Cause(ctx)
	leaving, end := within(connectLimit)
	defer end()
	_ = p.c.Leave(leaving) // else others wait until its leases end
	if errors.Is(why, context.Canceled) {
		return nil
	}
	return why
}

// isFatal reports whether a store can follow the log no more.
func isFatal(err error) bool {
	if err == nil || errors.Is(err, store.ErrClosed) {
		return false
	}
	for _, fatal := range []error{ErrNewer, ErrCorrupt, ErrStale, ErrAhead, store.ErrNewer, store.ErrCorrupt, store.ErrReplaced} {
		if errors.Is(err, fatal) {
			return true
		}
	}
	var diverged *store.DivergedError
	return errors.As(err, &diverged) // else it may pass, as a full disk does
}

// every calls do at once, and then so often until ctx ends.
func every(ctx context.Context, d time.Duration, do func()) {
	for ctx.Err() == nil {
		do()
		sleep(ctx, d)
	}
}

func (p *Peer) greet(ctx context.Context, st *store.Store) error {
	var seq uint64
	err := st.View(func(v store.View) error {
		seq = v.Seq()
		return nil
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, queryLimit)
	defer cancel()
	return p.c.Greet(ctx, seq)
}

// renew renews the leases of sources that are visited. One that has ended stays as it is: what is recorded under it is refused.
func (p *Peer) renew(ctx context.Context) error {
	p.mu.Lock()
	var all []Lease
	for _, l := range p.leases {
		all = append(all, l.Lease)
	}
	p.mu.Unlock()
	if len(all) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, queryLimit)
	defer cancel()
	kept, err := p.c.Renew(ctx, p.term, all...)
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, k := range kept {
		if l := p.leases[k.Host]; l != nil && l.Epoch == k.Epoch {
			l.Lease = k
		}
	}
	return err
}
