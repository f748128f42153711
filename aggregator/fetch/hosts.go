package fetch

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"sync"
	"time"

	"dateline/aggregator/news"
)

// Hosts is the one place where requests wait for a host: one request per host and port at a time, first come first served, a
// gap between the end of one and the start of the next, and none before the end of a pause that the host asked for.
type Hosts struct {
	shared Leases // nil: no other process asks

	mu    sync.Mutex // guards what follows
	gap   time.Duration
	free  func(host string) bool // needs no gap
	turns map[string]*turn
}

// Leases are the turns at hosts that several processes have in common.
type Leases interface {
	// Ask waits for the turn of this process at a host, and for the gap after the turn of another. release gives it back, with the gap
	// after it. Where the host asked for a pause that is not over, Ask returns its end, without waiting. The error may be that of ctx.
	Ask(ctx context.Context, host string) (release func(gap time.Duration), paused time.Time, err error)
	// Pause lets no process ask a host before a moment.
	Pause(host string, until time.Time) error
}

// Share has the turns be those of several processes. Call it before the turns are used.
func (h *Hosts) Share(l Leases) { h.shared = l }

// turn is the right to make requests to one host and port.
type turn struct {
	taken chan struct{} // holds one value while taken
	users int           // that hold it or wait for it; guarded by Hosts.mu
	next  time.Time     // not before; written by the one that has the turn, under Hosts.mu
	pause time.Time     // no request before, because the host said so; guarded by Hosts.mu
}

// PausedError says that a host asked for a pause that is not over, and that nothing was asked of it.
type PausedError struct {
	Host  string    // as [Host] names it
	Until time.Time // when it may be asked again
}

func (e *PausedError) Error() string {
	return fmt.Sprintf("%s wants no request before %s", e.Host, e.Until.UTC().Format(time.RFC3339))
}

// sweepAt is how many hosts are remembered before those that are not needed are dropped.
const sweepAt = 1024

func newHosts(gap time.Duration, free func(host string) bool) *Hosts {
	return &Hosts{gap: gap, free: free, turns: map[string]*turn{}}
}

// Gap returns the gap between two requests to a host.
func (h *Hosts) Gap() time.Duration {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.gap
}

// Host returns the name under which a URL's host takes turns: `host:port`, lower case. It returns
// [ErrURL] for what is no http or https address.
func Host(rawURL string) (string, error) {
	u, err := parseURL(rawURL)
	if err != nil {
		return "", err
	}
	return hostKey(u)
}

func hostKey(u *url.URL) (string, error) {
	port, err := portOf(u)
	if err != nil || u.Hostname() == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return "", fmt.Errorf("%w: %s", ErrURL, shown(u))
	}
	return net.JoinHostPort(hostName(u.Hostname()), strconv.Itoa(port)), nil
}

// Pause lets no request go to host, as [Host] names it, before a moment. A pause that ends later stays.
func (h *Hosts) Pause(host string, until time.Time) {
	if h.shared != nil {
		_ = h.shared.Pause(host, until) // else this process alone obeys, until the state of a source brings it to others
	}
	h.pause(host, until)
}

func (h *Hosts) pause(host string, until time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.turn(host)
	t.pause = news.Latest(t.pause, until)
}

// Paused returns until when host wants no request; zero: it has not asked for a pause, or the pause is over.
func (h *Hosts) Paused(host string) time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	if t := h.turns[host]; t != nil && t.pause.After(time.Now()) {
		return t.pause
	}
	return time.Time{}
}

// Acquire waits for the turn at host, as [Host] names it, and for the gap after the turn before. The release it returns gives
// the turn back; calling it again does nothing. It returns a [*PausedError], without waiting for the end of the pause, where
// the host asked for one before the turn came; any other error wraps that of ctx.
func (h *Hosts) Acquire(ctx context.Context, host string) (release func(), err error) {
	return h.acquire(ctx, host, false)
}

// Force is [Hosts.Acquire] for a request that an operator wants in spite of a pause. The error is that of ctx.
func (h *Hosts) Force(ctx context.Context, host string) (release func(), err error) {
	return h.acquire(ctx, host, true)
}

func (h *Hosts) acquire(ctx context.Context, host string, force bool) (release func(), err error) {
	paused := func() error {
		if until := h.Paused(host); !force && !until.IsZero() {
			return &PausedError{Host: host, Until: until}
		}
		return nil
	}
	if err := paused(); err != nil {
		return nil, err
	}
	t := h.retain(host)
	select {
	case t.taken <- struct{}{}:
	case <-ctx.Done():
		h.release(t)
		return nil, fmt.Errorf("waiting for a turn at %s: %w", host, ctx.Err())
	}
	h.mu.Lock()
	wait := time.Until(t.next)
	h.mu.Unlock()
	if wait > 0 {
		timer := time.NewTimer(wait)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-ctx.Done():
			<-t.taken
			h.release(t)
			return nil, fmt.Errorf("waiting for the gap at %s: %w", host, ctx.Err())
		}
	}
	if err := paused(); err != nil { // it was asked for while we waited
		<-t.taken
		h.release(t)
		return nil, err
	}
	lease, err := h.lease(ctx, host, force)
	if err != nil {
		<-t.taken
		h.release(t)
		return nil, err
	}
	return h.releaser(t, host, lease), nil
}

// lease waits for the turn of this process at host.
func (h *Hosts) lease(ctx context.Context, host string, force bool) (release func(gap time.Duration), err error) {
	if h.shared == nil {
		return func(time.Duration) {}, nil
	}
	release, until, err := h.shared.Ask(ctx, host)
	switch {
	case err != nil:
		return nil, fmt.Errorf("waiting for a turn at %s: %w", host, err)
	case until.IsZero():
		return release, nil
	}
	if h.pause(host, until); force {
		return func(time.Duration) {}, nil
	}
	return nil, &PausedError{Host: host, Until: until}
}

// releaser returns what gives back the turn t at host, and the lease of it.
func (h *Hosts) releaser(t *turn, host string, lease func(gap time.Duration)) func() {
	name, _, _ := net.SplitHostPort(host)
	return sync.OnceFunc(func() {
		h.mu.Lock()
		gap := h.gap
		if h.free(name) {
			gap = 0
		}
		t.next = time.Now().Add(gap)
		h.mu.Unlock()
		lease(gap)
		<-t.taken
		h.release(t)
	})
}

func (h *Hosts) retain(host string) *turn {
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.turn(host)
	t.users++
	return t
}

// turn returns the turn at host. The caller holds the lock.
func (h *Hosts) turn(host string) *turn {
	t := h.turns[host]
	if t == nil {
		t = &turn{taken: make(chan struct{}, 1)}
		h.turns[host] = t
	}
	return t
}

// release ends one use of t. Once many hosts are remembered it drops those that are not in use and whose gap and pause are over,
// so that redirects to many hosts cannot grow the map.
func (h *Hosts) release(t *turn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	t.users--
	if len(h.turns) < sweepAt {
		return
	}
	now := time.Now()
	for host, t := range h.turns {
		if t.users == 0 && !now.Before(t.next) && !now.Before(t.pause) {
			delete(h.turns, host)
		}
	}
}
