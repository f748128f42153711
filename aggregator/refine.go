package aggregator

import (
	"dateline/aggregator/attribute"
	"dateline/aggregator/dedup"
	"dateline/aggregator/news"
	"dateline/aggregator/parse"
	"dateline/aggregator/publish"
)

// refine makes a read item fit to be kept: its link without tracking, its markup safe, its credits found. It returns the form of its
// dateline that a lone text cannot prove.
func (v *visit) refine(it news.Item) (refined news.Item, form string) {
	it.Source = v.src.ID
	it.Feed = v.doc.Feed
	it.OwnID = v.doc.Format == "atom" && publish.UsableID(it.GUID)
	base := it.URL
	if base == "" {
		base = v.answer.URL
	}
	if clean := dedup.Untracked(it.URL); clean != it.URL {
		it.URL, it.URLRaw = clean, it.URL
	}
	var summary, content string
	it.Summary, summary = parse.Sanitize(it.Summary, base)
	it.Content, content = parse.Sanitize(it.Content, base)
	text := summary // credits and lead are taken from the one that says more
	if len(content) > len(summary) {
		text = content
	}
	found := v.setup.Registry.Credit(attribute.Input{Item: &it, Text: text, Source: v.src, Style: v.style})
	it.Credits, it.Lead = found.Credits, found.Lead
	return it, found.Form
}
