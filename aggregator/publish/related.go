package publish

import (
	"fmt"

	"dateline/aggregator/news"
)

// related returns those that e links and that are public now.
func (p *Publisher) related(r Reader, e news.Entry) ([]relatedEntry, error) {
	var all []relatedEntry
	for _, k := range e.Story {
		t, err := p.relatedEntry(r, k)
		if err != nil {
			return nil, err
		}
		if t != nil {
			all = append(all, *t)
		}
	}
	return all, nil
}

// relatedEntry returns how the entry k is linked; nil where it is not public. Of its text only the title is told, which
// every grant lets out.
func (p *Publisher) relatedEntry(r Reader, k news.Key) (*relatedEntry, error) {
	e, ok, err := r.Entry(k)
	if err != nil {
		return nil, fmt.Errorf("%w: entry %s: %w", ErrRead, k, err)
	}
	if !ok || e.State != news.Public {
		return nil, nil
	}
	if f := p.unchanged(e); f != nil {
		return &relatedEntry{key: k, name: f.c.publisher.name, title: f.c.title, lang: f.c.lang}, nil
	}
	items, err := members(r, news.Entry{Key: e.Key, State: e.State}) // who represents it is enough
	if err != nil || len(items) == 0 {
		return nil, err
	}
	c := p.views.newEntryView(e, items)
	return &relatedEntry{key: k, name: c.publisher.name, title: c.title, lang: c.lang}, nil
}
