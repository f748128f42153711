package entries

import (
	"slices"

	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
)

// text returns the text of an item as dedup compares it.
func (d *tx) text(it news.Item) *dedup.Text {
	if t := d.texts[it.Key]; t != nil {
		return t.Of(it)
	}
	return dedup.NewText(it)
}

// findDuplicate joins an item that is about to be published to the entry that has its text, if there is one, and notes an earlier
// item that it supersedes. It returns the other entries that have its text.
func (d *tx) findDuplicate(it *news.Item, text *dedup.Text) (others []news.Key, err error) {
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

// linkStory links an entry that is about to be published with those about the same event in other words, in both directions. An entry
// that has all the links it may have gets no more, so that no published link is removed.
func (d *tx) linkStory(e *news.Entry, it news.Item) error {
	found, err := d.text(it).Story(d, d.setup.Stemmer, d.setup.Thresholds)
	if err != nil || len(found) == 0 {
		return err
	}
	it.Story = nil
	for _, j := range found {
		other, err := d.entry(j.Entry)
		if err != nil {
			return err
		}
		if len(e.Story) >= news.MaxStory || len(other.Story) >= news.MaxStory {
			continue
		}
		j.At = d.Now()
		it.Story = append(it.Story, j)
		e.Story = append(e.Story, other.Key)
		other.Story = append(slices.Clone(other.Story), e.Key)
		if err := d.PutEntry(other); err != nil {
			return err
		}
	}
	return d.putItem(it)
}
