package publish

import (
	"cmp"
	"html/template"
	"strconv"
	"strings"
	"time"

	"dateline/aggregator/news"
)

// Account is what the page of an entry shows: its view, its items, their past, and what it takes the place of.
type Account struct {
	View      *entryView
	Items     []news.Item   // those of the entry, the representative first
	Revisions []news.Item   // of the representative, newest first
	Earlier   *relatedEntry // what it replaces; nil: nothing that is public
}

// entryPageView is the page of an entry.
type entryPageView struct {
	frame
	Lang      string
	Heading   string
	Link      string
	Times     []timeView
	Text      []string // paragraphs
	Credit    template.HTML
	Filed     string
	Rights    string
	Licence   string // its address, else its name
	LicenceAt string // its address; empty: it has none
	Replaces  *listItem
	Credits   []creditView
	Lists     []listView
	Revisions []revisionView
	Identity  []listItem
}

type timeView struct{ Before, Datetime, Text string }

// listView is a section that lists what belongs to the entry view.
type listView struct {
	ID, Heading string
	Lines       []listItem
}

// listItem is a line of a list: text, a link on it, what follows in brackets.
type listItem struct{ Lang, Link, Text, After string }

// Entry renders the page of an entry; of a withdrawn one it is the notice and nothing else.
func (s *Site) Entry(a Account) ([]byte, error) {
	c := a.View
	v := entryPageView{frame: s.frame("entries/" + c.e.Key.String())}
	if c.e.State == news.Withdrawn {
		heading, notice := v.W.gone(c)
		v.Heading, v.Text = heading, []string{notice}
		v.Times = []timeView{v.time(v.W.Updated, c.updated())}
	} else {
		v.Lang, v.Heading, v.Link = c.lang, c.title, c.link
		v.Times = v.times(c)
		v.Text = c.annotatedText()
		v.Credit = template.HTML(c.creditLineHTML()) // every part of it was escaped
		v.Rights, v.Licence, v.LicenceAt = c.rights, c.licence, web(c.licence)
		if d := c.it.Credits.Dateline; d != nil {
			v.Filed = oneLine(d.Raw)
		}
		v.Replaces = s.replaces(a)
		v.Credits = s.creditViews(v.W, c)
		v.list("photos", v.W.Photos, v.photos(c))
		v.list("copies", v.W.Copies, v.copies(a))
		v.list("story", v.W.Story, s.story(c))
		v.Revisions = revisionViews(v.W, a)
		v.Identity = []listItem{{Text: "atom:id", After: c.e.AtomID()}, {Text: "guid", After: oneLine(c.it.GUID)}}
	}
	v.Title = v.Heading + " – " + v.Site
	return execute("entry", v)
}

// list adds a section where it has lines.
func (v *entryPageView) list(id, heading string, lines []listItem) {
	if len(lines) > 0 {
		v.Lists = append(v.Lists, listView{id, heading, lines})
	}
}

func (f *frame) time(before string, t time.Time) timeView {
	return timeView{Before: before, Datetime: t.UTC().Format(time.RFC3339), Text: f.W.moment(t)}
}

// times returns when it was published, or first seen where that is missing, and when it last changed.
func (v *entryPageView) times(c *entryView) []timeView {
	at, before := c.published, ""
	if at.IsZero() {
		at, before = c.at, v.W.FirstSeen
	}
	all := []timeView{v.time(before, at)}
	if up := c.updated(); up.Truncate(time.Second).After(at) && c.it.Revision > 1 {
		all = append(all, v.time(v.W.Updated, up))
	}
	return all
}

// replaces links the source's own earlier telling.
func (s *Site) replaces(a Account) *listItem {
	if a.Earlier == nil {
		return nil
	}
	l := s.relatedLine(*a.Earlier)
	l.After = pageCatalogFor(s.Language).join(a.View.it.Supersedes)
	return &l
}

// story links the other tellings of the same event.
func (s *Site) story(c *entryView) []listItem {
	var all []listItem
	for _, t := range c.related {
		all = append(all, s.relatedLine(t))
	}
	return all
}

// relatedLine links another entry from the page of an entry.
func (s *Site) relatedLine(t relatedEntry) listItem {
	return listItem{Lang: t.lang, Link: t.key.String() + s.Addresses.Ending, Text: t.name + ": " + t.title}
}

// photos links the pictures with their captions and credit lines. They are not embedded.
func (v *entryPageView) photos(c *entryView) []listItem {
	var all []listItem
	for _, pic := range c.illustrations() {
		caption := cmp.Or(oneLine(pic.Description), oneLine(pic.Media.Title))
		if pic.URL == "" {
			for _, l := range photoLines(pic.photos) {
				all = append(all, listItem{Lang: c.lang, Text: l})
			}
			continue
		}
		credit := strings.Join(photoLines(pic.photos), "; ")
		text := cmp.Or(caption, credit, pic.URL)
		if credit == text {
			credit = ""
		}
		all = append(all, listItem{Lang: c.lang, Link: pic.URL, Text: text, After: credit})
	}
	return all
}

// copies lists the other items of the entry with why each of them stands in it.
func (v *entryPageView) copies(a Account) []listItem {
	var all []listItem
	for i, o := range a.View.copies {
		it := a.Items[i+1]
		l := listItem{Lang: o.lang, Link: cmp.Or(o.link, o.site), Text: o.name, After: v.W.join(it.Join)}
		if t := oneLine(it.Title); t != "" {
			l.Text += ": " + t
		}
		if o.original && a.View.via {
			l.After = strings.TrimPrefix(l.After+"; "+v.W.Original, "; ")
		}
		all = append(all, l)
	}
	return all
}

// join tells in words why two items belong together; nothing for nil.
func (w *catalog) join(j *news.Join) string {
	if j == nil {
		return ""
	}
	why := strings.TrimSpace(j.Level + " " + j.Rule)
	if known, ok := joinWords[why]; ok {
		why = w.of(known)
	}
	if j.Shared > 0 && j.Rule != "title" {
		why += "; " + strconv.Itoa(int(j.Score*100+0.5)) + w.Contained
	}
	return why
}
