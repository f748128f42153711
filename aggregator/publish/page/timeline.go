package page

import (
	"html/template"
	"strconv"
	"time"
	"unicode/utf8"

	"dateline/aggregator/publish/view"
)

// timelineView is the drawing of a story: a lane for each item, from left to right in time.
type timelineView struct {
	SVG    template.HTML
	Legend []legendView
}

type legendView struct {
	Symbol template.HTML
	Text   string
}

const (
	timelineTop   = 30 // of the first lane
	laneHeight    = 44
	laneLine      = 29 // of a lane's line below its top
	laneName      = 40 // characters of a name in a drawing
	timelineTicks = 4
)

// timeline draws the events of a story.
func (f *frame) timeline(lanes []*StoryItem, events []eventView) timelineView {
	from, to := events[0].at, events[len(events)-1].at
	part := func(t time.Time) float64 {
		if !to.After(from) {
			return 2
		}
		return 2 + 96*float64(t.Sub(from))/float64(to.Sub(from))
	}
	at := func(t time.Time) string { return percent(part(t)) }
	line := func(lane int) int { return timelineTop + laneHeight*lane + laneLine }
	var d svg
	bottom := timelineTop + laneHeight*len(lanes) - 6
	for _, t := range ticks(from.In(f.zone), to.In(f.zone)) {
		name := t.Format("15:04")
		if t.Hour() == 0 && t.Minute() == 0 {
			name = f.W.ShortDay(t)
			if t.Year() != to.In(f.zone).Year() {
				name = f.W.Day(t)
			}
		}
		d.line("tick", at(t), 22, at(t), bottom)
		d.time(name, part(t))
	}
	place := make(map[*StoryItem]int)
	for i, t := range lanes {
		place[t] = i
		class := ""
		if t.Copies != nil {
			class = "faint"
			d.line("join", at(t.Copies.View.At), line(place[t.Copies]), at(t.View.At), line(i))
		}
		d.line("lane", at(t.View.At), line(i), "100%", line(i))
		d.put("text", short(t.View.Publisher.Name, laneName), "class", class, "x", "0", "y", strconv.Itoa(line(i)-14))
	}
	var v timelineView
	used := make(map[string]bool)
	for _, e := range events {
		d.mark(e.Mark, at(e.at), line(e.lane))
		used[e.Mark] = true
	}
	for _, m := range signs() {
		if used[m] {
			v.Legend = append(v.Legend, legendView{symbols[m], f.W.orName("legend", m)})
		}
	}
	label := view.Fill(f.W.TimelineLabel, "from", f.W.Moment(from.In(f.zone)), "to", f.W.Moment(to.In(f.zone)))
	v.SVG = d.drawing("timeline", label, "100%", bottom+2)
	return v
}

// short returns the first characters of s, at most n.
func short(s string, n int) string {
	if utf8.RuneCountInString(s) <= n {
		return s
	}
	return string([]rune(s)[:n-1]) + "…"
}

// steps are the distances of lines of time.
var steps = []time.Duration{time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour,
	2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 48 * time.Hour, 7 * 24 * time.Hour}

// ticks returns the round times of the day between two times, at most a few.
func ticks(from, to time.Time) []time.Time {
	span := to.Sub(from)
	step := (span / timelineTicks).Truncate(24*time.Hour) + 24*time.Hour // of more than a month
	for _, s := range steps {
		if span/s <= timelineTicks {
			step = s
			break
		}
	}
	var all []time.Time
	midnight := time.Date(from.Year(), from.Month(), from.Day(), 0, 0, 0, 0, from.Location())
	for n := from.Sub(midnight)/step + 1; len(all) <= timelineTicks; n++ {
		t := midnight.Add(n * step)
		if t.After(to) {
			break
		}
		all = append(all, t)
	}
	return all
}
