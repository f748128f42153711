package publish

import (
	"cmp"
	"html/template"
	"strings"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
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

// Page renders the wire as a person reads it, in HTML: the entries of the subscription document. It returns
// [ErrRead] where r could not be read.
func (p *Publisher) Page(r Reader) (*Document, error) { return p.Feed(r, Listing{}, HTML) }

// dayRows are the pieces of one day.
type dayRows struct {
	Day  string
	Rows []template.HTML
}

// wireView is the page of the wire, of a part of it or of its archive.
type wireView struct {
	frame
	Self         string // address; empty: it stands nowhere
	Heading      string // empty: it is the wire's own page, which the top names
	Days         []dayRows
	Older        string // address of the page before in the archives; empty: there is none
	Parts        []feedsView
	Query, Wrong string // of the search form: none
}

// page lists the entries of s. That of a whole wire stands at `/`, those of archives beside the archives.
func (p *Publisher) page(s *selection) (*Document, error) {
	path := ""
	if s.path != "feed" {
		path = s.path + ".html"
	}
	view := wireView{frame: p.frame(path)}
	up := strings.Repeat("../", strings.Count(path, "/"))
	switch {
	case path == "":
		view.Self, view.Parts = p.at.Base, p.parts(view.W, up)
	case s.archive:
		view.Self, view.Heading = p.at.Base+path, view.W.Archive+" "+strings.TrimPrefix(s.path, "archive/")
	default:
		view.Heading = s.title
		view.Feeds = append(view.Feeds, feedLink{Title: s.title, Path: up + s.path, Query: s.query})
	}
	if view.Heading != "" {
		view.Title = view.Heading + " – " + view.Site
	}
	if s.prev != "" {
		view.Older = up + s.prev + ".html"
	}
	for _, f := range s.parts {
		b, err := p.rowOf(f, up)
		if err != nil {
			return nil, err
		}
		day := view.W.day(f.c.at)
		if n := len(view.Days); n == 0 || view.Days[n-1].Day != day {
			view.Days = append(view.Days, dayRows{Day: day})
		}
		last := &view.Days[len(view.Days)-1]
		last.Rows = append(last.Rows, b)
	}
	b, err := execute("wire", view)
	if err != nil {
		return nil, err
	}
	return s.document(typeHTML, b), nil
}

// rowOf renders an entry view for a page from which up leads to `/`; at `/` that is done once.
func (p *Publisher) rowOf(f *fragment, up string) (template.HTML, error) {
	if up == "" {
		return f.row()
	}
	return p.rowHTML(f.c, up)
}

// rowHTML renders an entry view for a page from which up leads to `/`.
func (p *Publisher) rowHTML(c *entryView, up string) (template.HTML, error) {
	r := p.row(c)
	if r.Page != "" {
		r.Page = up + r.Page
	}
	b, err := execute("row", r)
	return template.HTML(b), err // the template escaped it
}

func (p *Publisher) row(c *entryView) row {
	w := pageCatalogFor(p.o.Language)
	r := row{W: w, Datetime: c.at.UTC().Format(time.RFC3339), Clock: w.clock(c.at), Seen: c.published.IsZero()}
	if c.e.State == news.Withdrawn {
		heading, notice := w.gone(c)
		r.Title, r.Text, r.Withdrawn = heading, []stretch{{Text: notice}}, true
	} else {
		r.Page, r.Lang, r.Title, r.Link = "entries/"+c.e.Key.String()+p.at.Ending, c.lang, c.title, c.link
		r.Credit = template.HTML(c.creditLineHTML()) // every part of it was escaped
		if t := c.excerpt(); t != "" {
			r.Text = []stretch{{Text: t}}
		}
	}
	r.Heading = []stretch{{Text: r.Title}}
	return r
}

// excerpt returns the first words of what the grant lets out, from where the lead begins: what stands before
// is told by the credit line.
func (c *entryView) excerpt() string {
	content, summary := c.grant.texts(c.it)
	granted := plainText(cmp.Or(summary, content))
	if lead, _ := text.First(c.it.Lead, 4); lead != "" {
		granted = granted[max(0, strings.Index(granted, lead)):]
	}
	words, cut := text.First(granted, excerptWords)
	if cut {
		words += " …"
	}
	return words
}
