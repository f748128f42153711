package publish

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"
)

// style is the only style sheet; pages hold it inline, and the policy allows it by its hash.
//
//go:embed pages/style.css
var style string

//go:embed pages/*.html
var pagesHTML embed.FS

var (
	styleSource = sourceOf(style)
	templates   = template.Must(template.ParseFS(pagesHTML, "pages/*.html"))
)

// sourceOf returns the source expression of an inline style for a Content-Security-Policy (CSP 3).
func sourceOf(style string) string {
	sum := sha256.Sum256([]byte(style))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

// frame is what all pages share.
type frame struct {
	W     *catalog
	Title string
	Site  string // title of the wire
	Root  string // relative address of `/`
	Home  bool   // it is the page at `/`
	Nav   []navLink
	Feeds []feedLink
	Style template.CSS
	// Searches says that there is a search, LongestQuery what fits into its form.
	Searches     bool
	LongestQuery int
	Contact      *contact // nil: none
}

type navLink struct {
	Href, Text string
	Here       bool
}

// contact is whom readers may ask.
type contact struct{ Href, Text string }

// frame returns the frame of the page at the path below the base address.
func (p *Publisher) frame(path string) frame {
	up := strings.Repeat("../", strings.Count(path, "/"))
	site := cmp.Or(oneLine(p.o.Title), "Agency wire")
	f := frame{W: pageCatalogFor(p.o.Language), Title: site, Site: site, Root: cmp.Or(up, "./"), Home: path == "", Style: template.CSS(style)}
	f.Nav = []navLink{
		{Href: f.Root, Text: f.W.Wire, Here: path == ""},
	}
	if p.o.States != nil {
		f.Nav = append(f.Nav, navLink{Href: up + "sources", Text: f.W.Sources, Here: path == "sources"})
	}
	if f.Searches, f.LongestQuery = p.o.Find != nil, maxQuery; f.Searches {
		f.Nav = append(f.Nav, navLink{Href: up + "search", Text: f.W.Search, Here: path == "search"})
	}
	f.Nav = append(f.Nav, navLink{Href: up + "feed.atom", Text: f.W.Subscribe})
	f.Feeds = []feedLink{{Title: site, Path: up + "feed"}}
	if c := oneLine(p.o.Contact); c != "" {
		f.Contact = &contact{Href: web(c), Text: c}
		if mail.MatchString(c) && f.Contact.Href == "" {
			f.Contact.Href = "mailto:" + mail.FindString(c)
		}
	}
	return f
}

// execute renders one of the templates.
func execute(name string, view any) ([]byte, error) {
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, name, view); err != nil {
		return nil, fmt.Errorf("publish: page: %w", err)
	}
	return b.Bytes(), nil
}
