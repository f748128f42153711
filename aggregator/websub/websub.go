// Package websub is what our own hub and our subscriber at other hubs share (W3C WebSub, https://www.w3.org/TR/websub/):
//
//   - [Loop] does what is due, when it is due or when it is woken;
//   - [BackOff] is the wait after failures in a row;
//   - [Peer] is how the others are reached, and [AnswerError] is an answer by which one of them does not take a request. A
//     Retry-After means the same on both sides: no request before, a month at most;
//   - [Behind] is the write-behind of rows that the store does not know as they are;
//   - [Signature] and [Signed] are the two ends of a signed delivery (section 7.1).
//
// The protocol itself is in the packages hub and subscriber. Nothing here reads a clock: times are arguments.
package websub

import (
	"context"
	"fmt"
	"net/http"
	"time"
)

// RestAtMost is the longest time between two steps of a [Loop].
const RestAtMost = time.Hour

// Loop calls one function whenever something may be due. Make it with [NewLoop].
type Loop struct{ woken chan struct{} }

// NewLoop returns a loop that does not run yet.
func NewLoop() Loop { return Loop{make(chan struct{}, 1)} }

// Wake has the step called soon, also when it was called a moment ago. It never blocks, and any number of calls before the step
// are one.
func (l Loop) Wake() {
	select {
	case l.woken <- struct{}{}:
	default:
	}
}

// Run calls step at once, after each [Loop.Wake], and when the time that the last step returned is over, until ctx ends.
func (l Loop) Run(ctx context.Context, step func() (wait time.Duration)) {
	timer := time.NewTimer(0)
	defer timer.Stop()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
			continue
		case <-timer.C:
		case <-l.woken:
		}
		timer.Reset(min(step(), RestAtMost))
	}
}

// Watch calls do whenever something comes from changed, until ctx ends or changed is closed.
func Watch(ctx context.Context, changed <-chan struct{}, do func()) {
	for {
		select {
		case <-ctx.Done():
			return
		case _, open := <-changed:
			if !open {
				return
			}
			do()
		}
	}
}

// BackOff is the wait after failures in a row: First after the first one, doubled with each, Longest at most.
type BackOff struct{ First, Longest time.Duration }

// Wait returns the wait after so many failures in a row; after none it is that after one.
func (b BackOff) Wait(failures int) time.Duration {
	return min(b.First<<min(max(failures-1, 0), 12), b.Longest)
}

// Peer is how hubs and subscribers are reached.
type Peer struct {
	Client *http.Client // guarded and bounded in time
	// Host returns the name under which an address's host takes turns.
	Host func(address string) (string, error)
	// RetryAfter returns before when the sender of an answer wants nothing more; zero: it does not say.
	RetryAfter func(header http.Header, now time.Time) time.Time
}

// NoRedirects returns the peer with a client that follows no redirect.
func (p Peer) NoRedirects() Peer {
	client := *p.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	p.Client = &client
	return p
}

// HostOf returns the host of an address, empty for what is none.
func (p Peer) HostOf(address string) string {
	host, _ := p.Host(address)
	return host
}

// AnswerError is an answer by which a request is not taken.
type AnswerError struct {
	Status  int       // HTTP
	Reason  string    // what it says about it, or what is wrong with it; may be empty
	RetryAt time.Time // its sender wants no request before; zero: it did not say
}

func (e *AnswerError) Error() string {
	if e.Reason == "" {
		return fmt.Sprintf("answered with status %d", e.Status)
	}
	return fmt.Sprintf("answered with status %d: %s", e.Status, e.Reason)
}

// maxPause is the longest Retry-After that is obeyed.
const maxPause = 30 * 24 * time.Hour

// NotTaken returns the error of an answer that is no success. Where its sender wants fewer requests (429, 503) and does not say
// until when, it gets none for as long as unsaid.
func (p Peer) NotTaken(resp *http.Response, unsaid time.Duration, now time.Time) *AnswerError {
	at := p.RetryAfter(resp.Header, now)
	if at.IsZero() && (resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable) {
		at = now.Add(unsaid)
	}
	if most := now.Add(maxPause); at.After(most) {
		at = most
	}
	return &AnswerError{Status: resp.StatusCode, RetryAt: at.UTC()}
}
