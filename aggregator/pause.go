package aggregator

import (
	"time"

	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
)

// recallPauses enters into the client's Hosts the pauses that hosts asked for before this process began. A pause does not end
// because the source that was told of it was taken off the list, but it is not the host's where the operator says that it is
// about the feed alone. The caller holds the lock, or is New.
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

// Waiting returns the host that wants no request for src yet, and until when: because the source itself was told so, or
// another one of its host. The zero Pause: there is none.
func (a *Aggregator) Waiting(src news.Source, st news.State) news.Pause {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.waiting(src, st)
}

// waiting is Waiting. The caller holds the lock.
func (a *Aggregator) waiting(src news.Source, st news.State) news.Pause {
	host := hostOf(address(src, st))
	p := news.Pause{Host: host, Until: a.setup.Client.Hosts.Paused(host)}
	if own := a.setup.Pace.Requested(src, st); own.Until.After(time.Now()) && !own.Until.Before(p.Until) {
		p = own
	}
	if p.Until.IsZero() {
		return news.Pause{}
	}
	return p
}

// hostOf returns the name under which an address's host takes turns; "" for what is no address.
func hostOf(address string) string {
	host, err := fetch.Host(address)
	if err != nil {
		return ""
	}
	return host
}
