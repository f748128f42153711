package attribute

import (
	"slices"

	"dateline/aggregator/news"
)

// Whose word counts where the feed and the article's page both speak of an item:
//
//	fact       the feed's word                             else the page's                                   else
//	agency     named in the item: text, author, source,    named on the page: text, author,                  the feed's guess:
//	           publisher (with the joint agencies)         sourceOrganization, creditText                    config, link, rights
//	dateline   the item's                                  the page's
//	byline     the item's persons, all of them             the page's persons, all of them
//	photos     the item's lines, all of them               the page's lines, all of them
//	rights     the item's                                  the page's
//	cited, marker, number, kill                            the item's alone: they speak of a text that is not kept
//
// What the page says otherwise is kept in Credits.Other with its evidence.

// MergePage returns the credits of an item with what its page adds. It changes neither.
func MergePage(feed, page news.Credits) news.Credits {
	out := feed
	out.Other = slices.Clone(feed.Other)
	keep := func(all ...news.Credit) {
		for _, cr := range all {
			if !slices.ContainsFunc(out.Other, func(o news.Credit) bool { return o.Role == cr.Role && o.ID() == cr.ID() }) {
				out.Other = append(out.Other, cr)
			}
		}
	}
	mergeAgency(&out, feed, page, keep)
	switch {
	case feed.Dateline == nil:
		out.Dateline = page.Dateline
	case page.Dateline != nil && page.Dateline.Raw != feed.Dateline.Raw:
		keep(news.Credit{Role: "dateline", Name: page.Dateline.Raw, Agency: page.Dateline.Agency, Evidence: page.Dateline.Evidence})
	}
	if len(feed.Byline) == 0 {
		out.Byline = page.Byline
	} else {
		keep(withoutParties(page.Byline, feed.Byline)...)
	}
	if len(feed.Photos) == 0 {
		out.Photos = page.Photos
	} else {
		for _, p := range page.Photos {
			if !slices.ContainsFunc(feed.Photos, func(o news.Photo) bool { return o.Line == p.Line }) {
				keep(p.Chain...)
			}
		}
	}
	if feed.Rights == "" {
		out.Rights = page.Rights
	}
	return out
}

// mergeAgency decides whose report the item is. An agency that becomes the originator is not cited, and the source is its carrier.
func mergeAgency(out *news.Credits, feed, page news.Credits, keep func(...news.Credit)) {
	switch {
	case !isStated(page.Agency):
		return
	case isStated(feed.Agency):
		if page.Agency.ID() != feed.Agency.ID() {
			keep(*page.Agency)
		}
		return
	}
	out.Agency, out.Joint = page.Agency, page.Joint
	out.Cited = withoutParties(feed.Cited, []news.Credit{*page.Agency})
	if feed.Agency == nil || feed.Agency.ID() == page.Agency.ID() {
		return
	}
	out.Other = slices.DeleteFunc(out.Other, func(o news.Credit) bool { return o.Role == news.Carrier })
	for _, cr := range page.Other {
		if cr.Role == news.Carrier {
			out.Other = append(out.Other, cr)
		}
	}
}

// StatesCredits reports whether credits state anything of who made an article.
func StatesCredits(c news.Credits) bool {
	return isStated(c.Agency) || c.Dateline != nil && c.Dateline.Place != "" || len(c.Byline)+len(c.Photos) > 0 || c.Rights != ""
}

// isStated reports whether an agency was named by the item or the page, rather than taken from the config, an address or the rights.
func isStated(cr *news.Credit) bool {
	if cr == nil {
		return false
	}
	switch cr.Evidence.Rule {
	case "configured", "link-host", "rights", "publisher":
		return cr.Evidence.Rule == "publisher" && cr.Evidence.Field != news.PageField
	}
	return true
}

// withoutParties returns the credits of all whose party is not in others.
func withoutParties(all, others []news.Credit) (out []news.Credit) {
	for _, cr := range all {
		if !slices.ContainsFunc(others, func(o news.Credit) bool { return o.ID() == cr.ID() }) {
			out = append(out, cr)
		}
	}
	return out
}
