package page

import (
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"dateline/aggregator/news"
	"dateline/aggregator/publish/view"
	"dateline/aggregator/text"
)

// StoryItem is an item of a story: a report of its own, or the copy of one.
type StoryItem struct {
	View      *view.Entry // of the item alone
	Entry     news.Key    // whose page shows it
	Copies    *StoryItem  // the report whose text it is; nil: it is a report of its own
	Revisions []news.Item // that are kept, newest first
}

// Story is what the page of a story shows.
type Story struct {
	Key   news.Key
	Count news.StoryCount // of all of it
	Items []StoryItem     // each report before its copies; not empty
}

// storyView is the page of a story.
type storyView struct {
	frame
	Lang, Heading string
	Count, First  string
	Drawing       timelineView
	Events        []eventView
	Lines         template.HTML // of the table: the events
	Feed          string        // address
}

// eventView is a line of the table of a story: an item of it, or a revision of one.
type eventView struct {
	at       time.Time
	lane     int // of the item, in the order of the drawing
	Mark     string
	Time     timeView
	Behind   string
	Who      string
	What     string
	Lang     string
	Dir      string // of the headline: `ltr` or `rtl`
	Link     string // of the headline; empty: none
	Headline string
	Title    []changeView // of a headline that changed
}

// The marks of events in the drawing.
const (
	signOwn        = "own"
	signLanguage   = "language" // a report of its own in another language than the first
	signCopy       = "copy"
	signRevision   = "revision"
	signCorrection = "correction"
	signWithdrawn  = "withdrawn"
)

// signs lists them in the order of the legend.
func signs() []string {
	return []string{signOwn, signLanguage, signCopy, signRevision, signCorrection, signWithdrawn}
}

// Story renders the page of a story.
func (s *Site) Story(st Story) ([]byte, error) {
	path := "stories/" + st.Key.String()
	v := storyView{frame: s.frame(path), Feed: st.Key.String() + "/feed.atom"}
	v.Canonical = s.Addresses.Base + path
	lanes := inLanes(st.Items)
	first := lanes[0]
	for _, t := range lanes {
		if t.Copies == nil && t.View.At.Before(first.View.At) {
			first = t
		}
	}
	for i, t := range lanes {
		v.Events = append(v.Events, v.events(s, t, i, first)...)
	}
	slices.SortStableFunc(v.Events, func(a, b eventView) int { return a.at.Compare(b.at) })
	v.Lines = lines(v.Events)
	v.Lang, v.Heading, _ = headingOf(v.W, first.View)
	v.Count = v.W.storyCount(st.Count)
	v.First = view.Fill(v.W.WhoFirst, "who", first.View.Publisher.Name, "when", v.W.Moment(first.View.At.In(v.zone)))
	v.Drawing = v.timeline(lanes, v.Events)
	v.Title = v.Heading + " – " + v.Site
	v.Feeds = append([]FeedLink{{Title: v.Heading, Path: st.Key.String() + "/feed", AtomOnly: true}}, v.Feeds...)
	return execute("story", v)
}

// inLanes returns the items in the order of the drawing: reports by time, each before its copies by time.
func inLanes(all []StoryItem) []*StoryItem {
	lanes := make([]*StoryItem, len(all))
	for i := range all {
		lanes[i] = &all[i]
	}
	report := func(t *StoryItem) *StoryItem {
		if t.Copies != nil {
			return t.Copies
		}
		return t
	}
	byTime := func(a, b *StoryItem) int {
		if n := a.View.At.Compare(b.View.At); n != 0 {
			return n
		}
		return strings.Compare(a.View.Entry.Key.String(), b.View.Entry.Key.String())
	}
	slices.SortFunc(lanes, func(a, b *StoryItem) int {
		ra, rb := report(a), report(b)
		switch {
		case ra != rb:
			return byTime(ra, rb)
		case a == ra:
			return -1
		case b == rb:
			return 1
		}
		return byTime(a, b)
	})
	return lanes
}

