package page

import (
	"cmp"
	"html/template"
	"strconv"
	"strings"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
)

// Account is what the page of an entry shows: its view, its items, their past, and what it takes the place of.
type Account struct {
	View      *view.Entry
	Items     []news.Item   // those of the entry, the representative first
	Revisions []news.Item   // of the representative, newest first
	Earlier   *view.Related // what it replaces; nil: nothing that is public
}

// entryPageView is the page of an entry.
type entryPageView struct {
	frame
	Lang       string
	Written    string // how the entry is written: `ltr` or `rtl`
	TextDir    string // the same; empty: as the page
	Heading    string
	Link       string
	Times      []timeView
	Text       []string // paragraphs
	Credit     template.HTML
	StoryLink  *listItem // of its story; nil: there is no other
	Filed      string
	Rights     string
	Licence    string // its address, else its name
	LicenceAt  string // its address; empty: it has none
	Replaces   *listItem
	Provenance template.HTML // the drawing of its credit chain; empty: there is only its source
	Credits    []creditView
	Lists      []listView
	Revisions  []revisionView
	Identity   []listItem
	Withdrawn  bool
}

type timeView struct{ Before, Datetime, Text string }

// listView is a section that lists what belongs to the entry.
type listView struct {
	ID, Heading string
	Lines       []listItem
}

// listItem is a line of a list: text, a link on it, what follows in brackets.
type listItem struct{ Lang, Link, Text, After string }

// Entry renders the page of an entry; of a withdrawn one it is the notice and nothing else.
func (s *Site) Entry(a Account) ([]byte, error) {
	c := a.View
	v := entryPageView{frame: s.frame("entries/" + c.Entry.Key.String())}
	if c.Entry.State == news.Withdrawn {
		heading, notice := v.W.gone(c)
		v.Heading, v.Text = heading, []string{notice}
		v.Times = []timeView{v.time(v.W.Updated, c.Updated())}
	} else {
		v.Lang, v.Heading, v.Link = c.Lang, c.Title, c.Link
		if v.Written = directionOf(c); v.Written != cmp.Or(v.Dir, "ltr") {
			v.TextDir = v.Written
		}
		v.Times = v.times(c)
		v.Text = c.AnnotatedText()
		v.Credit = template.HTML(c.CreditLineHTML()) // every part of it was escaped
		v.Rights, v.Licence, v.LicenceAt = c.Rights, c.Licence, view.Web(c.Licence)
		if d := c.Item.Credits.Dateline; d != nil {
			v.Filed = view.OneLine(d.Raw)
		}
		v.Replaces = s.replaces(a)
		if n := c.StoryCount; n.Own+n.Copies > 1 {
			v.StoryLink = &listItem{Text: v.W.storyCount(n), Link: "../" + s.Addresses.StoryPath(c.Entry.StoryKey()), After: v.W.OpenStory}
		}
		v.Provenance = s.provenance(v.W, a)
		v.Credits = s.creditViews(v.W, c)
		v.list("photos", v.W.Photos, v.photos(c))
		v.list("copies", v.W.Copies, v.copies(a))
		v.list("story", v.W.Story, s.story(c))
		v.Revisions = revisionViews(&v.frame, a)
		v.Identity = []listItem{{Text: "atom:id", After: c.Entry.AtomID()}, {Text: "guid", After: view.OneLine(c.Item.GUID)}}
	}
	v.Withdrawn = c.Entry.State == news.Withdrawn
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
	return timeView{Before: before, Datetime: t.UTC().Format(time.RFC3339), Text: f.W.Moment(t.In(f.zone))}
}

// times returns when it was published, or first seen where that is missing, and when it last changed.
func (v *entryPageView) times(c *view.Entry) []timeView {
	at, before := c.Published, ""
	if at.IsZero() {
		at, before = c.At, v.W.FirstSeen
	}
	all := []timeView{v.time(before, at)}
	if up := c.Updated(); up.Truncate(time.Second).After(at) && c.Item.Revision > 1 {
		all = append(all, v.time(v.W.Updated, up))
	}
	return all
}

// replaces links the source's own earlier report.
func (s *Site) replaces(a Account) *listItem {
	if a.Earlier == nil {
		return nil
	}
	l := s.relatedLine(*a.Earlier)
	l.After = catalogFor(s.Language).join(a.View.Item.Supersedes)
	return &l
}

// story links the other reports of the same event.
func (s *Site) story(c *view.Entry) []listItem {
	var all []listItem
	for _, t := range c.Related {
		all = append(all, s.relatedLine(t))
	}
	return all
}

// relatedLine links another entry from the page of an entry.
func (s *Site) relatedLine(t view.Related) listItem {
	return listItem{Lang: t.Lang, Link: t.Key.String() + s.Addresses.Ending, Text: t.Name + ": " + t.Title}
}

// photos links the pictures with their captions and credit lines. They are not embedded.
func (v *entryPageView) photos(c *view.Entry) []listItem {
	var all []listItem
	for _, pic := range c.Pictures() {
		caption := cmp.Or(view.OneLine(pic.Description), view.OneLine(pic.Media.Title))
		if pic.URL == "" {
			for _, l := range view.PhotoLines(pic.Photos) {
				all = append(all, listItem{Lang: c.Lang, Text: l})
			}
			continue
		}
		credit := strings.Join(view.PhotoLines(pic.Photos), "; ")
		text := cmp.Or(caption, credit, pic.URL)
		if credit == text {
			credit = ""
		}
		all = append(all, listItem{Lang: c.Lang, Link: pic.URL, Text: text, After: credit})
	}
	return all
}

// copies lists the other items of the entry, each with why it is in it.
func (v *entryPageView) copies(a Account) []listItem {
	var all []listItem
	for i, o := range a.View.Copies {
		it := a.Items[i+1]
		l := listItem{Lang: o.Lang, Link: cmp.Or(o.Link, o.Site), Text: o.Name, After: v.W.join(it.Join)}
		if t := view.OneLine(it.Title); t != "" {
			l.Text += ": " + t
		}
		if o.Original && a.View.Via {
			l.After = strings.TrimPrefix(l.After+"; "+v.W.Original, "; ")
		}
		all = append(all, l)
	}
	return all
}

// join says why two items are in one entry; nothing for nil.
func (w *catalog) join(j *news.Join) string {
	if j == nil {
		return ""
	}
	why := w.orName("join", strings.TrimSpace(j.Level+" "+j.Rule))
	if j.Shared > 0 && j.Rule != "title" {
		why += "; " + view.Fill(w.Contained, "n", strconv.Itoa(int(j.Score*100+0.5)))
	}
	return why
}
