package hub

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"time"

	"golang.org/x/net/publicsuffix"
)

const (
	maxMembers  = 10_000 // subscriptions
	maxOfHost   = 1_000  // whose callbacks are at one site, or at one address
	maxQueries  = 100    // searches that are topics: each is made again when something changes
	maxRequests = 1_000  // that wait to be verified

	maxRate       = 600 // requests taken in a minute
	maxHostRate   = 60  // for callbacks at one site, or at one address, which did not ask to be asked
	maxClientRate = 200 // from one client
)

// admit takes a request in to be verified, unless a bound is reached. It takes the place of an older one for the same
// topic and callback.
func (h *Hub) admit(req *request, client string, now time.Time) *RequestError {
	h.mu.Lock()
	defer h.mu.Unlock()
	if wait := h.rate.allow(site(req.host), client, now); wait > 0 {
		return &RequestError{Status: http.StatusTooManyRequests, Reason: "too many requests", Retry: wait}
	}
	if len(h.requests) >= maxRequests && h.requests[req.key] == nil {
		return &RequestError{Status: http.StatusServiceUnavailable, Reason: "too many requests wait to be verified", Retry: time.Minute}
	}
	if err := h.checkLimits(req); err != nil {
		return err
	}
	h.requests[req.key] = req
	h.loop.Wake()
	return nil
}

// checkLimits returns an error where a new subscription would be one too many, those that are still to be verified counted in.
func (h *Hub) checkLimits(req *request) *RequestError {
	if !req.subscribe || h.members[req.key] != nil {
		return nil
	}
	all, ofHost, at, queries := 0, 0, site(req.host), map[string]bool{}
	count := func(k key, host string) {
		all++
		if site(host) == at {
			ofHost++
		}
		if isQuery(k.topic) {
			queries[k.topic] = true
		}
	}
	for k, m := range h.members {
		count(k, m.host)
	}
	for k, r := range h.requests {
		if r.subscribe && k != req.key && h.members[k] == nil {
			count(k, r.host)
		}
	}
	full := &RequestError{Status: http.StatusServiceUnavailable, Retry: time.Hour}
	switch {
	case all >= maxMembers:
		full.Reason = fmt.Sprintf("this hub has its %d subscriptions", maxMembers)
	case ofHost >= maxOfHost:
		full.Reason = fmt.Sprintf("%s has its %d subscriptions", at, maxOfHost)
	case isQuery(req.topic) && !queries[req.topic] && len(queries) >= maxQueries:
		full.Reason = fmt.Sprintf("%d searches are subscribed to, and no more can be", maxQueries)
	default:
		return nil
	}
	return full
}

// site returns what a host is bounded by: the name that can be registered, else the address, of IPv6 the network of 64 bits. Names below
// it and ports cost their owner nothing.
func site(host string) string {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	if ip, err := netip.ParseAddr(name); err == nil {
		return network(ip)
	}
	if owned, err := publicsuffix.EffectiveTLDPlusOne(name); err == nil {
		return owned
	}
	return name
}

// network returns what an address is bounded by: itself, of IPv6 the network of 64 bits.
func network(ip netip.Addr) string {
	if ip = ip.Unmap(); ip.Is6() {
		return netip.PrefixFrom(ip.WithZone(""), 64).Masked().String()
	}
	return ip.String()
}

// errBusy says that another request is under way to the address of a callback.
var errBusy = errors.New("another request to its address is under way")

// connecting returns a context for one request to a callback, in which a connection is made only to an address to which no other request
// is under way, else the error is errBusy, and where allow agrees; and a function to be called when the request has ended. Names cost
// their owner little, and may lead to a third party's address. note is called with each address before. Both are called with the lock.
func (h *Hub) connecting(ctx context.Context, setup Setup, note func(at string), allow func(at string) error) (context.Context, func()) {
	if setup.WithDial == nil {
		return ctx, func() {}
	}
	var ours []string
	ctx = setup.WithDial(ctx, func(ip netip.Addr) error {
		at := network(ip)
		h.mu.Lock()
		defer h.mu.Unlock()
		note(at)
		if slices.Contains(ours, at) {
			return nil
		}
		if h.busyAt[at] {
			return errBusy
		}
		if err := allow(at); err != nil {
			return err
		}
		h.busyAt[at] = true
		ours = append(ours, at)
		return nil
	})
	return ctx, func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		for _, at := range ours {
			delete(h.busyAt, at)
		}
	}
}

// checkAddress counts a request to an address, and returns an error where it is one too many in a minute, or would lead to one
// subscription too many. The caller holds the lock.
func (h *Hub) checkAddress(req *request, at string) error {
	if !h.rate.allowAddress(at, time.Now()) {
		return fmt.Errorf("%s has its %d requests of this minute", at, maxHostRate)
	}
	if !req.subscribe || h.members[req.key] != nil {
		return nil
	}
	n := 0
	for _, m := range h.members {
		if m.at == at {
			n++
		}
	}
	if n >= maxOfHost {
		return fmt.Errorf("%s has its %d subscriptions", at, maxOfHost)
	}
	return nil
}

// isQuery reports whether a topic is a search.
func isQuery(topic string) bool { return strings.Contains(topic, "?") }

// rate counts the requests of the current minute.
type rate struct {
	minute    time.Time
	all       int
	ofHost    map[string]int
	ofClient  map[string]int
	ofAddress map[string]int // those that were connected to
}

// turn begins a new minute, if one has.
func (r *rate) turn(now time.Time) {
	if minute := now.Truncate(time.Minute); !minute.Equal(r.minute) {
		*r = rate{minute: minute, ofHost: map[string]int{}, ofClient: map[string]int{}, ofAddress: map[string]int{}}
	}
}

// allowAddress counts one more connection to an address, and reports false where there were enough.
func (r *rate) allowAddress(at string, now time.Time) bool {
	r.turn(now)
	r.ofAddress[at]++
	return r.ofAddress[at] <= maxHostRate
}

// allow counts one more request, and returns 0; or, where there were enough, how long to wait.
func (r *rate) allow(host, client string, now time.Time) time.Duration {
	r.turn(now)
	if r.all >= maxRate || r.ofHost[host] >= maxHostRate || r.ofClient[client] >= maxClientRate {
		return r.minute.Add(time.Minute).Sub(now)
	}
	r.all++
	r.ofHost[host]++
	r.ofClient[client]++
	return 0
}
