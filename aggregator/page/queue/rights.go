package queue

import (
	"slices"
	"strings"

	"dateline/aggregator/attribute"
	"dateline/aggregator/news"
	"dateline/aggregator/page"
)

// Which notice of rights is an article's: its own before that of the site.

// chooseRights takes the notice of rights in an article's text before that in the head of the page, which speaks of the site. One that text
// follows is none of the article's; with it goes the agency that is its owner.
func chooseRights(res *attribute.Result, art page.Article) {
	const inText = "rights-line"
	i := slices.IndexFunc(res.Evidence, func(c news.Credit) bool { return c.Role == "rights" && c.Evidence.Rule == inText })
	if i < 0 {
		return
	}
	notice := res.Evidence[i].Name
	at := strings.Index(art.Text, notice)
	if start, line := lineAt(art.Text, max(at, 0)); page.NamesMaker(line) || at >= 0 && start+len(line)+1 < art.Foot {
		res.Credits.Rights = art.Rights
		if a := res.Credits.Agency; a != nil && a.Evidence.Rule == inText {
			res.Credits.Agency = nil
		}
		res.Evidence = slices.DeleteFunc(res.Evidence, func(c news.Credit) bool { return c.Evidence.Rule == inText })
		return
	}
	res.Credits.Rights = notice
	res.Evidence = slices.DeleteFunc(res.Evidence, func(c news.Credit) bool { return c.Role == "rights" && c.Evidence.Rule != inText })
}

// addSiteRights takes the notice of rights of the site where the page has none of the article, unless an agency supplied the article or
// the notice names one.
func addSiteRights(r *attribute.Registry, res *attribute.Result, art page.Article) {
	c := &res.Credits
	if c.Rights != "" || art.SiteRights == "" || c.Agency != nil && c.Agency.Evidence.Rule != "configured" || len(c.Joint) > 0 ||
		c.Dateline != nil && c.Dateline.Agency != "" {
		return
	}
	named := r.Credit(attribute.Input{Item: &news.Item{Rights: art.SiteRights}})
	if named.Credits.Agency != nil || len(named.Credits.Cited) > 0 {
		return
	}
	c.Rights = art.SiteRights
	res.Evidence = append(res.Evidence, news.Credit{Role: "rights", Name: c.Rights,
		Evidence: news.Evidence{Field: "rights", Words: c.Rights, Rule: "rights"}})
}
