package feed

import (
	"time"

	"github.com/gorilla/feeds"

	"dateline/aggregator/publish/view"
)

// Note is an entry of Atom about another entry: how it changed, or who published it too.
type Note struct {
	ID         string    // atom:id
	Lang       string    // of title and content, BCP 47; empty: that of the feed
	Title      string    // plain text
	Published  time.Time // constant
	Updated    time.Time // never zero
	Link       string    // address of a page; not empty
	Via        string    // of the source's own page; may be empty
	Authors    []view.Party
	Categories []Term
	Content    string // HTML
}

// Term is a category of a note.
type Term struct{ Scheme, Term, Label string }

// AtomNote writes a note as a document of Atom has it.
func AtomNote(n Note) (Entry, error) {
	a := &atomEntry{
		AtomEntry: feeds.AtomEntry{
			Id: n.ID, Updated: stamp(n.Updated), Published: stamp(n.Published), Content: &feeds.AtomContent{Type: "html", Content: n.Content},
		},
		Title:   atomTitle(n.Title),
		Links:   []atomLink{{Rel: "alternate", Type: TypeHTML, Href: n.Link}},
		Authors: people(n.Authors),
	}
	if n.Lang != "" {
		a.Lang = &n.Lang
	}
	if n.Via != "" {
		a.Links = append(a.Links, atomLink{Rel: "via", Href: n.Via})
	}
	for _, t := range n.Categories {
		a.Categories = append(a.Categories, atomCategory{Term: t.Term, Scheme: t.Scheme, Label: t.Label})
	}
	return writeXML(a, "  ", a.uses())
}
