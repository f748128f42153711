package status

import (
	"slices"
	"time"

	"dateline/aggregator/news"
)

// PageAge is how long after it was first seen an item waits for its article's page.
const PageAge = 24 * time.Hour

const (
	maxWaiting = 1000        // items of a source that wait for their page
	keptDone   = time.Minute // for which a request counts against poll.pages
)

// AwaitPages has new items wait for their articles' pages: those with an address that are not held. Of more than 1,000 the newest wait.
func AwaitPages(p *news.Pages, items []news.Item, now time.Time) {
	all := keptWaiting(p.Waiting, now)
	for _, it := range items {
		if it.URL != "" && !it.Held {
			all = append(all, news.WaitingPage{Item: it.Key, Seen: it.FirstSeen})
		}
	}
	p.Waiting = all[max(0, len(all)-maxWaiting):]
}

// EndWaiting says that the page of an item is not asked for again.
func EndWaiting(p *news.Pages, item news.Key, now time.Time) {
	p.Waiting = keptWaiting(p.Waiting, now)
	for i := range p.Waiting {
		if p.Waiting[i].Item == item {
			p.Waiting[i].Done = now
		}
	}
}

// PagesWaiting returns how many items wait for their pages.
func PagesWaiting(p news.Pages, now time.Time) (n int) {
	for _, w := range p.Waiting {
		if w.Done.IsZero() && now.Sub(w.Seen) < PageAge {
			n++
		}
	}
	return n
}

// keptWaiting returns a copy of what is still to be remembered.
func keptWaiting(all []news.WaitingPage, now time.Time) []news.WaitingPage {
	return slices.DeleteFunc(slices.Clone(all), func(w news.WaitingPage) bool {
		return now.Sub(w.Seen) >= PageAge || !w.Done.IsZero() && now.Sub(w.Done) >= keptDone
	})
}

// CountPage adds to p what came of a request for a page.
func CountPage(p *news.Pages, result news.PageResult, at time.Time) {
	if p.Since.IsZero() {
		p.Since, p.At = at, at
	}
	p.Pace, p.At = faded(p.Pace, at.Sub(p.At))+1, at
	switch result {
	case news.PageRead:
		p.Read++
	case news.PageEmpty:
		p.Empty++
	case news.PageRefused:
		p.Refused++
	case news.PageFailed:
		p.Failed++
	}
}

// PagesPerDay returns how many pages a day are asked for, mainly by the last week; 0 in the first hour.
func PagesPerDay(p news.Pages, now time.Time) float64 {
	return ItemsPerDay(news.Tally{Since: p.Since, Pace: p.Pace, At: p.At}, now)
}
