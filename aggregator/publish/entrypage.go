package publish

import (
	"fmt"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/feed"
	"dateline/aggregator/publish/page"
)

// revisionsShown bounds the revisions on the page of an entry.
const revisionsShown = 50

// account reads the entry k; nil where there is none that is public. Where it was merged into another it returns a [movedError].
func (p *Publisher) account(r Reader, k news.Key) (*page.Account, error) {
	e, ok, err := r.Entry(k)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: entry %s: %w", ErrRead, k, err)
	case !ok, e.State == news.Held, e.State == news.Embargoed, e.State == news.Merged && (e.Into.IsZero() || e.Into == k):
		return nil, nil
	case e.State == news.Merged:
		return nil, &movedError{e.Into.String()}
	}
	items, err := members(r, e)
	if err != nil || len(items) == 0 {
		return nil, err
	}
	a := &page.Account{View: p.views.Entry(e, items), Items: items}
	if e.State == news.Withdrawn {
		return a, nil
	}
	if err := p.fillStory(r, a.View); err != nil {
		return nil, err
	}
	newest := items[0].Revision
	for n := newest; n > max(0, newest-revisionsShown); n-- {
		it, ok, err := r.Revision(e.Key, n)
		if err != nil {
			return nil, fmt.Errorf("%w: revision %d of %s: %w", ErrRead, n, k, err)
		}
		if ok {
			a.Revisions = append(a.Revisions, it)
		}
	}
	if j := items[0].Supersedes; j != nil {
		a.Earlier, err = p.relatedEntry(r, j.Entry)
	}
	return a, err
}

// entryDocument renders the page of the entry named in c. It returns a [movedError]
// where the entry was merged into another and where its key is written in another way, and [ErrNotFound] where
// it is not public.
func entryDocument(c call) (*Document, error) {
	k, err := news.ParseKey(c.arg)
	if err != nil {
		return nil, ErrNotFound
	}
	if c.arg != k.String() {
		return nil, &movedError{k.String()}
	}
	a, err := c.p.account(c.r, k)
	switch {
	case err != nil:
		return nil, err
	case a == nil:
		return nil, ErrNotFound
	}
	body, err := c.p.site.Entry(*a)
	if err != nil {
		return nil, err
	}
	e := a.View.Entry
	return &Document{Bytes: body, MediaType: feed.TypeHTML, Position: e.Last, Entries: 1, Gone: e.State == news.Withdrawn}, nil
}
