package aggregator

import (
	"sync"
	"time"
)

// In an outage of everything, lines about every source say no more than a count: status and metrics have them all.
const (
	outageLines = 20          // failed visits that are logged one by one
	outageSpan  = time.Hour   // in so long a time
	outageWait  = time.Minute // before the others are counted for the first time
)

// outage decides which failed visits are logged. The zero outage has seen none.
type outage struct {
	mu      sync.Mutex
	since   time.Time
	logged  int
	more    int         // not logged, and not counted in the log yet
	pending *time.Timer // counts them; nil: none is set
	counted bool        // in this span of time
}

// admit reports whether a visit that failed at a time is logged by itself. If not, count is called later with how many were not.
func (o *outage) admit(at time.Time, count func(n int)) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if at.Sub(o.since) >= outageSpan {
		o.since, o.logged, o.counted = at, 0, false
	}
	if o.logged < outageLines {
		o.logged++
		return true
	}
	o.more++
	if o.pending == nil {
		wait := outageWait
		if o.counted {
			wait = max(wait, time.Until(o.since.Add(outageSpan)))
		}
		o.counted = true
		o.pending = time.AfterFunc(wait, func() { o.flush(count) })
	}
	return false
}

// flush counts the failed visits that were not logged, if there are any.
func (o *outage) flush(count func(n int)) {
	o.mu.Lock()
	n := o.more
	o.more = 0
	if o.pending != nil {
		o.pending.Stop()
		o.pending = nil
	}
	o.mu.Unlock()
	if n > 0 {
		count(n)
	}
}

// logMoreFailed logs how many visits failed besides those that were logged.
func (a *Aggregator) logMoreFailed(n int) {
	a.log.Warn("more visits failed", "visits", n)
}
