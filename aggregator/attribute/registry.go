// Package attribute finds out who really made an item.
package attribute

import "dateline/aggregator/news"

// Registry maps the spellings of agencies in every language to one key.
type Registry struct{ agencies map[string]news.Agency }

// New returns the built-in registry, extended and overridden by extra.
func New(extra []news.Agency) (*Registry, error) {
	r := &Registry{agencies: map[string]news.Agency{}}
	for _, a := range extra {
		r.agencies[a.Key] = a
	}
	return r, nil
}

// Agency returns the agency of a key.
func (r *Registry) Agency(key string) (news.Agency, bool) { a, ok := r.agencies[key]; return a, ok }

// Lookup returns the key of the agency spelled name.
func (r *Registry) Lookup(name string) (key string, ok bool) { return "", false }

// Host returns the key of the agency whose pages stand on host.
func (r *Registry) Host(host string) (key string, ok bool) { return "", false }
