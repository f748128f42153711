package publish

import (
	"fmt"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
)

// related returns those that e links and that are public now.
func (p *Publisher) related(r Reader, e news.Entry) ([]view.Related, error) {
	var all []view.Related
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

// relatedEntry returns how the entry k is linked; nil where it is not public. Of its text only the title is shown, which
// every grant lets out.
func (p *Publisher) relatedEntry(r Reader, k news.Key) (*view.Related, error) {
	e, ok, err := r.Entry(k)
	if err != nil {
		return nil, fmt.Errorf("%w: entry %s: %w", ErrRead, k, err)
	}
	if !ok || e.State != news.Public {
		return nil, nil
	}
	if f := p.unchanged(e); f != nil {
		return &view.Related{Key: k, Name: f.c.Publisher.Name, Title: f.c.Title, Lang: f.c.Lang}, nil
	}
	items, err := members(r, news.Entry{Key: e.Key, State: e.State}) // who represents it is enough
	if err != nil || len(items) == 0 {
		return nil, err
	}
	c := p.views.Entry(e, items)
	return &view.Related{Key: k, Name: c.Publisher.Name, Title: c.Title, Lang: c.Lang}, nil
}
