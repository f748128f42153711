package publish

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the templates and the style
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/text"
)

// excerptWords bounds the text of one piece on the page of the wire.
const excerptWords = 40

// style is the only style sheet; pages hold it inline, and the policy allows it by its hash.
//
//go:embed style.css
var style string

//go:embed pages.html
var pagesHTML string

var (
	styleSource = sourceOf(style)
	templates   = template.Must(template.New("pages").Parse(pagesHTML))
)

// sourceOf returns the source expression of an inline style for a Content-Security-Policy (CSP 3).
func sourceOf(style string) string {
	sum := sha256.Sum256([]byte(style))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// frame is what all pages share.
type frame struct {
	W       *words
	Title   string
	Site    string // title of the wire
	Up      string // relative path to `/`
	Style   template.CSS
	Contact *contact // nil: none
}

// contact is whom readers may ask.
type contact struct{ Href, Text string }

func (p *Publisher) frame(up string) frame {
	site := first(line(p.o.Title), "Agency wire")
	f := frame{W: wordsFor(p.o.Language), Title: site, Site: site, Up: up, Style: template.CSS(style)}
	if c := line(p.o.Contact); c != "" {
		f.Contact = &contact{Href: web(c), Text: c}
		if mail.MatchString(c) && f.Contact.Href == "" {
			f.Contact.Href = "mailto:" + mail.FindString(c)
		}
	}
	return f
}

// row is one piece on the page of the wire.
type row struct {
	W         *words
	Key       string
	Lang      string
	Title     string
	Link      string // of the source's page; empty: none
	Datetime  string // RFC 3339
	Clock     string
	Seen      bool // the time is when it was first seen: it has no date
	Text      string
	Credit    template.HTML
	Withdrawn bool
}

// Page renders the wire as a person reads it, in HTML: the entries of the subscription document. It returns
// [ErrRead] where r could not be read.
func (p *Publisher) Page(r Reader) (*Document, error) {
	s, err := p.subscription(r)
	if err != nil {
		return nil, err
	}
	return p.page(s)
}

// dayRows are the pieces of one day.
type dayRows struct {
	Day  string
	Rows []template.HTML
}

func (p *Publisher) page(s *selection) (*Document, error) {
	view := struct {
		frame
		Self string
		Days []dayRows
	}{frame: p.frame(""), Self: p.base}
	for _, f := range s.parts {
		b, err := f.row()
		if err != nil {
			return nil, fmt.Errorf("publish: page: %w", err)
		}
		day := view.W.day(f.c.at)
		if n := len(view.Days); n == 0 || view.Days[n-1].Day != day {
			view.Days = append(view.Days, dayRows{Day: day})
		}
		last := &view.Days[len(view.Days)-1]
		last.Rows = append(last.Rows, b)
	}
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, "wire", view); err != nil {
		return nil, fmt.Errorf("publish: page: %w", err)
	}
	return &Document{Bytes: b.Bytes(), MediaType: typeHTML, Position: s.position, Updated: s.updated, Entries: len(s.parts)}, nil
}

// rowHTML renders a piece for the page of the wire.
func (p *Publisher) rowHTML(c *piece) (template.HTML, error) {
	w := wordsFor(p.o.Language)
	r := row{
		W: w, Key: c.e.Key.String(), Lang: c.lang, Title: c.title, Link: c.link,
		Datetime: c.at.UTC().Format(time.RFC3339), Clock: w.clock(c.at), Seen: c.published.IsZero(),
	}
	if c.e.State == news.Withdrawn {
		r.Title, r.Link, r.Lang, r.Text, r.Withdrawn = "Withdrawn", "", "", c.words.Withdrawn, true
	} else {
		r.Credit = template.HTML(c.lineHTML()) // every part of it was escaped
		r.Text = c.excerpt()
	}
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, "row", r); err != nil {
		return "", err
	}
	return template.HTML(b.String()), nil // the template escaped it
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

// account is what the page of an entry tells: the piece, its items and their past.
type account struct {
	merged    news.Key // the entry that it was merged into; zero: none
	c         *piece
	items     []news.Item
	revisions []news.Item // of the representative, newest first
}

// revisionsShown bounds the revisions on the page of an entry.
const revisionsShown = 50

// account reads the entry k; nil where there is none that is public.
func (p *Publisher) account(r Reader, k news.Key) (*account, error) {
	e, ok, err := r.Entry(k)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: entry %s: %w", ErrRead, k, err)
	case !ok, e.State == news.Held, e.State == news.Merged && (e.Into.IsZero() || e.Into == k):
		return nil, nil
	case e.State == news.Merged:
		return &account{merged: e.Into}, nil
	}
	items, err := members(r, e)
	if err != nil || len(items) == 0 {
		return nil, err
	}
	a := &account{c: p.piece(e, items), items: items}
	if a.c.tellings, err = p.tellings(r, e); err != nil {
		return nil, err
	}
	newest := items[0].Revision
	for n := newest; n > max(0, newest-revisionsShown); n-- {
		it, ok, err := r.Revision(e.Key, n)
		if err != nil {
			return nil, fmt.Errorf("%w: revision %d of %s: %w", ErrRead, n, k, err)
		}
		if ok {
			a.revisions = append(a.revisions, it)
		}
	}
	return a, nil
}
