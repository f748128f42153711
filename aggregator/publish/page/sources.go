package page

import (
	"cmp"
	"html/template"
	"strconv"
	"time"

	"dateline/aggregator/publish/view"
	"dateline/aggregator/text"
)

// SourceState is how a source is at present.
type SourceState struct {
	ID          string    // of a source
	State       string    // ok, late, waiting, silent, partial, blocked, moved, gone, broken or disabled
	LastSuccess time.Time // zero: none
	Due         time.Time // of the next visit; zero: at once
	Items       uint64    // ever stored
	Problem     string    // why it was not read last, as a key of words; empty: it was, or is not known
	Daily       []int     // items that came on each of the last days, today the last; less than 0: not known
}

// sourceView is a line of the table of sources.
type sourceView struct {
	Lang, Link, Text string // its name
	State, Meaning   string
	Class            string // of the state: the state itself, where it has words
	Daily            template.HTML
	Last, Due        *timeView // nil: never; not known
	Items            string
	Feed             FeedLink
}

// write writes the line.
func (v sourceView) write(m *markup, w *catalog) {
	m.open("tr")
	m.open("th", "scope", "row")
	if v.Lang != "" {
		m.open("span", "lang", v.Lang)
	}
	m.link(v.Text, v.Link)
	if v.Lang != "" {
		m.close("span")
	}
	m.open("br")
	m.open("span", "class", "formats")
	m.feeds(v.Feed)
	m.close("span")
	m.close("th")
	cell := func(label, class string) {
		m.open("td", "class", class)
		m.element("span", label+": ", "class", "label")
	}
	cell(w.State, "")
	m.element("b", v.State, "class", v.Class)
	if v.Meaning != "" {
		m.open("br")
		m.text(v.Meaning)
	}
	m.close("td")
	cell(w.LastDays, "")
	m.WriteString(cmp.Or(string(v.Daily), "–"))
	m.close("td")
	for _, t := range []struct {
		label, none string
		at          *timeView
	}{{w.LastSuccess, w.Never, v.Last}, {w.NextDue, "–", v.Due}} {
		cell(t.label, "")
		if t.at != nil {
			m.time(*t.at)
		} else {
			m.text(t.none)
		}
		m.close("td")
	}
	cell(w.Items, "number")
	m.text(v.Items)
	m.close("td")
	m.close("tr")
	m.WriteByte('\n')
}

// filterView is a link to the sources in one state.
type filterView struct {
	Href, Class, Text string
	Here              bool
}

// KnownState reports whether there are words for a state.
func KnownState(state string) bool {
	_, ok := catalogs()["en"].of("state", state)
	return ok
}

// SourcesPage renders the page of sources, of all or of those in a state. Of a source that fails it says so, and not why: what servers
// and addresses say is for the operator.
func (s *Site) SourcesPage(states []SourceState, only string) ([]byte, error) {
	shown := struct {
		frame
		Filters []filterView
		Lines   template.HTML // of the table
	}{frame: s.frame("sources")}
	shown.Title = shown.W.Sources + " – " + shown.Site
	shown.Filters = shown.filters(states, only)
	var m markup
	for _, st := range states {
		if only != "" && st.State != only {
			continue
		}
		src := s.Views.Source(st.ID)
		v := sourceView{
			Lang: text.CanonicalTag(src.Language), Daily: Sparkline(st.Daily, shown.W.Lang),
			Text:  cmp.Or(view.Name(src.Name), view.OneLine(src.ID)),
			State: view.OneLine(shown.W.orName("state", st.State)),
			Feed:  FeedLink{Title: cmp.Or(view.Name(src.Name), view.OneLine(src.ID)), Path: view.SourcePath(st.ID)},
			Items: strconv.FormatUint(st.Items, 10),
		}
		if _, ok := s.Views.Sources[st.ID]; ok {
			v.Link = s.Addresses.SourcePage(st.ID)
		}
		if KnownState(st.State) {
			v.Class = st.State
		}
		v.Meaning, _ = shown.W.of("meaning", st.State)
		v.Last, v.Due = shown.known(st.LastSuccess), shown.known(st.Due)
		v.write(&m, shown.W)
	}
	shown.Lines = template.HTML(m.String()) // every part of it was escaped
	return execute("sources", shown)
}

// filters links the sources in each state that there are, in the order of states.
func (f *frame) filters(states []SourceState, only string) []filterView {
	all := []filterView{{Href: "sources", Text: f.W.AllSources + " " + strconv.Itoa(len(states)), Here: only == ""}}
	count := make(map[string]int)
	var order []string
	for _, st := range states {
		if count[st.State]++; count[st.State] == 1 && KnownState(st.State) {
			order = append(order, st.State)
		}
	}
	for _, st := range order {
		all = append(all, filterView{Href: "sources?state=" + st, Class: st, Text: f.W.orName("state", st) + " " + strconv.Itoa(count[st]),
			Here: st == only})
	}
	return all
}

// known returns t for a page; nil where it is zero.
func (f *frame) known(t time.Time) *timeView {
	if !view.Known(t) {
		return nil
	}
	v := f.time("", t)
	return &v
}
