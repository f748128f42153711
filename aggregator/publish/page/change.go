package page

import (
	"html/template"
	"strings"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
	"dateline/aggregator/text"
)

// ChangeKind says what a change did to an entry.
type ChangeKind string

// The kinds of changes.
const (
	Corrected ChangeKind = "corrected" // its source marked the revision as a correction
	Changed   ChangeKind = "changed"   // headline or text
	Replaced  ChangeKind = "replaced"  // it takes the place of an earlier report of its source
	Withdrawn ChangeKind = "withdrawn"
	Restored  ChangeKind = "restored" // published again after it was withdrawn
)

// ChangeKinds returns every kind.
func ChangeKinds() []ChangeKind {
	return []ChangeKind{Corrected, Changed, Replaced, Withdrawn, Restored}
}

// Change is a change of an entry.
type Change struct {
	View   *view.Entry
	Kind   ChangeKind
	Now    news.Item  // the revision that the change brought
	Before *news.Item // what was published in its place; nil: nothing, or it is not kept
}

// Corrections is what the feed of changes is called, in the words of pages.
func (s *Site) Corrections() string { return catalogFor(s.Language).Corrections }

// changeText is the content of a change.
type changeText struct {
	revisionView
	Lang   string // of the entry
	Credit template.HTML
}

// Change returns the title and the content, as HTML, of a change for feeds: the words that changed as far as their text is granted,
// with the credit line. Of an entry that is withdrawn now it is the notice and nothing else.
func (s *Site) Change(c Change) (title, content string, err error) {
	w := catalogFor(s.Language)
	if c.View.Entry.State == news.Withdrawn {
		b, err := execute("change", changeText{revisionView: revisionView{What: c.View.Withdrawal()}})
		return c.View.WithdrawnTitle(), string(b), err
	}
	headline, body := c.View.TextOf(c.Now)
	v := changeText{Lang: c.View.Lang}
	if s.Views.CreditLine {
		v.Credit = template.HTML(c.View.CreditLineHTML()) // every part of it was escaped
	}
	switch {
	case c.Before != nil:
		was, wasBody := c.View.TextOf(*c.Before)
		v.difference(w, text.Diff(was, headline), text.Diff(wasBody, body))
	case c.Kind == Changed, c.Kind == Corrected:
		v.What = w.OtherChanged
	}
	if said, ok := w.of("change_said", string(c.Kind)); ok {
		mark := view.OneLine(c.Now.Credits.Marker)
		v.What = strings.TrimSpace(view.Fill(said, "mark", mark) + " " + v.What)
	}
	if c.Kind == Corrected {
		headline = view.Unmarked(headline, view.OneLine(c.Now.Credits.Marker))
	}
	b, err := execute("change", v)
	name := view.Fill(w.orName("change", string(c.Kind)), "who", c.View.Publisher.Name, "title", headline)
	return name, string(b), err
}

// Copy returns the title and the content, as HTML, that feeds have of the copy c of a report.
func (s *Site) Copy(c, report *view.Entry) (title, content string) {
	w := catalogFor(s.Language)
	what := view.Fill(w.orName("telling", signCopy), "who", report.Publisher.Name)
	content = "<p>" + template.HTMLEscapeString(what+": "+report.Title) + "</p>"
	return c.Publisher.Name + ", " + what + ": " + c.Title, content
}
