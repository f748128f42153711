package page

import (
	"html"
	"strings"
)

// markup writes HTML where a template takes too long: rows and lines of tables, of which a page has many. It escapes all text and all
// values.
type markup struct{ strings.Builder }

// open begins an element. attributes are names and values; one whose value is empty is left out.
func (m *markup) open(name string, attributes ...string) {
	m.WriteString("<" + name)
	for i := 0; i+1 < len(attributes); i += 2 {
		if attributes[i+1] != "" {
			m.WriteString(" " + attributes[i] + `="`)
			m.text(attributes[i+1])
			m.WriteByte('"')
		}
	}
	m.WriteByte('>')
}

// close ends an element.
func (m *markup) close(name string) { m.WriteString("</" + name + ">") }

// text writes a text.
func (m *markup) text(s string) { m.WriteString(html.EscapeString(s)) }

// element writes an element with a text.
func (m *markup) element(name, text string, attributes ...string) {
	m.open(name, attributes...)
	m.text(text)
	m.close(name)
}

// link writes a text that leads to an address; the text alone where that is empty. The address must have been checked ([view.Web]) or
// be ours.
func (m *markup) link(text, href string, attributes ...string) {
	if href == "" {
		m.text(text)
		return
	}
	m.element("a", text, append([]string{"href", href}, attributes...)...)
}

// stretches writes a text whose marked parts are highlighted.
func (m *markup) stretches(all []stretch) {
	for _, s := range all {
		if s.Mark {
			m.element("mark", s.Text)
		} else {
			m.text(s.Text)
		}
	}
}

// time writes a moment as the template `time` does.
func (m *markup) time(t timeView) {
	if t.Before != "" {
		m.text(t.Before + " ")
	}
	m.element("time", t.Text, "datetime", t.Datetime)
}

// change writes a stretch of a text as the template `diff` does.
func (m *markup) change(c changeView) {
	if c.Tag == "" {
		m.text(c.Words)
		return
	}
	m.open(c.Tag)
	m.element("span", c.Label+" ", "class", "unseen", "lang", c.Lang)
	m.text(c.Words)
	m.close(c.Tag)
}

// feeds links a feed in its formats as the template `formats` does.
func (m *markup) feeds(l FeedLink) {
	for i, f := range l.Formats() {
		if i > 0 {
			m.text(" ")
		}
		m.link(f.Short, l.Path+f.Ending+l.Query, "aria-label", l.Title+", "+f.Name)
	}
}
