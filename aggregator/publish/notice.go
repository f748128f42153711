package publish

import (
	"fmt"
	"html"

	"dateline/aggregator/news"
)

// notices are what was done to the text since it was first published, for the reader to see above it: RFC 4287 has no
// element for it, and few readers show a date of change. They say what the source or the editor said, and no more.

// notices returns them as HTML; empty: nothing was done.
func (c *entryView) notices() string {
	var all string
	say := func(format string, args ...any) {
		all += `<p class="notice">` + html.EscapeString(fmt.Sprintf(format, args...)) + `</p>`
	}
	if w := c.it.Withdrawal; w != nil && !w.Ended.IsZero() {
		say(c.catalog.withdrawnNotice+c.catalog.restored, c.decider(w.By), c.catalog.moment(w.At), c.decider(w.EndedBy), c.catalog.moment(w.Ended))
	}
	if mark := oneLine(c.it.Credits.Marker); mark != "" && !c.it.Corrected.IsZero() {
		say(c.catalog.corrected, mark, c.publisher.name, c.catalog.moment(c.it.Corrected))
	}
	return all
}

// decider names who decided.
func (c *entryView) decider(by news.Decider) string {
	if by == news.ByEditor {
		return c.catalog.editors
	}
	return c.publisher.name
}
