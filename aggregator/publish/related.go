package publish

import (
	"fmt"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
)

// fillStory fills in what the view of an entry says of its story: the other entries that are public now, and how many items there are.
func (p *Publisher) fillStory(r Reader, c *view.Entry) error {
	c.StoryCount = news.StoryCount{Own: 1, Copies: len(c.Copies)}
	for _, k := range c.Entry.Related() {
		t, err := p.relatedEntry(r, k)
		if err != nil {
			return err
		}
		if t != nil {
			c.Related = append(c.Related, *t)
			c.StoryCount.Own++
			c.StoryCount.Copies += t.Copies
		}
	}
	return nil
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
	var c *view.Entry
	if f := p.unchanged(e); f != nil {
		c = f.c
	} else {
		items, err := members(r, e)
		if err != nil || len(items) == 0 {
			return nil, err
		}
		c = p.views.Entry(e, items)
	}
	return &view.Related{Key: k, Name: c.Publisher.Name, Title: c.Title, Lang: c.Lang, Copies: len(c.Copies)}, nil
}
