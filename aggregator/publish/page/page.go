// Package page writes views of entries as pages in HTML: a list of entries, one entry with its past, a search, the sources. A page
// runs no script and loads nothing but its icon; its style is inline, allowed by the hash that [StyleSource] returns. Links to other pages
// of the wire are relative.
//
// # Errors
//
// The errors are those of the templates, which no view of an entry causes.
package page

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"
	"sync"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
	"dateline/aggregator/text"
)

// styleCSS is the only style sheet; pages hold it inline, and the policy allows it by its hash.
//
//go:embed templates/style.css
var styleCSS string

// drawingsCSS is the part of it for drawings.
//
//go:embed templates/drawings.css
var drawingsCSS string

//go:embed templates/*.html
var pagesHTML embed.FS

var (
	style       = squeezed(styleCSS + drawingsCSS)
	styleSource = sourceOf(style)
)

// templates are parsed when the first page is made: most commands make none.
var templates = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(pagesHTML, "templates/*.html"))
})

// StyleSource is the source expression of the style sheet that pages hold inline.
func StyleSource() string { return styleSource }

// squeezed returns a style sheet without its lines of comment.
func squeezed(css string) string {
	var b strings.Builder
	for l := range strings.Lines(css) {
		if !strings.HasPrefix(l, "/*") {
			b.WriteString(l)
		}
	}
	return b.String()
}

// sourceOf returns the source expression of an inline style for a Content-Security-Policy (CSP 3).
func sourceOf(style string) string {
	sum := sha256.Sum256([]byte(style))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// Site is what the pages of a wire share. Set it up once; its methods may be called at the same time.
type Site struct {
	Title     string // of the wire
	Language  string // of the words of pages, BCP 47; in English where there are none in it
	Contact   string // address or URL for questions; may be empty
	Addresses view.Addresses
	Sources   []news.Source     // the configured sources
	Topics    map[string]string // names of topics for readers, by id
	Views     *view.Maker       // made the views; looks up sources and agencies
	MaxQuery  int               // bytes of a query; 0: there is no search
	States    bool              // there is a page of sources
	Zone      *time.Location    // of times and of the days of lists; nil: UTC
	Places    Places            // nil: each spelling is a place

	stems text.Stemmer

	grouping sync.Once
	groups   []FeedGroup
}

// Places knows the spellings of places.
type Places interface {
	Key(printed string) string // the same for all spellings of a place; never empty for a word
}

// PlaceKey returns the key of a place as printed.
func (s *Site) PlaceKey(printed string) string {
	if s.Places == nil {
		return text.Fold(view.OneLine(printed))
	}
	return s.Places.Key(view.OneLine(printed))
}

// frame is what all pages share.
type frame struct {
	W         *catalog
	Dir       string // of the words, `rtl`; empty: from left to right
	zone      *time.Location
	Title     string
	Site      string // title of the wire
	Root      string // relative address of `/`
	Home      bool   // it is the page at `/`
	Canonical string // its own address; empty: it has none
	Older     string // relative address of the page with the entries before these; empty: there is none
	Nav       []navLink
	// SourcesPage is the relative address of the page of sources; empty: there is none.
	SourcesPage string
	Feeds       []FeedLink // what a reader finds by the address of the page
	Style       template.CSS
	// Searches says that there is a search, LongestQuery what fits into its form. All pages have the form at their top but the page of
	// the search, which shows Query in its own, and what is Wrong with it.
	Searches, Searching bool
	LongestQuery        int
	Query, Wrong        string
	Contact             *contact // nil: none
}

type navLink struct {
	Href, Text string
	Here       bool
}

// contact is the address for questions.
type contact struct{ Href, Text string }

// frame returns the frame of the page at the path below the base address.
func (s *Site) frame(path string) frame {
	up := upFrom(path)
	f := frame{W: catalogFor(s.Language), zone: s.zone(), Title: s.Title, Site: s.Title, Root: cmp.Or(up, "./"), Home: path == ""}
	f.Style, f.Dir = template.CSS(style), direction(f.W.Lang)
	f.Nav = []navLink{
		{Href: f.Root, Text: f.W.Wire, Here: path == ""},
	}
	if s.States {
		f.SourcesPage = up + "sources"
		f.Nav = append(f.Nav, navLink{Href: f.SourcesPage, Text: f.W.Sources, Here: path == "sources"})
	}
	if f.Searches, f.LongestQuery = s.MaxQuery > 0, s.MaxQuery; f.Searches {
		f.Nav = append(f.Nav, navLink{Href: up + "search", Text: f.W.Search, Here: path == "search"})
	}
	f.Nav = append(f.Nav, navLink{Href: up + "subscribe" + s.Addresses.Ending, Text: f.W.Subscribe, Here: path == "subscribe"})
	f.Feeds = []FeedLink{{Title: s.Title, Path: up + "feed"}}
	if c := view.OneLine(s.Contact); c != "" {
		f.Contact = &contact{Href: view.Web(c), Text: c}
		if m := view.MailAddress(c); m != "" && f.Contact.Href == "" {
			f.Contact.Href = "mailto:" + m
		}
	}
	return f
}

// zone returns that of times on pages.
func (s *Site) zone() *time.Location {
	if s.Zone == nil {
		return time.UTC
	}
	return s.Zone
}

// upFrom returns the relative address of `/` on a page at the path below it; empty: they are the same folder.
func upFrom(path string) string { return strings.Repeat("../", strings.Count(path, "/")) }

// direction returns how a language is written, for the attribute dir: `rtl`, or nothing where it is from left to right or not known.
func direction(lang string) string {
	if text.RightToLeft(lang) {
		return "rtl"
	}
	return ""
}

// execute renders one of the templates.
func execute(name string, view any) ([]byte, error) {
	var b bytes.Buffer
	if err := templates().ExecuteTemplate(&b, name, view); err != nil {
		return nil, fmt.Errorf("page: %w", err)
	}
	return b.Bytes(), nil
}
