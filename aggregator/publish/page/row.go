package page

import (
	"cmp"
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/bidi"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
)

// excerptWords bounds the text of an entry in a list.
const excerptWords = 40

// row is an entry in a list: the agency as a slug with place and day of the dateline, flags, the headline, how the text begins, the
// rest of the credits.
type row struct {
	W         *catalog
	Lang, Dir string
	Datetime  string // RFC 3339
	Clock     string
	Seen      bool // the time is when it was first seen: it has no date
	Slug      []slugName
	Place     Link
	Day       string // of the dateline
	Flags     []rowFlag
	Page      string // of the entry; empty: it has none
	Heading   []stretch
	Text      []stretch
	Credit    template.HTML
	Out       Link // to the source's page
	Withdrawn bool
}

// slugName is an agency in a slug; Before is between it and the one before.
type slugName struct {
	Link
	Before string
}

// rowFlag is a mark of a row. Kind names it in the style sheet, Title says more.
type rowFlag struct{ Kind, Text, Title string }

// Row renders an entry for lists on pages that are `up` from `/`: nothing, or `../` as often as there are folders.
func (s *Site) Row(c *view.Entry, up string) template.HTML { return s.row(c, up).html() }

// html writes the row.
func (r row) html() template.HTML {
	var m markup
	m.Grow(1500)
	m.open("article", "class", "row", "lang", r.Lang, "dir", r.Dir)
	m.open("p", "class", "when", "lang", r.W.Lang)
	if r.Seen {
		m.element("span", r.W.FirstSeen, "class", "seen")
		m.text(" ")
	}
	m.element("time", r.Clock, "datetime", r.Datetime)
	m.close("p")
	gone := ""
	if r.Withdrawn {
		gone = "gone"
	} else {
		r.writeSlug(&m)
	}
	m.open("h3", "class", gone)
	if r.Page != "" {
		m.open("a", "href", r.Page)
		m.stretches(r.Heading)
		m.close("a")
	} else {
		m.stretches(r.Heading)
	}
	m.close("h3")
	if len(r.Text) > 0 {
		m.open("p", "class", strings.TrimSuffix("excerpt "+gone, " "))
		m.stretches(r.Text)
		m.close("p")
	}
	if r.Credit != "" {
		m.open("p", "class", "credit")
		m.WriteString(string(r.Credit))
		m.close("p")
	}
	m.close("article")
	m.WriteByte('\n')
	return template.HTML(m.String())
}

// writeSlug writes the agency, the dateline, the flags and the link to the source's page.
func (r row) writeSlug(m *markup) {
	m.open("p", "class", "slug")
	for _, n := range r.Slug {
		m.text(n.Before)
		m.open("b")
		m.link(n.Text, n.Href)
		m.close("b")
	}
	if r.Place.Text != "" || r.Day != "" {
		m.text(" ")
		m.open("span", "class", "filed")
		m.link(r.Place.Text, r.Place.Href)
		if r.Place.Text != "" && r.Day != "" {
			m.text(", ")
		}
		m.text(r.Day)
		m.close("span")
	}
	if len(r.Flags) > 0 {
		m.text(" ")
		m.open("span", "class", "flags", "lang", r.W.Lang)
		for _, f := range r.Flags {
			m.element("span", f.Text, "class", f.Kind, "title", f.Title)
			m.text(" ")
		}
		m.close("span")
	}
	if r.Out.Href != "" {
		m.text(" ")
		m.link(r.Out.Text+" ↗", r.Out.Href, "class", "out", "rel", "external")
	}
	m.close("p")
}

