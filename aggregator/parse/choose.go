package parse

import (
	"cmp"
	"slices"
	"strings"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// choose returns which of n items are taken, in document order: all, but of more than MaxItems those that are not stored
// first.
func choose(n int, stored func(i int) bool) []int {
	taken := make([]int, 0, min(n, MaxItems))
	var old []int
	for i := 0; i < n && len(taken) < MaxItems; i++ {
		if n > MaxItems && stored(i) {
			if len(old) < MaxItems {
				old = append(old, i)
			}
			continue
		}
		taken = append(taken, i)
	}
	taken = append(taken, old[:min(len(old), MaxItems-len(taken))]...)
	slices.Sort(taken)
	return taken
}

// isStored reports whether the item with this sum, or one that can be recognised by what it is called, is stored.
func (r *reader) isStored(sum uint64, it func() news.Item) bool {
	return r.o.Known != nil && r.o.Known(sum) || r.o.Stored != nil && r.o.Stored(it())
}

// take keeps the items of the document that are taken and notes the others, which are left out.
func (r *reader) take(taken []int) {
	t := r.t
	if len(t.odd) > 0 || len(taken) < len(t.items) || t.beyond > 0 {
		place := 0
		r.leaveOut(len(t.items)+t.beyond, func(i int) string {
			switch {
			case i >= len(t.items):
				return reasonDocument
			case place == len(taken) || taken[place] != i:
				return cmp.Or(t.odd[i], reasonItems)
			}
			place++
			return t.odd[i]
		}, func(i int) string {
			if i >= len(t.items) {
				return ""
			}
			return r.label(t.items[i])
		})
	}
	if len(taken) == len(t.items) {
		return
	}
	kept := make([]int, 0, len(taken))
	for i, e := range t.items {
		if len(kept) < len(taken) && taken[len(kept)] == i {
			kept = append(kept, e)
		} else {
			t.left = append(t.left, e)
		}
	}
	t.items = kept
}

// leaveOut notes which of n items were not taken as they are: those for which why says so.
func (r *reader) leaveOut(n int, why, label func(i int) string) {
	out := &r.d.LeftOut
	r.d.Total = n
	var reasons []string
	for i := range n {
		reason := why(i)
		if reason == "" {
			continue
		}
		if out.Count++; out.Count == 1 {
			out.Example = label(i)
		}
		if !slices.Contains(reasons, reason) {
			reasons = append(reasons, reason)
		}
	}
	out.Reason = strings.Join(reasons, "; ")
}

// maxLabel is how many bytes of an item's name are shown.
const maxLabel = 200

// label returns what the item in element e is called: its title, else its id, else its address.
func (r *reader) label(e int) string {
	it := r.outline(e)
	return shortLabel(it)
}

func shortLabel(it news.Item) string {
	s := cmp.Or(it.Title, it.GUID, it.URL)
	if len(s) > maxLabel {
		s = strings.ToValidUTF8(s[:maxLabel], "") + "…"
	}
	return s
}

// outline reads of the item in element e what it can be recognised by.
func (r *reader) outline(e int) news.Item {
	t := r.t
	it := news.Item{
		GUID:         cmp.Or(t.value(t.child(e, "guid", "id")), t.attr(e, "rdf:about"), t.value(t.child(e, "atom:id"))),
		Title:        title(t.value(t.child(e, "title", "dc:title", "media:title"))),
		URL:          r.atomLink(e, "alternate"),
		PublishedRaw: t.value(t.child(e, "pubdate", "published", "dc:date")),
	}
	if link := t.child(e, "link"); it.URL == "" && link >= 0 {
		it.URL = r.address(link, t.value(link))
	}
	if summary := t.child(e, "description", "summary"); it.GUID == "" && it.URL == "" && it.Title == "" && summary >= 0 {
		it.Title = text.Line(Plain(t.value(summary)))
	}
	return it
}
