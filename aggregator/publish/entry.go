package publish

import (
	"fmt"
	"slices"

	"dateline/aggregator/news"
)

// load returns the fragment of entry k; nil where it is in no document: merged into another, not published yet,
// or its text is past retention. A held entry is loaded only with held.
func (p *Publisher) load(r Reader, k news.Key, held bool) (*fragment, error) {
	e, ok, err := r.Entry(k)
	if err != nil {
		return nil, fmt.Errorf("%w: entry %s: %w", ErrRead, k, err)
	}
	if ok = ok && (e.State == news.Public || e.State == news.Withdrawn || e.State == news.Held && held); !ok {
		return nil, nil
	}
	return p.shown(r, e)
}

// shown returns the fragment of e as it is now.
func (p *Publisher) shown(r Reader, e news.Entry) (*fragment, error) {
	if f := p.unchanged(e); f != nil {
		return f, nil
	}
	items, err := members(r, e)
	if err != nil || len(items) == 0 {
		return nil, err
	}
	c := p.views.Entry(e, items)
	if err := p.fillStory(r, c); err != nil {
		return nil, err
	}
	f := p.fragment(c)
	p.keep(f)
	return f, nil
}

// members returns the items of e that are public, the representative first; none where that is past
// retention, or held and taken back by its source.
func members(r Reader, e news.Entry) ([]news.Item, error) {
	items, err := e.Load(r.Item)
	if err != nil {
		return nil, fmt.Errorf("%w: items of %s: %w", ErrRead, e.Key, err)
	}
	representative := e.Members()[0]
	if len(items) == 0 || items[0].Key != representative || items[0].Erased && e.State != news.Withdrawn ||
		items[0].Withdrawn && e.State == news.Held {
		return nil, nil
	}
	return slices.DeleteFunc(items, func(it news.Item) bool { return it.Key != representative && (it.Held || it.Withdrawn) }), nil
}
