package page

import (
	"cmp"
	"html/template"
	"slices"
	"time"
)

// dayRows are the entries of one day.
type dayRows struct {
	Day, Zone string
	Rows      []template.HTML
}

// wireView is the page of the wire, of a part of it or of its archive.
type wireView struct {
	frame
	Heading string // empty: it is the wire's own page, which the top names
	Lang    string // of the heading, BCP 47; empty: that of the page
	Facts   []Fact
	Formats *FeedLink // feed of the part; nil: none
	Days    []dayRows
	Rail    template.HTML
	Nothing string // why there are no entries; empty: it is not known
	Demo    bool   // it is said how to see what a wire looks like
	Strip   template.HTML
}

// Wire is a page that lists entries.
type Wire struct {
	Path    string // of the page below the base address; empty: it is the front page
	Before  string // position of the log that the entries are below; empty: none
	Archive string // number of the archive page; empty: it is none
	Title   string // of what is listed; on the front page that of the wire
	Heading string // of a part: its name; empty: Title
	Lang    string // of Heading, BCP 47; empty: that of the page
	Feed    string // path of its feed below the base address, without the format; empty: it has none
	Query   string // of the address of its feed
	Facts   []Fact // about a part
	Older   string // address of the page with the entries before these, below the base address; empty: there is none
	Rows    []Row
	Rail    *Rail         // nil: none
	Strip   template.HTML // the drawing of the last day; empty: none
}

// Fact is a line about a part of the wire, such as the sources of an agency.
type Fact struct {
	Name  string // in the words of the page
	Links []Link
}

// Link is a name and where it leads. An address of ours is relative to `/`.
type Link struct {
	Lang, Text string
	Href       string // empty: nowhere
	Outside    bool   // the address is none of ours
	After      string // behind the link; may be empty
	Here       bool   // it leads to the page itself
}

// Row is an entry in a list, as [Site.Row] rendered it.
type Row struct {
	At   time.Time     // what the list is ordered by
	HTML template.HTML // the row as it is on every page
}

// Wire renders a list of entries.
func (s *Site) Wire(l Wire) ([]byte, error) {
	view := wireView{frame: s.frame(l.Path), Lang: l.Lang, Facts: l.Facts, Strip: l.Strip}
	view.Rail = l.Rail.at(l.Path).html(view.W)
	up := upFrom(l.Path)
	switch {
	case l.Archive != "":
		view.Heading = view.W.Archive + " " + l.Archive
	case l.Path != "":
		view.Heading = cmp.Or(l.Heading, l.Title)
		if l.Feed != "" {
			view.Formats = &FeedLink{Title: l.Title, Path: up + l.Feed, Query: l.Query}
			view.Feeds = slices.Insert(view.Feeds, 0, *view.Formats)
		}
	case l.Before != "":
		view.Heading, view.Home = view.W.Older, false
	}
	view.Canonical = s.Addresses.Base + l.Path
	if l.Before != "" {
		view.Canonical += "?before=" + l.Before
	}
	if view.Heading != "" {
		view.Title = view.Heading + " – " + view.Site
	}
	for i := range view.Facts {
		view.Facts[i].Links = reached(up, view.Facts[i].Links)
	}
	view.Older = l.Older
	view.Days = s.days(view.W, l.Rows)
	return execute("wire", view)
}

// days puts rows under the days of their time.
func (s *Site) days(w *catalog, rows []Row) (all []dayRows) {
	for _, r := range rows {
		at := r.At.In(s.zone())
		day := w.Day(at)
		if n := len(all); n == 0 || all[n-1].Day != day {
			all = append(all, dayRows{Day: day, Zone: zoneOfDay(at)})
		}
		last := &all[len(all)-1]
		last.Rows = append(last.Rows, r.HTML)
	}
	return all
}

// reached returns links as a page reaches them that is `up` from `/`.
func reached(up string, links []Link) []Link {
	all := slices.Clone(links)
	for i, l := range all {
		if l.Href != "" && !l.Outside {
			all[i].Href = up + l.Href
		}
	}
	return all
}
