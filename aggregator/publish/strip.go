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
	mu   sync.Mutex
	head uint64
	all  []published // the oldest first
}

type published struct {
	pos    uint64
	at     int64  // in seconds of Unix time
	agency string // key, or the id of a source
}

// strip draws who published how much in the day before the newest record; empty where there is next to nothing.
func (p *Publisher) strip(r Reader) (template.HTML, error) {
	p.last.mu.Lock()
	defer p.last.mu.Unlock()
	to, err := p.last.read(r, func(source string) string { return p.views.Source(source).Agency })
	all := p.last.all
	if err != nil || len(all) < 2 {
		return "", err
	}
	count := make(map[string]*page.StripRow)
	var rows []*page.StripRow
	from := to.Add(-24 * time.Hour).Unix()
	for i := range all {
		row := count[all[i].agency]
		if row == nil {
			row = &page.StripRow{Name: p.agencyLabel(all[i].agency)}
			count[all[i].agency], rows = row, append(rows, row)
		}
		row.Total++
		row.Hours[min(23, max(0, (all[i].at-from)/3600))]++
	}
	return p.site.Strip(rows, to), nil
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
func (d *lastDay) read(r Reader, agency func(source string) string) (to time.Time, err error) {
	head := r.Head()
	if head < d.head { // an older snapshot than the last one
		d.head, d.all = 0, nil
	}
	var fresh []published // the newest first
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
		if rec.Kind != news.RecordNew {
			continue
		}
		it, found, err := r.Item(rec.Entry)
		if err != nil {
			return to, fmt.Errorf("%w: item %s: %w", ErrRead, rec.Entry, err)
		}
		if found {
			fresh = append(fresh, published{rec.Pos, rec.At.Unix(), agency(it.Source)})
		}
	}
	slices.Reverse(fresh)
	old := 0
	for old < len(d.all) && (d.all[old].pos+stripBound <= head || to.Unix()-d.all[old].at >= 24*60*60) {
		old++
	}
	d.head, d.all = head, append(d.all[old:], fresh...)
	return to, nil
}
