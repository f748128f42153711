package aggregator

import (
	"fmt"
	"slices"

	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
	"dateline/store"
)

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
