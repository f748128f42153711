package entries

import (
	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
)

// findDuplicate joins an item that is about to be published to the entry that has its text, if there is one, and notes an earlier
// item that it supersedes. It returns the other entries that have its text. A notice that takes another item back joins none.
func (d *tx) findDuplicate(it *news.Item, text *dedup.Text) (others []news.Key, err error) {
	if it.Credits.Kill != nil {
		return nil, d.applyKill(it, text)
	}
	if it.Join == nil {
		found, err := text.Find(d, d.setup.Thresholds)
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
			j.At = d.Now()
		}
	}
	return others, nil
}
