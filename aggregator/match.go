package aggregator

import (
	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
)

// match looks whether an item that is to be published has the text of another one. It returns the other entries that
// have its text too.
func (c *composer) match(it *news.Item, text *dedup.Text) (others []news.Key, err error) {
	if it.Join == nil {
		found, err := text.Find(c, c.setup.Match)
		if err != nil {
			return nil, err
		}
		it.Join, it.Supersedes, others = found.Join, found.Supersedes, found.Others
		if it.Join != nil {
			it.Entry = found.Entry
		}
	}
	for _, j := range []*news.Join{it.Join, it.Supersedes} {
		if j != nil {
			j.At = c.at
		}
	}
	return others, nil
}
