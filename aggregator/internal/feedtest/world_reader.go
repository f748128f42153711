package feedtest

import (
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Tally compares what was shown of a [World] with what a perfect aggregator would show of it.
type Tally struct {
	Items   int // that were delivered, of the reports that were compared
	Entries int // that showed them
	Lost    int // items that no entry had
	Doubled int // items that two entries had
	Apart   int // entries too many of one report
	Joined  int // entries with items of two reports
	Credit  int // entries under another agency's name, or another dateline, than the report's
	Late    int // items that were delivered and not shown at the next reading
	Stale   int // entries under an old title, or not taken back
	Again   int // entries that were shown anew without a reason
	Why     []string
}

// Sub returns what was counted since old.
func (t Tally) Sub(old Tally) Tally {
	return Tally{t.Items - old.Items, t.Entries - old.Entries, t.Lost - old.Lost, t.Doubled - old.Doubled, t.Apart - old.Apart,
		t.Joined - old.Joined, t.Credit - old.Credit, t.Late - old.Late, t.Stale - old.Stale, t.Again - old.Again, nil}
}

func (t *Tally) note(n *int, format string, args ...any) {
	*n++
	if len(t.Why) < 40 {
		t.Why = append(t.Why, fmt.Sprintf(format, args...))
	}
}

// shown is an entry as a feed reader that keeps everything has it.
type shown struct {
	ID         string   `xml:"http://www.w3.org/2005/Atom id"`
	Title      string   `xml:"http://www.w3.org/2005/Atom title"`
	Updated    string   `xml:"http://www.w3.org/2005/Atom updated"`
	Publisher  string   `xml:"http://purl.org/dc/elements/1.1/ publisher"`
	Provenance string   `xml:"http://purl.org/dc/terms/ provenance"`
	Rel        []rel    `xml:"http://www.w3.org/2005/Atom link"`
	links      []string // of items, in every version; the representative's of the newest first
	versions   int
}

type rel struct {
	Rel  string `xml:"rel,attr"`
	Href string `xml:"href,attr"`
}

// When reports are compared, and forgotten. Every server that fails is well again in the time before, and the daemon's back-off
// ended; in the time behind, the entry leaves the documents.
const (
	settled   = 36 * time.Hour
	forgotten = 10 * 24 * time.Hour
)

// Read takes the merged feed, an Atom document, as its reader finds it now, and returns what was counted since the beginning. The error
// is that of a document that is no XML.
func (w *World) Read(document []byte) (Tally, error) {
	var feed struct {
		Entries []*shown `xml:"http://www.w3.org/2005/Atom entry"`
	}
	if err := xml.Unmarshal(document, &feed); err != nil {
		return Tally{}, err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range feed.Entries {
		w.meet(e)
	}
	w.countLate(time.Now())
	w.compareOld(time.Now())
	t := w.tally
	t.Why = slices.Clone(t.Why)
	return t, nil
}

// meet takes an entry of a document.
func (w *World) meet(e *shown) {
	known := false
	for _, l := range e.Rel {
		item := l.Rel == "alternate" && !withdrawn(e) || l.Rel == "via" || l.Rel == "http://purl.org/dc/terms/hasVersion"
		if item { // a notice has its own page for an alternate
			e.links = append(e.links, l.Href)
			known = known || w.links[l.Href] != nil
		}
	}
	e.Rel = nil
	was := w.shown[e.ID]
	switch {
	case !known && was == nil:
		if !w.odd[e.ID] && !withdrawn(e) { // else it was published and taken back since the last reading
			w.odd[e.ID] = true
			w.tally.note(&w.tally.Again, "long after: %s %s", e.Title, e.Updated)
		}
		return
	case was == nil:
		e.versions = 1
	default:
		e.versions = was.versions
		if e.Updated != was.Updated {
			e.versions++
		}
		for _, l := range was.links {
			if !slices.Contains(e.links, l) {
				e.links = append(e.links, l)
			}
		}
	}
	w.shown[e.ID] = e
}

// withdrawn reports whether e is the notice in place of what was withdrawn.
func withdrawn(e *shown) bool {
	return strings.HasPrefix(e.Title, "Withdrawn") || strings.HasPrefix(e.Title, "Отозвано")
}

// where returns the entries that have each item.
func (w *World) where() map[string][]*shown {
	in := map[string][]*shown{}
	for _, e := range w.shown {
		for _, l := range e.links {
			in[l] = append(in[l], e)
		}
	}
	return in
}

// countLate counts the items that were delivered a minute ago and are not shown.
func (w *World) countLate(now time.Time) {
	in := w.where()
	for _, t := range w.links {
		if !t.late && !t.killed && !t.report.killed && !t.delivered.IsZero() && now.Sub(t.delivered) > time.Minute && len(in[t.Link]) == 0 {
			t.late = true
			w.tally.note(&w.tally.Late, "late at %s: %s, delivered %s", now.Format(time.DateTime), t.Link, t.delivered.Format(time.DateTime))
		}
	}
}

// compareOld compares the reports to which no more happens, and forgets old ones.
func (w *World) compareOld(now time.Time) {
	in := w.where()
	for _, rep := range w.reports {
		if now.Sub(rep.at) < settled {
			break
		}
		if !rep.judged {
			rep.judged = true
			w.compare(rep, in)
		}
	}
	for len(w.reports) > 0 && now.Sub(w.reports[0].at) > forgotten {
		for _, t := range w.reports[0].showings {
			delete(w.links, t.Link)
			for _, e := range in[t.Link] {
				delete(w.shown, e.ID)
			}
		}
		w.reports = w.reports[1:]
	}
}

// compare counts what is wrong with the entries of a report.
func (w *World) compare(rep *report, in map[string][]*shown) {
	t := &w.tally
	var all []*shown
	for _, x := range rep.showings {
		entries := in[x.Link]
		switch {
		case x.delivered.IsZero():
			continue
		case rep.killed: // whose other items may be in two entries, the one that was taken back and another
		case len(entries) == 0:
			t.note(&t.Lost, "lost: %s, delivered %s", x.Link, x.delivered.Format(time.DateTime))
		case len(entries) > 1:
			t.note(&t.Doubled, "doubled: %s in %s and %s", x.Link, entries[0].ID, entries[1].ID)
		}
		t.Items++
		for _, e := range entries {
			if !slices.Contains(all, e) {
				all = append(all, e)
			}
		}
	}
	t.Entries += len(all)
	if len(all) > 1 && !rep.killed {
		t.Apart += len(all) - 2
		t.note(&t.Apart, "apart: %s and %s", all[0].links, all[1].links)
	}
	for _, e := range all {
		w.compareEntry(rep, e)
	}
}

// compareEntry counts what is wrong with one entry of a report.
func (w *World) compareEntry(rep *report, e *shown) {
	t := &w.tally
	changes := 1
	for _, l := range e.links {
		x := w.links[l]
		if x == nil || x.report != rep {
			t.note(&t.Joined, "joined: %s and %s", e.links[0], l)
			return
		}
		changes += x.changes
	}
	if e.versions > changes {
		t.note(&t.Again, "again: %s in %d versions", e.links[0], e.versions)
	}
	first := w.links[e.links[0]] // the representative
	switch {
	case rep.killed && withdrawn(e): // it may have been read of a document that was cut, though none was delivered whole
		return
	case first.killed:
		if !withdrawn(e) {
			t.note(&t.Stale, "not taken back: %s %q", first.Link, e.Title)
		}
		return
	case !strings.HasSuffix(e.Title, strings.TrimPrefix(strings.TrimPrefix(first.Title, "CORRECTED: "), "ИСПРАВЛЕНО: ")):
		t.note(&t.Stale, "old: %s %q, want %q", first.Link, e.Title, first.Title)
	}
	if b := rep.bureau; (first.bureau == b || first.dateline) && e.Publisher != b.Name {
		t.note(&t.Credit, "credit: %s %q, want %q", first.Link, e.Publisher, b.Name)
	}
	if open := strings.TrimRight(rep.bureau.line(rep.bureau.Open, rep), ". -–—"); first.dateline && e.Provenance != open {
		t.note(&t.Credit, "dateline: %s %q, want %q", first.Link, e.Provenance, open)
	}
}
