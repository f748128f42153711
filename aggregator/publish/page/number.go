package page

import (
	"strconv"

	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"dateline/aggregator/publish/view"
)

// forms are the suffixes of the keys of what is counted, by the form of the number (CLDR plural rules).
var forms = map[plural.Form]string{plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many"}

// number says how many there are of what a group of words counts, such as `3 own reports`.
func (w *catalog) number(group string, n int) string {
	form := forms[plural.Cardinal.MatchPlural(language.Make(w.Lang), n, 0, 0, 0, 0)]
	pattern, ok := w.of(group, form)
	if !ok {
		pattern = w.orName(group, "other")
	}
	return view.Fill(pattern, "n", strconv.Itoa(n))
}
