package publish

import (
	"fmt"

	"dateline/aggregator/news"
)

// telling is another entry that tells of the same event in other words.
type telling struct {
	key   news.Key
	title string
	lang  string // BCP 47; empty: unknown
}

// tellings returns those that e links and that are public now. Of their text only the title is told, which every
// grant lets out.
func (p *Publisher) tellings(r Reader, e news.Entry) ([]telling, error) {
	var all []telling
	for _, k := range e.Story {
		other, ok, err := r.Entry(k)
		if err != nil {
			return nil, fmt.Errorf("%w: entry %s: %w", ErrRead, k, err)
		}
		if !ok || other.State != news.Public {
			continue
		}
		items, err := members(r, other)
		if err != nil {
			return nil, err
		}
		if len(items) > 0 {
			c := p.piece(other, items[:1])
			all = append(all, telling{key: k, title: c.title, lang: c.lang})
		}
	}
	return all, nil
}
