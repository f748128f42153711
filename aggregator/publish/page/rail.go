package page

import (
	"html/template"
	"time"
)

// railShown bounds the parts of a group in the rail; where there are more, a link leads to all of them.
const railShown = 30

// quietAfter is how long before the newest record of the wire a source published last that is shown as quiet. It is no state of the
// present: a list depends on the store alone, and `/sources` has the states.
const quietAfter = 24 * time.Hour

// Rail lists the parts of the wire beside a list: its sources, topics and languages.
type Rail struct{ Groups []railGroup }

type railGroup struct {
	ID, Heading string
	Links       []railLink
	All         *Link // to those that are not shown; nil: all are
}

// railLink leads to a part. Of a source it says when it published last; Datetime is empty where that is not known.
type railLink struct {
	Link
	Datetime, When string
	Source, Quiet  bool
}

// Rail returns the rail. newest says when each source published last, as far as that is known, and head when the wire did.
func (s *Site) Rail(newest map[string]time.Time, head time.Time) *Rail {
	w := catalogFor(s.Language)
	r := &Rail{}
	headings := map[string]string{bySource: w.Sources, byLanguage: w.Languages, byTopic: w.Topics}
	for _, g := range s.FeedGroups() {
		group := railGroup{ID: g.ID, Heading: headings[g.ID]}
		if len(g.Feeds) > railShown {
			group.All = &Link{Text: w.All, Href: "subscribe" + s.Addresses.Ending}
			if g.ID == bySource && s.States {
				group.All.Href = "sources"
			}
		}
		for _, f := range g.Feeds[:min(len(g.Feeds), railShown)] {
			l := railLink{Link: Link{Lang: f.Lang, Text: f.Title, Href: f.Page}, Source: g.ID == bySource}
			if at, known := newest[f.ID]; l.Source {
				if l.Quiet = !known || at.Before(head.Add(-quietAfter)); known {
					l.Datetime, l.When = at.UTC().Format(time.RFC3339), s.briefly(w, at, head)
				}
			}
			group.Links = append(group.Links, l)
		}
		r.Groups = append(r.Groups, group)
	}
	return r
}

// RailSources returns the ids of the sources in the rail.
func (s *Site) RailSources() (ids []string) {
	for _, g := range s.FeedGroups() {
		if g.ID != bySource {
			continue
		}
		for _, f := range g.Feeds[:min(len(g.Feeds), railShown)] {
			ids = append(ids, f.ID)
		}
	}
	return ids
}

// briefly prints a time as far as it differs from now: of the same day the clock, of the same year the day.
func (s *Site) briefly(w *catalog, at, now time.Time) string {
	at, now = at.In(s.zone()), now.In(s.zone())
	switch {
	case w.Day(at) == w.Day(now):
		return at.Format("15:04")
	case at.Year() == now.Year():
		return w.ShortDay(at)
	}
	return w.Day(at)
}

// at returns the rail as the page at a path reaches it; nil where r is. The wire's own page, at the empty path, says when sources
// published last: a page of a part changes with the part alone.
func (r *Rail) at(path string) *Rail {
	if r == nil {
		return nil
	}
	up := upFrom(path)
	here := &Rail{}
	for _, g := range r.Groups {
		links := make([]railLink, len(g.Links))
		for i, l := range g.Links {
			l.Here, l.Href = l.Href == path, up+l.Href
			if path != "" {
				l.Datetime, l.When, l.Source, l.Quiet = "", "", false, false
			}
			links[i] = l
		}
		g.Links = links
		if g.All != nil {
			all := *g.All
			all.Href = up + all.Href
			g.All = &all
		}
		here.Groups = append(here.Groups, g)
	}
	return here
}

// html writes the rail in the words of a page; nothing where r is nil. With a template it took longer than all else of the page.
func (r *Rail) html(w *catalog) template.HTML {
	if r == nil {
		return ""
	}
	var m markup
	m.open("nav", "class", "rail", "aria-label", w.Parts)
	m.WriteByte('\n')
	for _, g := range r.Groups {
		m.open("section", "aria-labelledby", g.ID)
		m.WriteByte('\n')
		m.element("h2", g.Heading, "id", g.ID)
		m.WriteString("\n<ul>\n")
		for _, l := range g.Links {
			l.html(&m)
		}
		if g.All != nil {
			m.open("li")
			m.link(g.All.Text, g.All.Href)
			m.WriteString("</li>\n")
		}
		m.WriteString("</ul>\n</section>\n")
	}
	m.close("nav")
	return template.HTML(m.String())
}

// html writes the line of a part.
func (l railLink) html(m *markup) {
	class, here := "", ""
	switch {
	case l.Quiet:
		class = "source quiet"
	case l.Source:
		class = "source"
	}
	if l.Here {
		here = "page"
	}
	m.open("li", "class", class)
	m.open("a", "href", l.Href, "aria-current", here)
	m.element("bdi", l.Text, "lang", l.Lang)
	m.close("a")
	if l.When != "" {
		m.WriteByte(' ')
		m.element("time", l.When, "datetime", l.Datetime)
	}
	m.WriteString("</li>\n")
}
