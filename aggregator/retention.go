package aggregator

import (
	"context"
	"fmt"
	"slices"
	"time"

	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
	"dateline/store"
)

const (
	pruneEvery  = time.Hour   // how often the daemon looks for what is past retention
	pruneBudget = time.Second // how long it takes at a stretch
	prunePause  = time.Minute // between two stretches
)

// pruneLoop removes in small steps what is past retention, until ctx ends.
func (a *Aggregator) pruneLoop(ctx context.Context) {
	timer := time.NewTimer(prunePause)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		}
		if a.prune() {
			timer.Reset(prunePause)
		} else {
			timer.Reset(pruneEvery)
		}
	}
}

// prune does one stretch, and reports whether there is more to do. What goes wrong is logged: the next
// visit meets the same store and says so where it is seen.
func (a *Aggregator) prune() (more bool) {
	a.mu.Lock()
	retention := a.setup.Retention
	retention.Fingerprints = dedup.Keep(a.setup.Thresholds)
	a.mu.Unlock()
	if retention.Text <= 0 {
		return false
	}
	done, err := a.store.Prune(now(), retention, dedup.IdentityKeys, pruneBudget)
	if err != nil {
		a.log.Error("upkeep failed", "err", err)
	}
	if done.Texts+done.Keys+done.Records+done.Fingerprints > 0 {
		a.log.Info("upkeep", "items", done.Texts, "keys", done.Keys, "records", done.Records, "prints", done.Fingerprints)
	}
	return done.More
}

// ConfiguredError says that a source cannot be purged: it is in the config, or a visit of it has not ended yet.
type ConfiguredError struct{ Source string }

func (e *ConfiguredError) Error() string {
	return fmt.Sprintf("source %s is configured still", e.Source)
}

// Purge removes the items, keys and state of a source that is no longer configured, see [store.Store.Purge]. It returns a
// [*ConfiguredError] or an [*UnknownSourceError] before anything is done.
func (a *Aggregator) Purge(source string) (store.Purged, error) {
	a.mu.Lock()
	_, configured := a.source(source)
	configured = configured || a.runs[source] != nil
	a.mu.Unlock()
	if configured {
		return store.Purged{}, &ConfiguredError{Source: source}
	}
	err := a.store.View(func(s store.View) error {
		all, err := KnownSources(s, nil)
		if err == nil && !slices.ContainsFunc(all, func(o news.Source) bool { return o.ID == source }) {
			err = &UnknownSourceError{IDs: []string{source}}
		}
		return err
	})
	if err != nil {
		return store.Purged{}, err
	}
	return a.store.Purge(now(), source, dedup.IdentityKeys)
}
