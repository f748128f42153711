package publish

import (
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
	W         *words
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

func (p *Publisher) page(s *selection) (*Document, error) {
	view := struct {
		frame
		Self         string
		Days         []dayRows
		Query, Wrong string // of the search form: none
	}{frame: p.frame(""), Self: p.base}
	for _, f := range s.parts {
		b, err := f.row()
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

// rowHTML renders a piece for the page of the wire.
func (p *Publisher) rowHTML(c *piece) (template.HTML, error) {
	b, err := execute("row", p.row(c))
	return template.HTML(b), err // the template escaped it
}

func (p *Publisher) row(c *piece) row {
	w := wordsFor(p.o.Language)
	r := row{W: w, Datetime: c.at.UTC().Format(time.RFC3339), Clock: w.clock(c.at), Seen: c.published.IsZero()}
	if c.e.State == news.Withdrawn {
		r.Title, r.Text, r.Withdrawn = w.Gone, []stretch{{Text: w.Withdrawn}}, true
	} else {
		r.Page, r.Lang, r.Title, r.Link = "entries/"+c.e.Key.String(), c.lang, c.title, c.link
		r.Credit = template.HTML(c.lineHTML()) // every part of it was escaped
		if t := c.excerpt(); t != "" {
			r.Text = []stretch{{Text: t}}
		}
	}
	r.Heading = []stretch{{Text: r.Title}}
	return r
}

// excerpt returns the first words of what the grant lets out, from where the lead begins: what stands before
// is told by the credit line.
func (c *piece) excerpt() string {
	content, summary := c.body()
	granted := plainText(first(summary, content))
	if lead, _ := text.First(c.it.Lead, 4); lead != "" {
		granted = granted[max(0, strings.Index(granted, lead)):]
	}
	words, cut := text.First(granted, excerptWords)
	if cut {
		words += " …"
	}
	return words
}
