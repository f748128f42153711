package store

import (
	"slices"

	"dateline/aggregator/news"
)

// PutCredits stores a known item whose credits changed without a new revision. Its entry counts as changed and takes no position in
// the log; the entry's newest record gets the tags that come with the credits.
func (t *Tx) PutCredits(it news.Item) error {
	e, found, err := t.Entry(it.Entry)
	if err != nil {
		return err
	}
	if !found {
		_, err = t.PutItem(it)
		return err
	}
	had, err := t.tags.of(e)
	if err != nil {
		return err
	}
	if _, err := t.PutItem(it); err != nil {
		return err
	}
	tags, err := t.tags.of(e)
	if err != nil {
		return err
	}
	tags = slices.DeleteFunc(tags, func(tag string) bool { return slices.Contains(had, tag) })
	return t.change(&putEntry{Key: e.Key, Entry: packEntry(e), Tags: tags})
}
