package publish

import (
	"fmt"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/feed"
	"dateline/aggregator/publish/page"
)

// storyItems bounds the items on the page of a story, and storyRevisions the revisions of each.
const (
	storyItems     = 100
	storyRevisions = 10
)

// storyEntries returns the entries of the story that c.arg names, the key of the story and that it is public. It returns
// [ErrNotFound] where there is no such story, and a [movedError] with the key before `after` where the story has another key.
func (p *Publisher) storyEntries(c call, up, after string) ([]news.Entry, error) {
	k, err := news.ParseKey(c.arg)
	if err != nil {
		return nil, ErrNotFound
	}
	e, err := p.storyEntry(c.r, k)
	if err != nil {
		return nil, err
	}
	if e.State == news.Merged && !e.Into.IsZero() {
		if e, err = p.storyEntry(c.r, e.Into); err != nil {
			return nil, err
		}
	}
	if e.State != news.Public && e.State != news.Withdrawn {
		return nil, ErrNotFound
	}
	if key := e.StoryKey().String(); c.arg != key {
		return nil, &movedError{up + key + after}
	}
	all := []news.Entry{e}
	for _, k := range e.Related() {
		o, found, err := c.r.Entry(k)
		if err != nil {
			return nil, fmt.Errorf("%w: entry %s: %w", ErrRead, k, err)
		}
		if found && (o.State == news.Public || o.State == news.Withdrawn) {
			all = append(all, o)
		}
	}
	return all, nil
}

// storyEntry returns the entry k, or [ErrNotFound].
func (p *Publisher) storyEntry(r Reader, k news.Key) (news.Entry, error) {
	e, found, err := r.Entry(k)
	switch {
	case err != nil:
		return e, fmt.Errorf("%w: entry %s: %w", ErrRead, k, err)
	case !found:
		return e, ErrNotFound
	}
	return e, nil
}

// storyDocument renders the page of the story named in c: the key of its first entry. The key of any other entry of it leads there.
func storyDocument(c call) (*Document, error) {
	all, err := c.p.storyEntries(c, "", "")
	if err != nil {
		return nil, err
	}
	s := page.Story{Key: all[0].StoryKey(), Items: make([]page.StoryItem, 0, storyItems)}
	doc := &Document{MediaType: feed.TypeHTML, Gone: true}
	for _, e := range all {
		items, err := members(c.r, e)
		if err != nil {
			return nil, err
		}
		if len(items) == 0 {
			continue
		}
		doc.Position = max(doc.Position, e.Last)
		if e.State == news.Public {
			doc.Gone = false
			s.Count.Own++
			s.Count.Copies += len(items) - 1
		}
		if s.Items, err = c.p.addStoryItems(c.r, s.Items, e, items); err != nil {
			return nil, err
		}
	}
	if len(s.Items) == 0 {
		return nil, ErrNotFound
	}
	doc.Entries = len(s.Items)
	doc.Bytes, err = c.p.site.Story(s)
	return doc, err
}

// addStoryItems adds the items of an entry to all, as far as its capacity allows: items point to each other.
func (p *Publisher) addStoryItems(r Reader, all []page.StoryItem, e news.Entry, items []news.Item) ([]page.StoryItem, error) {
	var report *page.StoryItem
	for i, it := range items {
		if len(all) == cap(all) {
			return all, nil
		}
		alone := news.Entry{Key: it.Key, Published: it.Date(), Updated: e.Updated, State: e.State}
		t := page.StoryItem{View: p.views.Entry(alone, []news.Item{it}), Entry: e.Key}
		if e.State == news.Public && it.Revision > 1 {
			var err error
			if t.Revisions, err = p.storyRevisions(r, it); err != nil {
				return nil, err
			}
		}
		t.Copies = report
		all = append(all, t)
		if i == 0 {
			report = &all[len(all)-1]
		}
	}
	return all, nil
}

// storyRevisions returns the revisions of an item that are kept, newest first: as many as a story shows.
func (p *Publisher) storyRevisions(r Reader, it news.Item) ([]news.Item, error) {
	all := []news.Item{it}
	for n := it.Revision - 1; n > max(0, it.Revision-storyRevisions); n-- {
		was, ok, err := p.revision(r, it.Key, n)
		if err != nil {
			return nil, err
		}
		if ok {
			all = append(all, was)
		}
	}
	return all, nil
}
