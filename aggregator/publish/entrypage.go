package publish

import (
	"bytes"
	"fmt"
	"html/template"
	"strconv"
	"strings"
	"time"

	"dateline/aggregator/news"
)

// entryView is the page of an entry.
type entryView struct {
	frame
	Lang      string
	Heading   string
	Link      string
	Times     []timeView
	Text      []string // paragraphs
	Credit    template.HTML
	Filed     string
	Rights    string
	Photos    []lineView
	Credits   []creditView
	Copies    []lineView
	Revisions []lineView
	Identity  []lineView
}

type timeView struct{ Before, Datetime, Text string }

// lineView is a line of a list: text, a link on it, what follows in brackets.
type lineView struct{ Lang, Link, Text, After string }

type creditView struct{ Role, Name, Display, Evidence string }

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
	v := entryView{frame: p.frame("../")}
	if c := a.c; c.e.State == news.Withdrawn {
		v.Heading, v.Text = "Withdrawn", []string{v.W.Withdrawn}
		v.Times = []timeView{v.time(v.W.Updated, c.updated())}
	} else {
		v.Lang, v.Heading, v.Link = c.lang, c.title, c.link
		v.Times = v.times(c)
		content, _ := c.body()
		v.Text = paragraphs(content)
		v.Credit = template.HTML(c.lineHTML()) // every part of it was escaped
		v.Rights = c.rights
		if d := c.it.Credits.Dateline; d != nil {
			v.Filed = line(d.Raw)
		}
		v.Photos = v.photos(c)
		v.Credits = v.credits(c)
		v.Copies = p.copyLines(a)
		v.Revisions = v.revisions(a)
		v.Identity = []lineView{{Text: "atom:id", After: c.e.AtomID()}, {Text: "guid", After: line(c.it.GUID)}}
	}
	v.Title = v.Heading + " – " + v.Site
	var b bytes.Buffer
	if err := templates.ExecuteTemplate(&b, "entry", v); err != nil {
		return nil, fmt.Errorf("publish: page of entry %s: %w", a.c.e.Key, err)
	}
	return b.Bytes(), nil
}

func (v *entryView) time(before string, t time.Time) timeView {
	return timeView{Before: before, Datetime: t.UTC().Format(time.RFC3339), Text: v.W.moment(t)}
}

// times returns when it was published, or first seen where that is missing, and when it last changed.
func (v *entryView) times(c *piece) []timeView {
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

// photos links the pictures with their captions and credit lines. They are not embedded.
func (v *entryView) photos(c *piece) []lineView {
	var all []lineView
	for _, pic := range c.illustrations() {
		caption := line(first(pic.Description, pic.Media.Title))
		if pic.URL == "" {
			for _, l := range photoLines(pic.photos) {
				all = append(all, lineView{Text: l})
			}
			continue
		}
		credit := strings.Join(photoLines(pic.photos), "; ")
		text := first(caption, credit, pic.URL)
		if credit == text {
			credit = ""
		}
		all = append(all, lineView{Link: pic.URL, Text: text, After: credit})
	}
	return all
}

// credits lists every credit with its evidence, those that lost last.
func (v *entryView) credits(c *piece) []creditView {
	var all []creditView
	put := func(role news.Role, cr news.Credit) {
		view := creditView{Role: v.W.role(role), Name: line(cr.Name), Display: line(cr.Display), Evidence: v.evidence(cr)}
		if view.Display == view.Name {
			view.Display = ""
		}
		all = append(all, view)
	}
	cs := c.it.Credits
	if cs.Agency != nil {
		put(news.Originator, *cs.Agency)
	} else {
		put(news.Originator, news.Credit{Name: c.agency.name, Evidence: news.Evidence{Field: "source"}})
	}
	for _, cr := range cs.Byline {
		put(news.Byline, cr)
	}
	for _, ph := range c.photos {
		for _, cr := range ph.Chain {
			if cr.Evidence == (news.Evidence{}) {
				cr.Evidence = ph.Evidence
			}
			put(cr.Role, cr)
		}
	}
	for _, cr := range cs.Cited {
		put(news.Cited, cr)
	}
	for _, cr := range cs.Other {
		put(cr.Role, cr)
	}
	return all
}

// evidence prints where a credit was read: field, words where they are others than the name, offsets, rule.
func (v *entryView) evidence(cr news.Credit) string {
	e := cr.Evidence
	var parts []string
	if f := line(e.Field); f != "" {
		parts = append(parts, f)
	}
	if s := line(e.Words); s != "" && s != line(cr.Name) {
		parts = append(parts, s)
	}
	if e.End > e.Start {
		parts = append(parts, v.W.Offsets+" "+strconv.Itoa(e.Start)+"–"+strconv.Itoa(e.End))
	}
	if r := line(e.Rule); r != "" {
		parts = append(parts, v.W.By+" "+r)
	}
	return strings.Join(parts, "; ")
}

// copyLines lists the other items of the entry with why each of them stands in it.
func (p *Publisher) copyLines(a *account) []lineView {
	var all []lineView
	for i, o := range a.c.copies {
		it := a.items[i+1]
		l := lineView{Lang: o.lang, Link: first(o.link, o.site), Text: o.name}
		if t := line(it.Title); t != "" {
			l.Text += ": " + t
		}
		if j := it.Join; j != nil {
			l.After = strings.Join(strings.Fields(j.Level+" "+j.Rule), " ")
			if j.Score > 0 {
				l.After += " " + strconv.FormatFloat(j.Score, 'f', 2, 64)
			}
		}
		all = append(all, l)
	}
	return all
}

// revisions lists what the representative was called in each of its revisions; nothing where there is one.
func (v *entryView) revisions(a *account) []lineView {
	if len(a.revisions) < 2 {
		return nil
	}
	var all []lineView
	for _, it := range a.revisions {
		l := lineView{Text: v.W.Revision + " " + strconv.Itoa(it.Revision), After: line(it.Title)}
		if known(it.Revised) {
			l.Text += ", " + v.W.moment(it.Revised)
		}
		all = append(all, l)
	}
	return all
}
