package view

import (
	"html"

	"dateline/aggregator/news"
)

// notices are what was done to the text since it was first published, for the reader to see above it: RFC 4287 has no
// element for it, and few readers show a date of change. They say what the source or the editor said, and no more.

// notices returns them as HTML; empty: nothing was done.
func (c *Entry) notices() string {
	var all string
	say := func(notice string) { all += `<p class="notice">` + html.EscapeString(notice) + `</p>` }
	if w := c.Item.Withdrawal; w != nil && !w.Ended.IsZero() {
		taken := Fill(c.words.takenBack, "who", c.decider(w.By), "when", c.words.Moment(w.At.UTC()))
		say(taken + "; " + Fill(c.words.restored, "who", c.decider(w.EndedBy), "when", c.words.Moment(w.Ended.UTC())))
	}
	if c.Corrected() {
		mark := OneLine(c.Item.Credits.Marker)
		say(Fill(c.words.corrected, "mark", mark, "who", c.Publisher.Name, "when", c.words.Moment(c.Item.Corrected.UTC())))
	}
	return all
}

// decider names who decided.
func (c *Entry) decider(by news.Decider) string {
	if by == news.ByEditor {
		return c.words.editors
	}
	return c.Publisher.Name
}

// Withdrawer names the source that withdrew the entry; empty: the editor did.
func (c *Entry) Withdrawer() string {
	if w := c.Item.Withdrawal; w != nil && w.By == news.BySource {
		return c.Publisher.Name
	}
	return ""
}

// Withdrawal is the notice in place of the text of a withdrawn entry.
func (c *Entry) Withdrawal() string { return c.words.Withdrawal(c.Withdrawer()) }

// WithdrawnTitle is the title of the notice in feeds, the same in every language: programs read it.
func (c *Entry) WithdrawnTitle() string {
	if by := c.Withdrawer(); by != "" {
		return "Withdrawn by " + by
	}
	return "Withdrawn"
}
