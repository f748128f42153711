package publish

import (
	"cmp"
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"dateline/aggregator/news"
)

// account is what the page of an entry tells: the entry view, its items, their past, and other pieces.
type account struct {
	merged    news.Key // the entry that it was merged into; zero: none
	c         *entryView
	items     []news.Item
	revisions []news.Item   // of the representative, newest first
	earlier   *relatedEntry // what it replaces; nil: nothing that is public
}

// revisionsShown bounds the revisions on the page of an entry.
const revisionsShown = 50

// account reads the entry k; nil where there is none that is public.
func (p *Publisher) account(r Reader, k news.Key) (*account, error) {
	e, ok, err := r.Entry(k)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w: entry %s: %w", ErrRead, k, err)
	case !ok, e.State == news.Held, e.State == news.Embargoed, e.State == news.Merged && (e.Into.IsZero() || e.Into == k):
		return nil, nil
	case e.State == news.Merged:
		return &account{merged: e.Into}, nil
	}
	items, err := members(r, e)
	if err != nil || len(items) == 0 {
		return nil, err
	}
	a := &account{c: p.views.newEntryView(e, items), items: items}
	if e.State == news.Withdrawn {
		return a, nil
	}
	if a.c.related, err = p.related(r, e); err != nil {
		return nil, err
	}
	newest := items[0].Revision
	for n := newest; n > max(0, newest-revisionsShown); n-- {
		it, ok, err := r.Revision(e.Key, n)
		if err != nil {
			return nil, fmt.Errorf("%w: revision %d of %s: %w", ErrRead, n, k, err)
		}
		if ok {
			a.revisions = append(a.revisions, it)
		}
	}
	if j := items[0].Supersedes; j != nil {
		a.earlier, err = p.relatedEntry(r, j.Entry)
	}
	return a, err
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

// entryDocument renders the page of the entry named in c. It returns a [movedError]
// where the entry was merged into another and where its key is written in another way, and [ErrNotFound] where
// it is not public.
func entryDocument(c call) (*Document, error) {
	k, err := news.ParseKey(c.args[0])
	if err != nil {
		return nil, ErrNotFound
	}
	if c.args[0] != k.String() {
		return nil, &movedError{k.String()}
	}
	a, err := c.p.account(c.r, k)
	switch {
	case err != nil:
		return nil, err
	case a == nil:
		return nil, ErrNotFound
	case !a.merged.IsZero():
		return nil, &movedError{a.merged.String()}
	}
	body, err := c.p.entryPage(a)
	if err != nil {
		return nil, err
	}
	return &Document{Bytes: body, MediaType: typeHTML, Position: a.c.e.Last, Entries: 1, Gone: a.c.e.State == news.Withdrawn}, nil
}

// entryPage renders the page of an entry; of a withdrawn one it is the notice and nothing else.
func (p *Publisher) entryPage(a *account) ([]byte, error) {
	c := a.c
	v := entryPageView{frame: p.frame("entries/" + c.e.Key.String())}
	if c.e.State == news.Withdrawn {
		heading, notice := v.W.gone(c)
		v.Heading, v.Text = heading, []string{notice}
		v.Times = []timeView{v.time(v.W.Updated, c.updated())}
	} else {
		v.Lang, v.Heading, v.Link = c.lang, c.title, c.link
		v.Times = v.times(c)
		content, _ := c.grant.texts(c.it)
		content = c.notices() + content
		v.Text = paragraphs(content)
		v.Credit = template.HTML(c.creditLineHTML()) // every part of it was escaped
		v.Rights, v.Licence, v.LicenceAt = c.rights, c.licence, web(c.licence)
		if d := c.it.Credits.Dateline; d != nil {
			v.Filed = oneLine(d.Raw)
		}
		v.Replaces = p.replaces(a)
		v.Credits = p.creditViews(v.W, c)
		v.list("photos", v.W.Photos, v.photos(c))
		v.list("copies", v.W.Copies, v.copies(a))
		v.list("story", v.W.Story, p.story(c))
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
func (p *Publisher) replaces(a *account) *listItem {
	if a.earlier == nil {
		return nil
	}
	l := p.relatedLine(*a.earlier)
	l.After = pageCatalogFor(p.o.Language).join(a.c.it.Supersedes)
	return &l
}

// story links the other tellings of the same event.
func (p *Publisher) story(c *entryView) []listItem {
	var all []listItem
	for _, t := range c.related {
		all = append(all, p.relatedLine(t))
	}
	return all
}

// relatedLine links another entry from the page of an entry.
func (p *Publisher) relatedLine(t relatedEntry) listItem {
	return listItem{Lang: t.lang, Link: t.key.String() + p.at.Ending, Text: t.name + ": " + t.title}
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
func (v *entryPageView) copies(a *account) []listItem {
	var all []listItem
	for i, o := range a.c.copies {
		it := a.items[i+1]
		l := listItem{Lang: o.lang, Link: cmp.Or(o.link, o.site), Text: o.name, After: v.W.join(it.Join)}
		if t := oneLine(it.Title); t != "" {
			l.Text += ": " + t
		}
		if o.original && a.c.via {
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
