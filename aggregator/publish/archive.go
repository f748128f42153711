package publish

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
)

// Archives (RFC 5005 section 4): page n holds the log records from 100n+1 to 100n+100, whose number is all of its
// address. A record shows its entry in the revision that it names, with credits and carriers as they are now; one that
// is withdrawn is its notice. Of several records of an entry the page shows the newest, which says what the others
// said. The newest page has no next-archive link, so that a page does not change when another is closed.

// archivePage is how many records of the log an archive document holds.
const archivePage = 100

// archivePath returns the path of page n below the base address, without the format.
func archivePath(n uint64) string { return "archive/" + strconv.FormatUint(n, 10) }

// archives returns the numbers of the oldest page that is still there and of the one that is not closed yet.
func archives(r Reader) (oldest, open uint64) {
	if r.Oldest() == 0 {
		return 0, 0
	}
	return (r.Oldest() - 1) / archivePage, r.Head() / archivePage
}

// archiveFormats returns those of archives. RSS is none of them: our RSS has no links to archives.
func archiveFormats() []Format { return []Format{Atom, JSON, HTML} }

// Archive renders page n of the archives, in Atom, JSON or HTML. It returns [ErrListing] for one that is not closed yet or
// no longer there, and [ErrRead].
func (p *Publisher) Archive(r Reader, n uint64, f Format) (*Document, error) {
	write := p.writer(f)
	if !slices.Contains(archiveFormats(), f) {
		return nil, fmt.Errorf("%w: %s of archives", ErrFormat, f)
	}
	s, err := p.archive(r, n)
	if err != nil {
		return nil, err
	}
	return write(s)
}

func (p *Publisher) archive(r Reader, n uint64) (*selection, error) {
	oldest, open := archives(r)
	if n < oldest || n >= open {
		return nil, fmt.Errorf("%w: archive %d", ErrListing, n)
	}
	s := &selection{naming: p.naming(r, "", "", archivePath(n)), position: (n + 1) * archivePage, updated: view.Epoch}
	s.archive, s.number, s.page = true, n, s.path+".html"
	if n > oldest {
		s.prev = archivePath(n - 1)
	}
	known := make(map[news.Key]bool)
	for rec, err := range r.Records(s.position) {
		if err != nil {
			return nil, fmt.Errorf("%w: log: %w", ErrRead, err)
		}
		if rec.Pos <= n*archivePage {
			break
		}
		if s.updated.Before(rec.At) {
			s.updated = rec.At
		}
		if known[rec.Entry] {
			continue
		}
		known[rec.Entry] = true
		f, err := p.asOf(r, rec)
		if err != nil {
			return nil, err
		}
		if f != nil {
			s.parts = append(s.parts, f)
		}
	}
	s.sort()
	return s, nil
}

// asOf returns the fragment of an entry as a record left it; nil where the entry is in no document.
func (p *Publisher) asOf(r Reader, rec news.LogRecord) (*fragment, error) {
	f, err := p.load(r, rec.Entry, false)
	if err != nil || f == nil || f.c.Entry.State == news.Withdrawn || rec.Pos == f.c.Entry.Last && rec.Revision == f.c.Item.Revision {
		return f, err
	}
	e := f.c.Entry
	if rec.Pos != e.Last {
		e.Updated = rec.Updated
	}
	it, ok, err := r.Revision(rec.Entry, rec.Revision)
	if err != nil {
		return nil, fmt.Errorf("%w: revision %d of %s: %w", ErrRead, rec.Revision, rec.Entry, err)
	}
	items, err := members(r, e)
	if err != nil || len(items) == 0 {
		return nil, err
	}
	if ok && !it.Erased {
		items[0] = it
	}
	c := p.views.Entry(e, items)
	c.Related = slices.Clone(f.c.Related)
	return p.fragment(c), nil
}

// archiveDocument serves a page: its number is written as we write it.
func archiveDocument(c call) (*Document, error) {
	number, format, _ := strings.Cut(c.arg, ".")
	n, err := strconv.ParseUint(number, 10, 64)
	if err != nil || strconv.FormatUint(n, 10) != number {
		return nil, ErrNotFound
	}
	return c.p.Archive(c.r, n, Format(format))
}
