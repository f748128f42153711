package attribute

import (
	"dateline/aggregator/attribute/agency"
	"dateline/aggregator/news"
)

// Registry holds the agencies, the places and the rules. It is read-only once made and may be used by any number of
// goroutines.
type Registry struct {
	*agency.Registry
	places  *agency.Gazetteer
	heads   heads
	cues    *cueTable
	without string
}

// New returns the built-in registry, extended and overridden by extra.
func New(extra []news.Agency) (*Registry, error) {
	d, err := agency.New(extra)
	if err != nil {
		return nil, err
	}
	r := &Registry{Registry: d, places: agency.Places()}
	r.cues = newCues(cuesTable, func(string) bool { return true })
	r.heads = newHeads(d, r.cues)
	return r, nil
}

func (r *Registry) on(rule string) bool { return r.without != rule }
