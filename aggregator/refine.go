package aggregator

import (
	"dateline/aggregator/attribute"
	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
	"dateline/aggregator/parse"
)

// refine makes a read item fit to be kept: its link without tracking, its markup safe, its credits found.
func (v *visit) refine(it news.Item) news.Item {
	it.Source = v.src.ID
	it.Feed = v.doc.Feed
	base := it.URL
	if base == "" {
		base = v.answer.URL
	}
	if clean := dedup.Untracked(it.URL); clean != it.URL {
		it.URL, it.URLRaw = clean, it.URL
	}
	it.Summary = parse.Sanitize(it.Summary, base)
	it.Content = parse.Sanitize(it.Content, base)
	return Credit(v.setup.Registry, it, v.src)
}

// Credit finds the credits of a cleaned item and its lead. The text looked at is the summary, or the content where there
// is none, or where the content is longer than what the summary says.
func Credit(r *attribute.Registry, it news.Item, src news.Source) news.Item {
	found := r.Credit(attribute.Input{Item: &it, Text: Body(it), Source: src})
	it.Credits, it.Lead = found.Credits, found.Lead
	return it
}

// Body returns the plain text that credits and lead are taken from: of summary and content the one that says more.
func Body(it news.Item) string {
	full := parse.Plain(it.Content)
	if len(full) > len(it.Summary) { // a text is no longer than its markup
		return full
	}
	if text := parse.Plain(it.Summary); len(text) >= len(full) {
		return text
	}
	return full
}
