package page

import (
	"cmp"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"time"

	"dateline/aggregator/publish/view"
)

// StripRow is what one agency published in a day.
type StripRow struct {
	Name  string  // of the source
	Total int     // in the day
	Hours [24]int // by hour of the day
}

// The measures of a strip: parts of its width in per cent, the rest in pixels.
const (
	stripRows  = 6 // agencies; the others together are one row
	stripLeft  = 34
	stripHigh  = 24
	stripTop   = 18
	stripNames = 14 // characters of a name
)

// Strip draws what agencies published in each hour of the day before a time, those that published most first.
func (s *Site) Strip(rows []*StripRow, to time.Time) template.HTML {
	w := catalogFor(s.Language)
	slices.SortStableFunc(rows, func(a, b *StripRow) int { return cmp.Or(b.Total-a.Total, strings.Compare(a.Name, b.Name)) })
	if len(rows) > stripRows+1 {
		rest := &StripRow{Name: w.Others}
		for _, r := range rows[stripRows:] {
			rest.Total += r.Total
			for i, n := range r.Hours {
				rest.Hours[i] += n
			}
		}
		rows = append(slices.Clone(rows[:stripRows]), rest)
	}
	most := 1
	var counts []string
	for _, r := range rows {
		most = max(most, slices.Max(r.Hours[:]))
		counts = append(counts, r.Name+" "+strconv.Itoa(r.Total))
	}
	var d svg
	place := func(h float64) float64 { return stripLeft + (100-stripLeft)*h/24 }
	hour := func(h float64) string { return percent(place(h)) }
	from := to.Add(-24 * time.Hour).In(s.zone())
	bottom := stripTop + stripHigh*len(rows)
	for _, t := range ticks(from, to.In(s.zone())) {
		x := place(t.Sub(from).Hours())
		d.line("tick", percent(x), stripTop-2, percent(x), bottom)
		d.time(t.Format("15:04"), x)
	}
	for i, r := range rows {
		base := stripTop + stripHigh*(i+1) - 2
		d.put("text", short(r.Name, stripNames), "x", "0", "y", strconv.Itoa(base-3))
		d.put("text", strconv.Itoa(r.Total), "class", "faint", "x", percent(stripLeft-2), "y", strconv.Itoa(base-3), "text-anchor", "end")
		d.line("lane", hour(0), base, "100%", base)
		for h, n := range r.Hours {
			if n > 0 {
				high := 2 + (stripHigh-8)*n/most
				d.put("rect", "", "class", "bar", "x", hour(float64(h)+0.1), "y", strconv.Itoa(base-high), "width", percent((100-stripLeft)*0.8/24),
					"height", strconv.Itoa(high))
			}
		}
	}
	label := view.Fill(w.StripLabel, "to", w.Moment(to.In(s.zone())), "counts", strings.Join(counts, ", "))
	return d.drawing("strip", label, "100%", bottom+2)
}
