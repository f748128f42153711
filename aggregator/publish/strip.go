package publish

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"
	"sync"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/page"
)

// stripBound bounds the records of the log that the drawing of the last day is made of.
const stripBound = 10_000

// lastDay is what was published for the first time in the day before the newest record of the log. Of a record it keeps what never
// changes, the time and who published the representative, so that each is read once.
type lastDay struct {
	mu       sync.Mutex
	head     uint64
	all      []published      // the oldest first
	agencies map[string]int32 // by key, or the id of a source: the index of its row
	rows     []*page.StripRow // counted anew for each drawing
}

type published struct {
	pos    uint64
	at     int64 // in seconds of Unix time
	agency int32 // the index of its row
}

// strip draws who published how much in the day before the newest record; empty where there is next to nothing.
func (p *Publisher) strip(r Reader) (template.HTML, error) {
	d := &p.last
	d.mu.Lock()
	defer d.mu.Unlock()
	to, err := d.read(r, sourceAgencies{p.o.Sources, p.row})
	if err != nil || len(d.all) < 2 {
		return "", err
	}
	for _, row := range d.rows {
		row.Total, row.Hours = 0, [24]int{}
	}
	from := to.Add(-24 * time.Hour).Unix()
	for i := range d.all {
		row := d.rows[d.all[i].agency]
		row.Total++
		row.Hours[min(23, max(0, (d.all[i].at-from)/3600))]++
	}
	return p.site.Strip(slices.DeleteFunc(slices.Clone(d.rows), func(row *page.StripRow) bool { return row.Total == 0 }), to), nil
}

// row returns the index of the row of a source's agency. The caller holds the lock.
func (p *Publisher) row(source string) int32 {
	d, key := &p.last, p.views.Source(source).Agency
	at, known := d.agencies[key]
	if !known {
		if d.agencies == nil {
			d.agencies = map[string]int32{}
		}
		at = int32(len(d.rows))
		d.agencies[key], d.rows = at, append(d.rows, &page.StripRow{Name: p.agencyLabel(key)})
	}
	return at
}

// agencyLabel names an agency in the words of pages: as the registry does, else as its source is called.
func (p *Publisher) agencyLabel(key string) string {
	if name := p.views.AgencyName(key, p.o.Language); name != "" {
		return name
	}
	for _, src := range p.o.Sources {
		if cmp.Or(src.Agency, src.ID) == key && src.Name != "" {
			return src.Name
		}
	}
	return key
}

// read reads what was published in the day before the newest record, and returns when that was. The caller holds the lock.
func (d *lastDay) read(r Reader, sources sourceAgencies) (to time.Time, err error) {
	head := r.Head()
	if head < d.head { // an older snapshot than the last one
		d.head, d.all = 0, nil
	}
	var fresh []newEntry // the newest first
	for rec, err := range r.Records(0) {
		if err != nil {
			return to, fmt.Errorf("%w: log: %w", ErrRead, err)
		}
		if to.IsZero() {
			to = rec.At
		}
		if rec.Pos <= d.head || rec.Pos+stripBound <= head || to.Sub(rec.At) >= 24*time.Hour {
			break
		}
		if rec.Kind == news.RecordNew {
			fresh = append(fresh, newEntry{rec.Pos, rec.At.Unix(), rec.Entry})
		}
	}
	slices.Reverse(fresh)
	old := 0
	for old < len(d.all) && (d.all[old].pos+stripBound <= head || to.Unix()-d.all[old].at >= 24*60*60) {
		old++
	}
	all, err := sources.publishers(r, d.all[old:], fresh)
	if err == nil {
		d.head, d.all = head, all
	}
	return to, err
}

// newEntry is an entry and the position of the log at which it was published.
type newEntry struct {
	pos   uint64
	at    int64 // in seconds of Unix time
	entry news.Key
}

// sourceAgencies finds the agency of a source.
type sourceAgencies struct {
	sources []news.Source // all of them
	row     func(source string) int32
}

// fewEntries is how many new entries are looked up one by one; of more the tags are read.
const fewEntries = 100

// publishers adds the records to all, the oldest first, with the agency of the source that published the representative. An entry that
// one source carries has the tag of that source; of others the representative is read.
func (s sourceAgencies) publishers(r Reader, all []published, records []newEntry) ([]published, error) {
	var of []int32 // by position from that of the first record: which source has it, from 1; 0: unknown, or several have
	if len(records) > fewEntries {
		first, last := records[0].pos, records[len(records)-1].pos
		of = make([]int32, last-first+1)
		if err := r.TaggedFrom(first, s.tags(), func(tag int, pos uint64) {
			switch at := pos - first; {
			case pos > last, of[at] < 0:
			case of[at] > 0:
				of[at] = -1
			default:
				of[at] = int32(tag) + 1
			}
		}); err != nil {
			return nil, fmt.Errorf("%w: tags: %w", ErrRead, err)
		}
	}
	for _, rec := range records {
		source := ""
		if len(of) > 0 && of[rec.pos-records[0].pos] > 0 {
			source = s.sources[of[rec.pos-records[0].pos]-1].ID
		} else {
			it, found, err := r.Item(rec.entry)
			if err != nil {
				return nil, fmt.Errorf("%w: item %s: %w", ErrRead, rec.entry, err)
			}
			if !found {
				continue
			}
			source = it.Source
		}
		all = append(all, published{rec.pos, rec.at, s.row(source)})
	}
	return all, nil
}

// tags returns those of the sources.
func (s sourceAgencies) tags() []string {
	all := make([]string, len(s.sources))
	for i, src := range s.sources {
		all[i] = tagSource + src.ID
	}
	return all
}