func (s *Site) row(c *view.Entry, up string) row {
	w := catalogFor(s.Language)
	at := c.At.In(s.zone())
	r := row{W: w, Datetime: c.At.UTC().Format(time.RFC3339), Clock: at.Format("15:04"), Seen: c.Published.IsZero()}
	if zone := at.Format("MST"); zone != zoneOfDay(at) {
		r.Clock += " " + zone
	}
	if c.Entry.State == news.Withdrawn {
		heading, notice := w.gone(c)
		r.Heading, r.Text, r.Withdrawn = []stretch{{Text: heading}}, []stretch{{Text: notice}}, true
		return r
	}
	r.Page = up + s.Addresses.EntryPath(c.Entry.Key)
	r.Lang, r.Dir = c.Lang, directionOf(c)
	r.Heading = []stretch{{Text: unmarked(c)}}
	r.Slug, r.Day = s.slug(c, up), c.DatelineDay()
	if r.Place = (Link{Text: c.Place()}); r.Place.Text != "" {
		if at := s.Addresses.PlacePage(s.PlaceKey(c.Item.Credits.Dateline.Place)); at != "" {
			r.Place.Href = up + at
		}
	}
	r.Flags = w.flags(c)
	if t := c.Excerpt(excerptWords); t != "" {
		r.Text = []stretch{{Text: t}}
	}
	r.Credit = template.HTML(c.CreditRestHTML()) // every part of it was escaped
	if c.Link != "" {
		r.Out = Link{Text: hostOf(c.Link), Href: c.Link}
	}
	return r
}

// unmarked returns the headline of an entry, of a correction without the mark before it.
func unmarked(c *view.Entry) string {
	if !c.Corrected() {
		return c.Title
	}
	return view.Unmarked(c.Title, view.OneLine(c.Item.Credits.Marker))
}

// slug names the originators.
func (s *Site) slug(c *view.Entry, up string) (all []slugName) {
	names := c.Originators()
	for i, who := range names {
		n := slugName{Link: Link{Text: who.Name}}
		if at := s.Addresses.AgencyPage(who.Key); at != "" {
			n.Href = up + at
		}
		switch i {
		case 0:
		case len(names) - 1:
			n.Before = " " + c.And() + " "
		default:
			n.Before = ", "
		}
		all = append(all, n)
	}
	return all
}

// flags says what there is besides the headline: that it is a correction, others who published it, revisions, a photo.
func (w *catalog) flags(c *view.Entry) (all []rowFlag) {
	if c.Corrected() {
		all = append(all, rowFlag{"corrected", w.FlagCorrected, view.OneLine(c.Item.Credits.Marker)})
	}
	if others := c.Publishers()[1:]; len(others) > 0 {
		all = append(all, rowFlag{"more", "+" + strconv.Itoa(len(others)), w.Copies + ": " + strings.Join(others, ", ")})
	}
	if n := c.Item.Revision; n > 1 {
		all = append(all, rowFlag{"revision", view.Fill(w.FlagRevision, "n", strconv.Itoa(n)), w.Revision + " " + strconv.Itoa(n)})
	}
	if len(c.Photos) > 0 || len(c.Pictures()) > 0 {
		all = append(all, rowFlag{"photo", w.FlagPhoto, strings.Join(view.PhotoLines(c.Photos), "; ")})
	}
	return all
}

// directionOf returns how an entry is written, for the attribute dir: as its language is, else as its headline begins.
func directionOf(c *view.Entry) string {
	if c.Lang != "" {
		return cmp.Or(direction(c.Lang), "ltr")
	}
	for _, r := range c.Title {
		p, _ := bidi.LookupRune(r)
		switch p.Class() {
		case bidi.L:
			return "ltr"
		case bidi.R, bidi.AL:
			return "rtl"
		}
	}
	return "ltr"
}

// zoneOfDay returns how the zone of t is called at noon of its day. Times of a day name their zone where it is another.
func zoneOfDay(t time.Time) string {
	year, month, day := t.Date()
	return time.Date(year, month, day, 12, 0, 0, 0, t.Location()).Format("MST")
}

// hostOf returns the host of an address as pages name it.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.Hostname() == "" {
		return address
	}
	return strings.TrimPrefix(u.Hostname(), "www.")
}

// gone returns heading and text of the notice on a page.
func (w *catalog) gone(c *view.Entry) (heading, text string) {
	by := c.Withdrawer()
	if by == "" {
		return w.Gone, w.Withdrawal("")
	}
	return view.Fill(w.GoneBy, "who", by), w.Withdrawal(by)
}