// headingOf returns the headline of an entry with its language, and whether there is one: of a withdrawn one it is the notice. That of a
// correction is without the mark: it has a sign of its own.
func headingOf(w *catalog, c *view.Entry) (lang, heading string, ok bool) {
	if c.Entry.State == news.Withdrawn {
		heading, _ = w.gone(c)
		return w.Lang, heading, false
	}
	return c.Lang, unmarked(c), true
}

// events returns the lines of an item: when it came, and each of its revisions.
func (v *storyView) events(s *Site, t *StoryItem, lane int, first *StoryItem) []eventView {
	e := eventView{at: t.View.At, lane: lane, Who: t.View.Publisher.Name}
	var shown bool
	e.Lang, e.Headline, shown = headingOf(v.W, t.View)
	e.Dir = directionOf(t.View)
	switch {
	case !shown:
		e.Mark = signWithdrawn
	case t.Copies != nil:
		e.Mark = signCopy
	case text.BaseLanguage(t.View.Lang) != text.BaseLanguage(first.View.Lang) && t.View.Lang != "" && first.View.Lang != "":
		e.Mark = signLanguage
	default:
		e.Mark = signOwn
	}
	e.What = v.W.orName("telling", e.Mark)
	if t.Copies != nil && shown {
		e.What = view.Fill(e.What, "who", t.Copies.View.Publisher.Name)
	}
	if shown {
		e.Link = "../" + s.Addresses.EntryPath(t.Entry)
	}
	e.Behind = v.W.behind(first.View.At, t.View.At)
	if t == first {
		e.Behind = v.W.First
	}
	before := ""
	if t.View.Published.IsZero() {
		before = v.W.FirstSeen
	}
	e.Time = v.time(before, e.at)
	all := []eventView{e}
	if !shown {
		return all
	}
	for i := len(t.Revisions) - 2; i >= 0; i-- {
		all = append(all, v.revisionEvent(t, i, e, first.View.At))
	}
	return all
}

// revisionEvent returns the line of revision i of an item. item is the line of the item itself.
func (v *storyView) revisionEvent(t *StoryItem, i int, item eventView, first time.Time) eventView {
	now, was := t.Revisions[i], t.Revisions[i+1]
	e := eventView{at: now.Revised, lane: item.lane, Mark: signRevision, Who: item.Who, Lang: item.Lang, Dir: item.Dir,
		Time: v.time("", now.Revised)}
	if !now.Corrected.IsZero() && !now.Corrected.Equal(was.Corrected) {
		e.Mark = signCorrection
	}
	title, body := t.View.TextOf(now)
	oldTitle, oldBody := t.View.TextOf(was)
	var r revisionView
	r.difference(v.W, text.Diff(oldTitle, title), text.Diff(oldBody, body))
	e.What = view.Fill(v.W.orName("telling", e.Mark), "n", strconv.Itoa(now.Revision))
	e.Headline, e.Title = r.What, r.Title
	e.Behind = v.W.behind(first, e.at)
	return e
}

// behind says how long at is after first, as clocks show it, in the two largest units that are not zero.
func (w *catalog) behind(first, at time.Time) string {
	minutes, sign := int(at.Truncate(time.Minute).Sub(first.Truncate(time.Minute))/time.Minute), "+"
	if minutes < 0 {
		minutes, sign = -minutes, "−"
	}
	var parts []string
	for _, u := range []struct {
		pattern string
		n       int
	}{{w.Days, minutes / (24 * 60)}, {w.Hours, minutes / 60 % 24}, {w.Minutes, minutes % 60}} {
		if u.n > 0 && len(parts) < 2 {
			parts = append(parts, view.Fill(u.pattern, "n", strconv.Itoa(u.n)))
		}
	}
	if len(parts) == 0 {
		return w.SameMinute
	}
	return sign + strings.Join(parts, " ")
}

// storyCount counts the reports of a story and their copies, such as `3 own reports, 5 copies`.
func (w *catalog) storyCount(n news.StoryCount) string {
	return w.number("own_reports", n.Own) + ", " + w.number("copies_of", n.Copies)
}
