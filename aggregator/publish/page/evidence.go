package page

import (
	"cmp"
	"strings"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
)

// creditView is a line of the table of credits.
type creditView struct {
	Role     string
	Name     string // as printed, without tags and mail addresses
	Agency   listItem
	Evidence string
}

// creditViews lists every credit with its evidence, those that lost last.
func (s *Site) creditViews(w *catalog, c *view.Entry) []creditView {
	granted := c.Title + " " + c.GrantedText()
	var all []creditView
	put := func(role news.Role, cr news.Credit) {
		v := creditView{Role: w.role(role), Name: view.Name(cr.Name), Evidence: w.evidence(cr, granted)}
		if p := c.Item.Page; p != nil && cr.Evidence.Field == onPage {
			v.Evidence = strings.ReplaceAll(v.Evidence, "{at}", w.Moment(p.At))
		}
		agency := cmp.Or(view.Name(cr.Display), view.Name(s.Views.AgencyName(cr.Agency, w.Lang)))
		v.Agency = listItem{Link: s.Views.Site(cr.Agency), Text: agency}
		if v.Agency.Text == v.Name { // once is enough
			v.Name = ""
		}
		all = append(all, v)
	}
	cs := c.Item.Credits
	if cs.Agency != nil {
		put(news.Originator, *cs.Agency)
	} else {
		put(news.Originator, news.Credit{Name: c.Agency.Name, Agency: c.Agency.Key, Evidence: news.Evidence{Field: "source"}})
	}
	for _, cr := range cs.Joint {
		put(news.Originator, cr)
	}
	for _, cr := range cs.Byline {
		put(news.Byline, cr)
	}
	for _, ph := range c.Photos {
		for _, cr := range ph.Chain {
			if cr.Evidence == (news.Evidence{}) {
				cr.Evidence = ph.Evidence
			}
			put(cr.Role, cr)
		}
	}
	for _, cr := range cs.Cited {
		put(news.Cited, cr)
	}
	for _, cr := range cs.Other {
		put(cr.Role, cr)
	}
	return all
}

// onPage is the field of evidence that was read on the article's page, whose text is not kept and not quoted.
const onPage = "page"

// evidence says where a credit was read, and by which rule. Words of the text are quoted where they are others
// than the name, and granted.
func (w *catalog) evidence(cr news.Credit, granted string) string {
	e := cr.Evidence
	where := w.orName("field", view.OneLine(e.Field))
	rule := view.OneLine(e.Rule)
	if strings.HasPrefix(rule, "dateline-") {
		rule = "dateline"
	}
	rule = w.orName("rule", rule)
	text := strings.Join(strings.FieldsFunc(where+"\x00"+rule, func(r rune) bool { return r == 0 }), ": ")
	quoted := view.OneLine(e.Words)
	if quoted == "" || quoted == view.OneLine(cr.Name) || e.Field == onPage || e.Field == "text" && !strings.Contains(granted, quoted) {
		return text
	}
	return text + w.quoted(quoted)
}
