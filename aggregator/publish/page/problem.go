package page

import (
	"cmp"
	"net/http"
	"strconv"
	"strings"
	"time"

	"dateline/aggregator/publish/view"
)

// Problem renders the page in place of a document that cannot be served, for an HTTP status, at the path below the base address: what
// is wrong, and a way back.
func (s *Site) Problem(path string, status int) ([]byte, error) {
	v := struct {
		frame
		Heading, Text string
	}{frame: s.frame(path)}
	v.Home = false
	for i := range v.Nav {
		v.Nav[i].Here = false
	}
	switch status {
	case http.StatusNotFound:
		v.Heading, v.Text = v.W.NotThere, v.W.NotThereText
	case http.StatusMethodNotAllowed:
		v.Heading, v.Text = v.W.ReadOnly, v.W.ReadOnlyText
	default:
		v.Heading, v.Text = v.W.Unreadable, v.W.UnreadableText
	}
	v.Title = v.Heading + " – " + v.Site
	return execute("problem", v)
}

// NothingYet renders the page of a wire that has published nothing: why, as far as the states of the sources say, and where to go. It
// shows the present.
func (s *Site) NothingYet(states []SourceState) ([]byte, error) {
	v := wireView{frame: s.frame("")}
	v.Canonical, v.Rail = s.Addresses.Base, s.Rail(nil, time.Time{}).html(v.W)
	v.Nothing = s.nothingYet(v.W, states)
	v.Demo = true
	return execute("wire", v)
}

// nothingYet says why nothing was published: how many sources could be read, what most of the others lack, and when the next is tried.
func (s *Site) nothingYet(w *catalog, states []SourceState) string {
	asked, read, next := 0, 0, time.Time{}
	why := make(map[string]int)
	for _, st := range states {
		if st.State == "disabled" {
			continue
		}
		asked++
		if !st.LastSuccess.IsZero() {
			read++
		} else if st.Problem != "" {
			why[st.Problem]++
		}
		if view.Known(st.Due) && (next.IsZero() || st.Due.Before(next)) {
			next = st.Due
		}
	}
	if asked == 0 {
		return w.NoSources
	}
	all := []string{view.Fill(w.ReadOf, "read", strconv.Itoa(read), "all", strconv.Itoa(asked))}
	switch most := mostOf(why); {
	case read == 0 && most == "":
		all = []string{w.NoneAsked}
	case most != "":
		all[0] += ": " + w.orName("problem", most)
	}
	all[0] += "."
	if !next.IsZero() {
		all = append(all, view.Fill(w.NextTry, "time", w.Clock(next.In(s.zone()))))
	}
	return strings.Join(all, " ")
}

// mostOf returns the key that counts most, of several the first.
func mostOf(n map[string]int) (most string) {
	for k, c := range n {
		if d := cmp.Compare(c, n[most]); d > 0 || d == 0 && k < most {
			most = k
		}
	}
	return most
}
