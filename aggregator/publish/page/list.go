package page

import (
	"html/template"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
)

// excerptWords bounds the text of one piece on the page of the wire.
const excerptWords = 40

// row is one piece on the page of the wire.
type row struct {
	W         *catalog
	Page      string // of the entry; empty: none
	Lang      string
	Title     string
	Heading   []stretch // the title
	Link      string    // of the source's page; empty: none
	Datetime  string    // RFC 3339
	Clock     string
	Seen      bool // the time is when it was first seen: it has no date
	Text      []stretch
	Credit    template.HTML
	Withdrawn bool
}

// dayRows are the pieces of one day.
type dayRows struct {
	Day  string
	Rows []template.HTML
}

// wireView is the page of the wire, of a part of it or of its archive.
type wireView struct {
	frame
	Heading      string // empty: it is the wire's own page, which the top names
	Days         []dayRows
	Parts        []FeedGroup
	Query, Wrong string // of the search form: none
}

// Wire is a page that lists entries.
type Wire struct {
	Path    string // of the page below the base address; empty: it is the front page
	Before  string // position of the log that the entries are below; empty: none
	Archive string // number of the archive page; empty: it is none
	Title   string // of what is listed; on the front page that of the wire
	Feed    string // path of its feed below the base address, without the format
	Query   string // of the address of its feed
	Older   string // address of the page with the entries before these, below the base address; empty: there is none
	Rows    []Row
}

// Row is an entry in a list, as [Site.Row] rendered it.
type Row struct {
	At   time.Time // what the list is ordered by
	HTML template.HTML
}

// Wire renders a list of entries.
func (s *Site) Wire(l Wire) ([]byte, error) {
	view := wireView{frame: s.frame(l.Path)}
	up := upFrom(l.Path)
	switch {
	case l.Before != "":
		view.Canonical, view.Heading, view.Home = s.Addresses.Base+"?before="+l.Before, view.W.Older, false
	case l.Path == "":
		view.Canonical, view.Parts = s.Addresses.Base, s.parts()
	case l.Archive != "":
		view.Canonical, view.Heading = s.Addresses.Base+l.Path, view.W.Archive+" "+l.Archive
	default:
		view.Heading = l.Title
		view.Feeds = append(view.Feeds, FeedLink{Title: l.Title, Path: up + l.Feed, Query: l.Query})
	}
	if view.Heading != "" {
		view.Title = view.Heading + " – " + view.Site
	}
	if l.Older != "" {
		view.Older = up + l.Older
	}
	for _, r := range l.Rows {
		day := view.W.Day(r.At.In(s.zone()))
		if n := len(view.Days); n == 0 || view.Days[n-1].Day != day {
			view.Days = append(view.Days, dayRows{Day: day})
		}
		last := &view.Days[len(view.Days)-1]
		last.Rows = append(last.Rows, r.HTML)
	}
	return execute("wire", view)
}

// Row renders an entry for a list on the page at the path below the base address.
func (s *Site) Row(c *view.Entry, path string) (template.HTML, error) {
	r := s.row(c)
	if r.Page != "" {
		r.Page = upFrom(path) + r.Page
	}
	b, err := execute("row", r)
	return template.HTML(b), err // the template escaped it
}

func (s *Site) row(c *view.Entry) row {
	w := catalogFor(s.Language)
	r := row{W: w, Datetime: c.At.UTC().Format(time.RFC3339), Clock: w.Clock(c.At.In(s.zone())), Seen: c.Published.IsZero()}
	if c.Entry.State == news.Withdrawn {
		heading, notice := w.gone(c)
		r.Title, r.Text, r.Withdrawn = heading, []stretch{{Text: notice}}, true
	} else {
		r.Page, r.Lang, r.Title, r.Link = s.Addresses.EntryPath(c.Entry.Key), c.Lang, c.Title, c.Link
		r.Credit = template.HTML(c.CreditLineHTML()) // every part of it was escaped
		if t := c.Excerpt(excerptWords); t != "" {
			r.Text = []stretch{{Text: t}}
		}
	}
	r.Heading = []stretch{{Text: r.Title}}
	return r
}

// gone returns heading and text of the notice on a page.
func (w *catalog) gone(c *view.Entry) (heading, text string) {
	by := c.Withdrawer()
	if by == "" {
		return w.Gone, w.Withdrawal("")
	}
	return view.Fill(w.GoneBy, "who", by), w.Withdrawal(by)
}
