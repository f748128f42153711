package publish

import (
	"html"

	"dateline/aggregator/news"
)

// notices are what was done to the text since it was first published, for the reader to see above it: RFC 4287 has no
// element for it, and few readers show a date of change. They say what the source or the editor said, and no more.

// notices returns them as HTML; empty: nothing was done.
func (c *entryView) notices() string {
	var all string
	say := func(notice string) { all += `<p class="notice">` + html.EscapeString(notice) + `</p>` }
	if w := c.it.Withdrawal; w != nil && !w.Ended.IsZero() {
		taken := fill(c.words.takenBack, "who", c.decider(w.By), "when", c.words.moment(w.At))
		say(taken + "; " + fill(c.words.restored, "who", c.decider(w.EndedBy), "when", c.words.moment(w.Ended)))
	}
	if mark := oneLine(c.it.Credits.Marker); mark != "" && !c.it.Corrected.IsZero() {
		say(fill(c.words.corrected, "mark", mark, "who", c.publisher.name, "when", c.words.moment(c.it.Corrected)))
	}
	return all
}

// decider names who decided.
func (c *entryView) decider(by news.Decider) string {
	if by == news.ByEditor {
		return c.words.editors
	}
	return c.publisher.name
}

// withdrawer names the source that withdrew the entry; empty: the editor did.
func (c *entryView) withdrawer() string {
	if w := c.it.Withdrawal; w != nil && w.By == news.BySource {
		return c.publisher.name
	}
	return ""
}

// withdrawal is the notice in place of the text of a withdrawn entry.
func (c *entryView) withdrawal() string { return c.words.withdrawal(c.withdrawer()) }

// withdrawnTitle is the title of the notice in feeds, in every language: who reads it is often a program.
func (c *entryView) withdrawnTitle() string {
	if by := c.withdrawer(); by != "" {
		return "Withdrawn by " + by
	}
	return "Withdrawn"
}
