package fetch

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"sync"
	"time"
)

// Hosts hands out turns: one request per host and port at a time, first come first served, and a gap
// between the end of one and the start of the next.
type Hosts struct {
	mu    sync.Mutex // guards what follows
	gap   time.Duration
	free  func(host string) bool // needs no gap
	turns map[string]*turn
}

// turn is the right to make requests to one host and port.
type turn struct {
	taken chan struct{} // holds one value while taken
	users int           // that hold it or wait for it; guarded by Hosts.mu
	next  time.Time     // not before; written by the holder, under Hosts.mu
}

// sweepAt is how many hosts are remembered before those that nobody needs are forgotten.
const sweepAt = 1024

func newHosts(gap time.Duration, free func(host string) bool) *Hosts {
	return &Hosts{gap: gap, free: free, turns: map[string]*turn{}}
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

// Acquire waits for the turn at host, as [Host] names it, and for the gap after the turn before. The
// release it returns gives the turn back; calling it again does nothing. An error wraps that of ctx.
func (h *Hosts) Acquire(ctx context.Context, host string) (release func(), err error) {
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
	name, _, _ := net.SplitHostPort(host)
	return sync.OnceFunc(func() {
		h.mu.Lock()
		gap := h.gap
		if h.free(name) {
			gap = 0
		}
		t.next = time.Now().Add(gap)
		h.mu.Unlock()
		<-t.taken
		h.release(t)
	}), nil
}

func (h *Hosts) retain(host string) *turn {
	h.mu.Lock()
	defer h.mu.Unlock()
	t := h.turns[host]
	if t == nil {
		t = &turn{taken: make(chan struct{}, 1)}
		h.turns[host] = t
	}
	t.users++
	return t
}

// release ends one use of t. Once many hosts are remembered it forgets those that nobody uses and whose
// gap is over, so that redirects to ever new hosts fill no memory.
func (h *Hosts) release(t *turn) {
	h.mu.Lock()
	defer h.mu.Unlock()
	t.users--
	if len(h.turns) < sweepAt {
		return
	}
	now := time.Now()
	for host, t := range h.turns {
		if t.users == 0 && !now.Before(t.next) {
			delete(h.turns, host)
		}
	}
}
