package entries

import (
	"slices"
	"strings"

	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// A source's include and exclude lists decide on new items alone: what is stored stays, with its later revisions. What they keep out
// is not stored, so each visit that reads the document checks it again. When the lists change, an item that is still in the feed is
// new then; one that has left the feed does not come back.

// filter keeps new items out. The zero filter keeps out none.
type filter struct{ include, exclude []string } // folded words between blanks

func newFilter(src news.Source) filter {
	return filter{include: phrases(src.Include), exclude: phrases(src.Exclude)}
}

func phrases(all []string) (out []string) {
	for _, s := range all {
		out = append(out, spaced(s))
	}
	return out
}

// spaced returns the folded words of s with a blank before and after each.
func spaced(s string) string { return " " + strings.Join(text.Words(s), " ") + " " }

// admits reports whether a prepared item is taken: its title, lead and categories have none of the words of exclude, and one of
// those of include, if there are any.
func (f filter) admits(it news.Item) bool {
	fields := headings(it)
	if it.Lead != "" {
		fields = append(fields, spaced(it.Lead))
	}
	return !occur(f.exclude, fields) && (len(f.include) == 0 || occur(f.include, fields))
}

// bars reports whether title and categories alone exclude an item.
func (f filter) bars(it news.Item) bool { return occur(f.exclude, headings(it)) }

func headings(it news.Item) []string {
	fields := []string{spaced(it.Title)}
	for _, c := range it.Categories {
		fields = append(fields, spaced(c.Term), spaced(c.Label))
	}
	return fields
}

func occur(phrases, fields []string) bool {
	return slices.ContainsFunc(phrases, func(p string) bool {
		return slices.ContainsFunc(fields, func(f string) bool { return strings.Contains(f, p) })
	})
}

// applyFilters excludes the new items that the source's lists keep out.
func (doc *Document) applyFilters(decided []dedup.Decision) {
	f := newFilter(doc.Source)
	if len(f.include)+len(f.exclude) == 0 {
		return
	}
	for i, d := range decided {
		if d.Action != dedup.New {
			continue
		}
		place := doc.places[i]
		if f.bars(doc.Items[place]) || !f.admits(doc.Prepare(place).Item) {
			decided[i] = dedup.Decision{Action: dedup.Excluded, Key: d.Key, Entry: d.Key}
		}
	}
}
