package aggregator

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"dateline/aggregator/fetch"
	"dateline/aggregator/news"
)

// HeldError says that a host asked for a pause (429 with Retry-After) and was not asked again before its end.
type HeldError struct {
	Host  string // as [fetch.Host] names it
	Until time.Time
}

func (e *HeldError) Error() string {
	return fmt.Sprintf("%s wants no request before %s", e.Host, e.Until.UTC().Format(time.RFC3339))
}

// holds returns, by host, until when a source there was told that it asks too often: that goes for all of
// them, and does not end because the source was taken off the list. Not so where the operator says that it is
// about the feed alone.
func holds(sources []news.Source, states map[string]news.State) map[string]time.Time {
	out := map[string]time.Time{}
	for id, st := range states {
		alone := slices.ContainsFunc(sources, func(s news.Source) bool { return s.ID == id && s.RetryFeed })
		if st.Status == http.StatusTooManyRequests && !st.RetryAt.IsZero() && !alone {
			host := hostOf(cmp.Or(st.Learned, st.URL))
			out[host] = news.Latest(out[host], st.RetryAt)
		}
	}
	return out
}

// hold takes note of the pauses that hosts asked for before this process began. The caller holds the lock.
func (a *Aggregator) hold(states map[string]news.State) {
	for host, until := range holds(a.setup.Sources, states) {
		a.holds[host] = news.Latest(a.holds[host], until)
	}
}

// holdAll is hold with what the store has, for whoever asks without a visit.
func (a *Aggregator) holdAll() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	states, err := a.states()
	if err == nil {
		a.hold(states)
	}
	return err
}

// hear takes note of a host that asks for a pause, before the next source has its turn there.
func (a *Aggregator) hear(src news.Source, host string, err error) {
	var status *fetch.StatusError
	if src.RetryFeed || !errors.As(err, &status) || status.Status != http.StatusTooManyRequests {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.holds[host] = news.Latest(a.holds[host], status.RetryAfter)
}

func (a *Aggregator) heldUntil(host string) time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.holds[host]
}

// hostOf returns the name under which an address's host takes turns; "" for what is no address.
func hostOf(address string) string {
	host, err := fetch.Host(address)
	if err != nil {
		return ""
	}
	return host
}
