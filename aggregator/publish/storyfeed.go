package publish

import (
	"fmt"
	"slices"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/feed"
	"dateline/aggregator/publish/view"
	"dateline/aggregator/text"
)

// datedEntry is an entry of the feed of a story with its date.
type datedEntry struct {
	at    time.Time
	entry feed.Entry
}

// storyFeedDocument renders the feed of a story in Atom: each report as it is in every feed, each copy of it, and each change, newest
// first. A copy has the id that it would have as an entry, a change the one that it has in the feed of changes.
func storyFeedDocument(c call) (*Document, error) {
	entries, err := c.p.storyEntries(c, "../", "/feed.atom")
	if err != nil {
		return nil, err
	}
	key := entries[0].StoryKey()
	s := &selection{updated: view.Epoch}
	title := ""
	var all []datedEntry
	for _, e := range entries {
		f, err := c.p.load(c.r, e.Key, false)
		if err != nil {
			return nil, err
		}
		if f == nil {
			continue
		}
		if title == "" && e.State == news.Public {
			title = f.c.Title
		}
		s.position = max(s.position, e.Last)
		if all, err = c.p.addStoryNotes(c.r, all, f); err != nil {
			return nil, err
		}
	}
	if len(all) == 0 {
		return nil, ErrNotFound
	}
	s.naming = c.p.naming(c.r, "story:"+key.String(), title, "stories/"+key.String()+"/feed")
	slices.SortStableFunc(all, func(a, b datedEntry) int { return b.at.Compare(a.at) })
	all = all[:min(len(all), c.p.o.Entries)]
	var whole []feed.Entry
	for _, d := range all {
		whole = append(whole, d.entry)
		s.updated = news.Latest(s.updated, d.at)
	}
	h := c.p.head(s, Atom)
	h.Home = c.p.at.Base + "stories/" + key.String()
	b, err := feed.Atom(h, whole)
	if err != nil {
		return nil, err
	}
	doc := s.document(feed.TypeAtom, b)
	doc.Entries = len(whole)
	return doc, nil
}

// addStoryNotes adds a report of a story, its copies and its changes to all.
func (p *Publisher) addStoryNotes(r Reader, all []datedEntry, f *fragment) ([]datedEntry, error) {
	own, err := f.named().atom()
	if err != nil {
		return nil, err
	}
	all = append(all, datedEntry{f.c.Updated(), own})
	if f.c.Entry.State == news.Public {
		items, err := members(r, f.c.Entry)
		if err != nil {
			return nil, err
		}
		for _, it := range items[min(1, len(items)):] {
			n, err := p.copyNote(it, f.c)
			if err != nil {
				return nil, err
			}
			all = append(all, n)
		}
	}
	e := f.c.Entry
	for rec, err := range r.Tagged("changed:"+f.c.Item.Source, e.Last) {
		if err != nil {
			return nil, fmt.Errorf("%w: log: %w", ErrRead, err)
		}
		if rec.Pos < e.First {
			break
		}
		if rec.Entry != e.Key {
			continue
		}
		n, err := p.note(r, rec)
		if err != nil {
			return nil, err
		}
		if n != nil {
			all = append(all, datedEntry{n.at, n.entry})
		}
	}
	return all, nil
}

// copyNote returns the entry about a copy of the report c.
func (p *Publisher) copyNote(it news.Item, c *view.Entry) (datedEntry, error) {
	o := p.views.Entry(news.Entry{Key: it.Key, Published: it.Date(), Updated: news.Latest(it.Date(), it.FirstSeen)}, []news.Item{it})
	at := o.Updated()
	title, content := p.site.Copy(o, c)
	t := feed.Note{
		ID: it.Key.URN(), Lang: text.CanonicalTag(p.o.Language), Title: title, Content: content, Published: o.At, Updated: at,
		Link: p.at.Entry(c.Entry.Key), Via: o.Link, Authors: []view.Party{o.Publisher},
		Categories: []feed.Term{{Scheme: "urn:dateline:change", Term: "copy"}, {Scheme: "urn:dateline:source", Term: it.Source}},
	}
	n, err := feed.AtomNote(t)
	return datedEntry{at, n}, err
}
