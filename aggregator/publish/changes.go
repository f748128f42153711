package publish

import (
	"fmt"
	"strconv"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/feed"
	"dateline/aggregator/publish/page"
	"dateline/aggregator/publish/view"
	"dateline/aggregator/text"
)

// The feed of changes says what was corrected, changed, withdrawn and published again: an entry for each record of the log that the
// store tags so. The id of such an entry is made of the id that was minted with the store and the position of the record, so
// that it is unique and stays.

// changesPath is where the feed of changes is, below `/` or the path of a source, without the format.
const changesPath = "changes"

// note is an entry about a change, and the states of what it depends on.
type note struct {
	of    [2]uint64 // Changed of the entry, and of what it replaces
	entry feed.Entry
	at    time.Time // atom:updated
}

// changesDocument serves the changes of the wire, or those of the source that the address names.
func changesDocument(c call) (*Document, error) { return c.p.Changes(c.r, c.arg) }

// Changes renders the newest changes of the wire, or those of a source, in Atom. source is an id; empty: the wire. It returns
// [ErrListing] for a source that is not known, and [ErrRead].
func (p *Publisher) Changes(r Reader, source string) (*Document, error) {
	s, err := p.changesNaming(r, source)
	if err != nil {
		return nil, err
	}
	var all []feed.Entry
	for rec, err := range r.Tagged("changed:"+source, 0) {
		if err != nil {
			return nil, fmt.Errorf("%w: log: %w", ErrRead, err)
		}
		if len(all) == p.o.Entries {
			break
		}
		n, err := p.note(r, rec)
		if err != nil {
			return nil, err
		}
		if n == nil {
			continue
		}
		s.position = max(s.position, rec.Pos)
		s.updated = news.Latest(s.updated, n.at)
		all = append(all, n.entry)
	}
	b, err := feed.Atom(p.head(s, Atom), all)
	if err != nil {
		return nil, err
	}
	doc := s.document(feed.TypeAtom, b)
	doc.Entries = len(all)
	return doc, nil
}

// changesNaming returns an empty selection that is called as the feed of changes is.
func (p *Publisher) changesNaming(r Reader, source string) (*selection, error) {
	s := &selection{updated: view.Epoch}
	if source == "" {
		s.naming = p.naming(r, "changes", p.site.Corrections(), changesPath)
		return s, nil
	}
	src, ok := p.views.Sources[source]
	if !ok {
		return nil, fmt.Errorf("%w: source %s", ErrListing, source)
	}
	s.naming = p.naming(r, "changes:"+source, view.Plain(src.Name)+", "+p.site.Corrections(), view.SourceChangesPath(source))
	return s, nil
}

// note returns the entry about a record of the log; nil where the record's entry is in no document.
func (p *Publisher) note(r Reader, rec news.LogRecord) (*note, error) {
	f, err := p.load(r, rec.Entry, false)
	if err != nil || f == nil {
		return nil, err
	}
	c, of, err := p.change(r, rec, f.c)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	n := p.notes.get(rec.Pos)
	p.mu.Unlock()
	if n != nil && n.of == of && of[0] != 0 {
		return n, nil
	}
	if n, err = p.newNote(r, rec, *c); err != nil {
		return nil, err
	}
	n.of = of
	p.mu.Lock()
	p.notes.put(rec.Pos, n, 1)
	p.mu.Unlock()
	return n, nil
}

// newNote writes the entry about a record of the log.
func (p *Publisher) newNote(r Reader, rec news.LogRecord, c page.Change) (*note, error) {
	title, content, err := p.site.Change(c)
	if err != nil {
		return nil, err
	}
	n := &note{at: rec.At}
	fraction := time.Duration(rec.Pos%1_000_000) * time.Microsecond
	if c.View.Entry.State == news.Withdrawn { // so that readers overwrite what they have
		n.at = news.Latest(n.at, c.View.Entry.Updated)
	}
	n.at = n.at.Truncate(time.Second).Add(fraction)
	t := feed.Note{
		Lang: text.CanonicalTag(p.o.Language),
		ID:   news.ItemKey(r.FeedID(), "change:"+strconv.FormatUint(rec.Pos, 10)).URN(), Title: title, Content: content, Published: rec.At,
		Updated: n.at, Link: p.at.Entry(rec.Entry), Authors: []view.Party{c.View.Publisher},
		Categories: []feed.Term{{Scheme: "urn:dateline:change", Term: string(c.Kind)}},
	}
	if c.View.Entry.State != news.Withdrawn {
		t.Via = c.View.Link
	}
	for _, src := range c.View.Sources() {
		t.Categories = append(t.Categories, feed.Term{Scheme: "urn:dateline:source", Term: src.ID, Label: view.Plain(src.Name)})
	}
	n.entry, err = feed.AtomNote(t)
	return n, err
}

// change returns what a record changed of an entry, and the states of what that depends on.
func (p *Publisher) change(r Reader, rec news.LogRecord, c *view.Entry) (*page.Change, [2]uint64, error) {
	ch, of := &page.Change{View: c, Now: c.Item}, [2]uint64{c.Entry.Changed}
	if it, ok, err := p.revision(r, rec.Entry, rec.Revision); err != nil {
		return nil, of, err
	} else if ok {
		ch.Now = it
	}
	switch rec.Kind {
	case news.RecordWithdrawn:
		ch.Kind = page.Withdrawn
	case news.RecordRestored:
		ch.Kind = page.Restored
	case news.RecordNew:
		ch.Kind = page.Replaced
		if j := c.Item.Supersedes; j != nil {
			was, changed, err := p.replaced(r, *j)
			if err != nil {
				return nil, of, err
			}
			ch.Before, of[1] = was, changed
		}
	default:
		ch.Kind = page.Changed
		was, ok, err := p.revision(r, rec.Entry, rec.Revision-1)
		if err != nil {
			return nil, of, err
		}
		if ok {
			ch.Before = &was
		}
		if !ch.Now.Corrected.IsZero() && !ch.Now.Corrected.Equal(was.Corrected) {
			ch.Kind = page.Corrected
		}
	}
	return ch, of, nil
}

// revision returns revision n of the item with key k, and whether its text is still there.
func (p *Publisher) revision(r Reader, k news.Key, n int) (news.Item, bool, error) {
	if n < 1 {
		return news.Item{}, false, nil
	}
	it, ok, err := r.Revision(k, n)
	if err != nil {
		return it, false, fmt.Errorf("%w: revision %d of %s: %w", ErrRead, n, k, err)
	}
	return it, ok && !it.Erased, nil
}

// replaced returns the item whose place another takes, and when its entry changed, as the store counts; nil where it is not public.
func (p *Publisher) replaced(r Reader, j news.Join) (*news.Item, uint64, error) {
	e, ok, err := r.Entry(j.Entry)
	if err != nil {
		return nil, 0, fmt.Errorf("%w: entry %s: %w", ErrRead, j.Entry, err)
	}
	if !ok || e.State == news.Withdrawn || e.State == news.Held || e.State == news.Embargoed {
		return nil, e.Changed, nil
	}
	it, ok, err := r.Item(j.With)
	if err != nil {
		return nil, 0, fmt.Errorf("%w: item %s: %w", ErrRead, j.With, err)
	}
	if !ok || it.Erased || it.Withdrawn || it.Held {
		return nil, e.Changed, nil
	}
	return &it, e.Changed, nil
}
