package publish

import (
	"fmt"
	"html"

	"dateline/aggregator/news"
)

// notices are what was done to the text since it was first published, for the reader to see above it: RFC 4287 has no
// element for it, and few readers show a date of change. They say what the source or the editor said, and no more.

// notices returns them as HTML; empty: nothing was done.
func (c *piece) notices() string {
	var all string
	say := func(format string, args ...any) {
		all += `<p class="notice">` + html.EscapeString(fmt.Sprintf(format, args...)) + `</p>`
	}
	if w := c.it.Withdrawal; w != nil && !w.Ended.IsZero() {
		say(c.words.withdrawnNotice+c.words.restored, c.decider(w.By), c.words.moment(w.At), c.decider(w.EndedBy), c.words.moment(w.Ended))
	}
	if mark := line(c.it.Credits.Marker); mark != "" && !c.it.Corrected.IsZero() {
		say(c.words.corrected, mark, c.publisher.name, c.words.moment(c.it.Corrected))
	}
	return all
}

// decider names who decided.
func (c *piece) decider(by news.Decider) string {
	if by == news.ByEditor {
		return c.words.editors
	}
	return c.publisher.name
}
