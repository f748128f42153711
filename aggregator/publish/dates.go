package publish

import "time"

// epoch is the date of what has none although Atom demands one, such as a feed that has published nothing.
var epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// known reports whether t is a date that a feed can have: there was none before 1990, and what says so is
// an unset clock.
func known(t time.Time) bool { return t.Year() >= 1990 && t.Year() <= 9999 }

// firstKnown returns the first of its arguments that is known, else the zero time.
func firstKnown(all ...time.Time) time.Time {
	for _, t := range all {
		if known(t) {
			return t
		}
	}
	return time.Time{}
}

// updated returns the atom:updated of the entry view; where the entry has none, it is when it was first seen.
func (c *entryView) updated() time.Time {
	e := c.e
	e.Updated = firstKnown(e.Updated, c.it.FirstSeen, epoch)
	return e.Stamp()
}
