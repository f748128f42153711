package dedup

import (
	"fmt"
	"strings"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// renameSpan is how far apart the dates of one item may be that a source gives another id and another date at every request.
const renameSpan = 24 * time.Hour

// Gone is what is asked of the items that left the document in the very poll in which others came.
type Gone struct {
	Items []news.Item       // in the source's last document, and not in this one
	Text  func(i int) *Text // of item i of those that are gone
}

// Renamed is L2 for an item that left the document in the very poll in which the other came: with the same title, and the same text of
// at least [MinWords] words, both undated or dated within a day of each other; or with the same title, both without date and text, and
// with links that are equal but for their query. It changes the decisions on new items. A title that two items of the document have, or
// that the source has had on several days, is no name.
func (doc *Document) Renamed(ix Fingerprints, decided []Decision, gone Gone) error {
	d := doc.decider(ix, decided)
	titles := map[string]int{}
	for i, n := range d.names {
		if decided[i].Action != Twin {
			titles[n.title]++
		}
	}
	for i := range decided {
		if title := d.names[i].title; decided[i].Action != New || title == "" || titles[title] > 1 {
			continue
		}
		was := d.former(i, gone)
		if was == nil {
			continue
		}
		serial, err := isSerial(ix, NewText(*was))
		if err != nil {
			return fmt.Errorf("dedup: %w", err)
		}
		if !serial {
			d.recognise(i, was)
		}
	}
	return nil
}

// former returns the one item that is gone of which a new one is the other name; nil: none is, or which one is not known.
func (d *decider) former(i int, gone Gone) (was *news.Item) {
	for n, it := range gone.Items {
		if d.taken[it.Key] || it.Erased || text.Fold(it.Title) != d.names[i].title || !d.isRenamed(i, it, gone.Text) {
			continue
		}
		if was != nil {
			return nil
		}
		was = &gone.Items[n]
	}
	return was
}

// isRenamed reports whether a new item says what one with the same title says that is gone.
func (d *decider) isRenamed(i int, was news.Item, textOf func(int) *Text) bool {
	is := d.items[i]
	undated := is.Published.IsZero() && was.Published.IsZero()
	if !undated && (is.Published.IsZero() || was.Published.IsZero() || is.Published.Sub(was.Published).Abs() > renameSpan) {
		return false
	}
	a, b := textOf(i), NewText(was)
	if body := a.item.Summary + " " + a.item.Content; body == was.Summary+" "+was.Content && len(text.Words(body)) >= MinWords {
		return true // also where furniture was cut from it
	}
	if len(a.tokens) >= MinWords {
		return sameTokens(a.tokens, b.tokens)
	}
	return undated && len(a.tokens) == 0 && len(b.tokens) == 0 && withoutQuery(is.URL) == withoutQuery(was.URL)
}

func withoutQuery(address string) string {
	address, _, _ = strings.Cut(address, "?")
	return address
}

// isSerial reports whether the source of a text has had items with its title on several days.
func isSerial(ix Fingerprints, t *Text) (bool, error) {
	if t.subject == 0 {
		return false, nil
	}
	hits, err := ix.FindAny([]uint32{t.subject}, maxPostings)
	if err != nil {
		return false, err
	}
	var first, last time.Time
	for _, h := range hits {
		if h.Source != t.item.Source {
			continue
		}
		if first.IsZero() || h.At.Before(first) {
			first = h.At
		}
		if h.At.After(last) {
			last = h.At
		}
	}
	return len(hits) > maxPostings || last.Sub(first) >= seriesSpan, nil
}
