package subscriber

import (
	"hash/fnv"
	"strconv"
	"time"

	"dateline/aggregator/websub"
)

// The bounds of a lease, regardless of what a hub says: no renewal storm, and no subscription for ever.
const (
	minLease = 5 * time.Minute
	maxLease = 30 * 24 * time.Hour
)

// askedLease is the lease that hubs are asked for: ten days, as section 8.2 advises.
const askedLease = 10 * 24 * time.Hour

// leaseOf reads hub.lease_seconds. Where a hub gives none, or one that cannot be read, it is taken to
// have agreed with what was asked.
func leaseOf(seconds string, asked time.Duration) time.Duration {
	n, err := strconv.ParseUint(seconds, 10, 64)
	switch {
	case err == nil && n > uint64(maxLease/time.Second):
		asked = maxLease
	case err == nil && n > 0:
		asked = time.Duration(n) * time.Second
	}
	return min(max(asked, minLease), maxLease)
}

// renewal returns how long after its verification a subscription is renewed: when half of the lease is over, or
// up to a tenth of that half before, by its token, so that what was subscribed together is not renewed together.
func renewal(token string, lease time.Duration) time.Duration {
	return lease/2 - share(token, lease/20)
}

// waits are those after requests in a row that led to nothing.
var waits = websub.BackOff{First: 10 * time.Minute, Longest: 24 * time.Hour}

const deniedWait = 30 * 24 * time.Hour // after a denial

// backOff returns the wait after so many requests in a row that led to nothing, the last one included: up to a tenth longer by
// token.
func backOff(token string, failures int) time.Duration {
	wait := waits.Wait(failures)
	return wait + share(token, wait/10)
}

// share returns a part of room, always the same for a token.
func share(token string, span time.Duration) time.Duration {
	if span <= 0 {
		return 0
	}
	h := fnv.New64a()
	h.Write([]byte(token))
	return time.Duration(h.Sum64() % uint64(span))
}
