package page

import (
	"html/template"
	"strconv"
	"strings"

	"dateline/aggregator/publish/view"
)

// The measures of a sparkline, in pixels.
const (
	sparkStep   = 8
	sparkBar    = 6
	sparkHeight = 28
	sparkBase   = 24 // of the bars
)

// Sparkline draws how many items came on each day, the last day being today, in the words of a language (BCP 47). A day without any is
// marked; days that are less than 0 are not known. Without a day that is known it is empty.
func Sparkline(daily []int, lang string) template.HTML {
	w := catalogFor(lang)
	most, silent := 0, 0
	var counts []string
	for _, n := range daily {
		most = max(most, n)
		if n == 0 {
			silent++
		}
		if n >= 0 {
			counts = append(counts, strconv.Itoa(n))
		}
	}
	if len(counts) == 0 {
		return ""
	}
	var d svg
	for i, n := range daily {
		x := strconv.Itoa(i*sparkStep + 1)
		switch {
		case n == 0:
			y := strconv.Itoa(sparkBase - 1)
			d.put("path", "", "class", "silence", "d", "M"+x+" "+y+"h"+strconv.Itoa(sparkBar)+"m-3-3v6")
		case n > 0:
			h := 2 + (sparkBase-4)*n/most
			d.put("rect", "", "class", "bar", "x", x, "y", strconv.Itoa(sparkBase-h), "width", strconv.Itoa(sparkBar), "height", strconv.Itoa(h))
		}
	}
	label := view.Fill(w.ItemsByDay, "counts", strings.Join(counts, ", "))
	if silent > 0 {
		label += " " + w.number("silent_days", silent)
	}
	return d.drawing("spark", label, strconv.Itoa(len(daily)*sparkStep), sparkHeight)
}
