package page

import "html/template"

// lines writes the lines of the table of a story.
func lines(events []eventView) template.HTML {
	var m markup
	m.Grow(800 * len(events))
	for _, e := range events {
		m.open("tr")
		m.open("td", "class", "when")
		m.time(e.Time)
		m.close("td")
		m.element("td", e.Behind, "class", "behind")
		m.element("td", e.Who, "class", "name")
		m.open("td", "class", "what")
		m.WriteString(string(symbols[e.Mark]))
		m.text(" " + e.What)
		m.close("td")
		m.open("td", "class", "headline", "dir", "auto")
		e.writeHeadline(&m)
		m.close("td")
		m.close("tr")
		m.WriteByte('\n')
	}
	return template.HTML(m.String()) // every part of it was escaped
}

// writeHeadline writes the headline as a link, or what changed.
func (e eventView) writeHeadline(m *markup) {
	if e.Link != "" {
		m.element("a", e.Headline, "href", e.Link, "lang", e.Lang)
		return
	}
	m.text(e.Headline)
	if len(e.Title) == 0 {
		return
	}
	m.text(" ")
	m.open("span", "lang", e.Lang, "dir", e.Dir)
	for _, c := range e.Title {
		m.change(c)
		m.text(" ")
	}
	m.close("span")
}
