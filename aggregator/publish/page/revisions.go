package page

import (
	"strconv"
	"strings"

	"dateline/aggregator/publish/view"
	"dateline/aggregator/text"
)

// diffContext is how many words are shown beside a change.
const diffContext = 12

// revisionView is one revision and how it differs from the one before.
type revisionView struct {
	Name  string
	Time  *timeView // nil: unknown
	What  string    // the difference, in words
	Title []changeView
	Text  []changeView
}

// changeView is a stretch of a text: kept, del or ins.
type changeView struct{ Lang, Tag, Label, Words string }

// revisionViews returns the revisions, newest first, as far as their text is granted; none where there is only one.
func revisionViews(f *frame, a Account) []revisionView {
	if len(a.Revisions) < 2 {
		return nil
	}
	w := f.W
	var all []revisionView
	for i, it := range a.Revisions {
		v := revisionView{Name: w.Revision + " " + strconv.Itoa(it.Revision)}
		if view.Known(it.Revised) {
			t := f.time("", it.Revised)
			v.Time = &t
		}
		title, body := a.View.TextOf(it)
		if i+1 == len(a.Revisions) {
			v.What, v.Title = w.Oldest, w.changes(text.Diff(title, title))
		} else {
			was, wasBody := a.View.TextOf(a.Revisions[i+1])
			v.difference(w, text.Diff(was, title), text.Diff(wasBody, body))
		}
		all = append(all, v)
	}
	return all
}

func (v *revisionView) difference(w *catalog, title, body []text.Change) {
	var what []string
	if removed, added := count(title); removed+added > 0 {
		what = append(what, w.HeadlineChanged)
		v.Title = w.changes(title)
	}
	if removed, added := count(body); removed+added > 0 {
		what = append(what, view.Fill(w.TextChanged, "removed", strconv.Itoa(removed), "added", strconv.Itoa(added)))
		v.Text = w.changes(text.Around(body, diffContext))
	}
	if v.What = strings.Join(what, " "); v.What == "" {
		v.What = w.OtherChanged
	}
}

// count returns how many words were removed and added.
func count(all []text.Change) (removed, added int) {
	for _, c := range all {
		switch n := len(strings.Fields(c.Words)); c.Op {
		case text.Removed:
			removed += n
		case text.Added:
			added += n
		}
	}
	return removed, added
}

func (w *catalog) changes(all []text.Change) []changeView {
	var out []changeView
	for _, c := range all {
		v := changeView{Lang: w.Lang, Words: c.Words}
		switch c.Op {
		case text.Removed:
			v.Tag, v.Label = "del", w.Removed
		case text.Added:
			v.Tag, v.Label = "ins", w.Added
		}
		out = append(out, v)
	}
	return out
}
