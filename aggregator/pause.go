package aggregator

import (
	"context"
	"time"

	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
	"dateline/aggregator/schedule"
)

// recallPauses sets in the client's Hosts the pauses that hosts asked for before this process began. A pause holds although the source
// that met it is no longer configured, but not for the host where the operator says that it is about the feed alone (retry_scope).
// The caller holds the lock, or is New.
func (a *Aggregator) recallPauses() error {
	states, err := a.states()
	if err != nil {
		return err
	}
	now := time.Now()
	for id, st := range states {
		if src, listed := a.source(id); listed && src.RetryFeed || st.Pause.Host == "" {
			continue
		}
		if until := a.setup.Pace.Bounded(st.Pause.Until, st); until.After(now) {
			a.setup.Client.Hosts.Pause(st.Pause.Host, until)
		}
	}
	return nil
}

// Waiting returns the pause that src waits for: one that its own last answer asked for, or another of its host. The zero Pause: none.
func (a *Aggregator) Waiting(src news.Source, st news.State) news.Pause {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.waiting(src, st)
}

// waiting is Waiting. The caller holds the lock.
func (a *Aggregator) waiting(src news.Source, st news.State) news.Pause {
	host := hostOf(schedule.Address(src, st))
	p := news.Pause{Host: host, Until: a.setup.Client.Hosts.Paused(host)}
	if own := a.setup.Pace.Requested(src, st); own.Until.After(time.Now()) && !own.Until.Before(p.Until) {
		p = own
	}
	if p.Until.IsZero() {
		return news.Pause{}
	}
	return p
}

// Turn waits for the turn at the host of an address, as a visit does, for a request that is no visit. It returns a
// [*fetch.PausedError] while the host asks for a pause.
func (a *Aggregator) Turn(ctx context.Context, address string) (release func(), err error) {
	host, err := fetch.Host(address)
	if err != nil {
		return nil, err
	}
	a.mu.Lock()
	hosts := a.setup.Client.Hosts
	a.mu.Unlock()
	return hosts.Acquire(ctx, host)
}

// hostOf returns the host of an address as fetch names it; "" where it is no address.
func hostOf(address string) string {
	host, err := fetch.Host(address)
	if err != nil {
		return ""
	}
	return host
}
