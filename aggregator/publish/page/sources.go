package page

import (
	"cmp"
	"strconv"
	"time"

	"dateline/aggregator/publish/view"
	"dateline/aggregator/text"
)

// SourceState is how a source is at present.
type SourceState struct {
	ID          string // of a source
	State       string // ok, late, waiting, silent, partial, blocked, moved, gone, broken or disabled
	LastSuccess time.Time
	Due         time.Time // of the next visit; zero: at once
	Items       uint64    // ever stored
	Problem     string    // why it was not read last, as a key of words; empty: it was, or is not known
}

// sourceView is a line of the table of sources.
type sourceView struct {
	Lang, Link, Text string // its name
	State, Meaning   string
	Last, Due        *timeView // nil: never; not known
	Items            string
	Feed             FeedLink
}

// SourcesPage renders the page of sources. Of a source that fails it says so, and not why: what servers and
// addresses say is for the operator.
func (s *Site) SourcesPage(states []SourceState) ([]byte, error) {
	shown := struct {
		frame
		Sources []sourceView
	}{frame: s.frame("sources")}
	shown.Title = shown.W.Sources + " – " + shown.Site
	for _, st := range states {
		src := s.Views.Source(st.ID)
		v := sourceView{
			Lang: text.CanonicalTag(src.Language), Link: cmp.Or(view.Web(src.Site), s.Views.Site(src.Agency)),
			Text:  cmp.Or(view.Name(src.Name), view.OneLine(src.ID)),
			State: view.OneLine(shown.W.orName("state", st.State)),
			Feed:  FeedLink{Title: cmp.Or(view.Name(src.Name), view.OneLine(src.ID)), Path: view.SourcePath(st.ID)},
			Items: strconv.FormatUint(st.Items, 10),
		}
		v.Meaning, _ = shown.W.of("meaning", st.State)
		v.Last, v.Due = shown.known(st.LastSuccess), shown.known(st.Due)
		shown.Sources = append(shown.Sources, v)
	}
	return execute("sources", shown)
}

// known returns t for a page; nil where it is zero.
func (f *frame) known(t time.Time) *timeView {
	if !view.Known(t) {
		return nil
	}
	v := f.time("", t)
	return &v
}
