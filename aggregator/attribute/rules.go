package attribute

import "dateline/aggregator/news"

// Registry holds the agencies, the places and the rules. It is read-only once made and may be used by any number of
// goroutines.
type Registry struct {
	*directory
	places  *gazetteer
	heads   heads
	without string
}

// New returns the built-in registry, extended and overridden by extra.
func New(extra []news.Agency) (*Registry, error) {
	d, err := newDirectory(extra)
	if err != nil {
		return nil, err
	}
	r := &Registry{directory: d, places: gazette(places)}
	r.heads = newHeads(d)
	return r, nil
}

func (r *Registry) on(rule string) bool { return r.without != rule }
