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

// PausedError says that a host asked for a pause (429 with Retry-After) and was not asked again before its end.
type PausedError struct {
	Host  string // as [fetch.Host] names it
	Until time.Time
}

func (e *PausedError) Error() string {
	return fmt.Sprintf("%s wants no request before %s", e.Host, e.Until.UTC().Format(time.RFC3339))
}

// pausesIn returns, by host, until when a source there was told that it asks too often: that goes for all of
// them, and does not end because the source was taken off the list. Not so where the operator says that it is
// about the feed alone.
func pausesIn(sources []news.Source, states map[string]news.State) map[string]time.Time {
	out := map[string]time.Time{}
	for id, st := range states {
		feedOnly := slices.ContainsFunc(sources, func(s news.Source) bool { return s.ID == id && s.RetryFeed })
		if st.Status == http.StatusTooManyRequests && !st.RetryAt.IsZero() && !feedOnly {
			host := hostOf(cmp.Or(st.Learned, st.URL))
			out[host] = news.Latest(out[host], st.RetryAt)
		}
	}
	return out
}

// addPauses takes note of the pauses that hosts asked for before this process began. The caller holds the lock.
func (a *Aggregator) addPauses(states map[string]news.State) {
	for host, until := range pausesIn(a.setup.Sources, states) {
		a.pauses[host] = news.Latest(a.pauses[host], until)
	}
}

// loadPauses is hold with what the store has, for whoever asks without a visit.
func (a *Aggregator) loadPauses() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	states, err := a.states()
	if err == nil {
		a.addPauses(states)
	}
	return err
}

// notePause takes note of a host that asks for a pause, before the next source has its turn there.
func (a *Aggregator) notePause(src news.Source, host string, err error) {
	var status *fetch.StatusError
	if src.RetryFeed || !errors.As(err, &status) || status.Status != http.StatusTooManyRequests {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.pauses[host] = news.Latest(a.pauses[host], status.RetryAfter)
}

func (a *Aggregator) pausedUntil(host string) time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.pauses[host]
}

// hostOf returns the name under which an address's host takes turns; "" for what is no address.
func hostOf(address string) string {
	host, err := fetch.Host(address)
	if err != nil {
		return ""
	}
	return host
}
