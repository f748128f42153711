package view

import "time"

// Epoch is the date of what has none although Atom demands one, such as a feed that has published nothing.
var Epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// Known reports whether t is a date that a feed can have: there was none before 1990, and what says so is
// an unset clock.
func Known(t time.Time) bool { return t.Year() >= 1990 && t.Year() <= 9999 }

// FirstKnown returns the first of its arguments that is known, else the zero time.
func FirstKnown(all ...time.Time) time.Time {
	for _, t := range all {
		if Known(t) {
			return t
		}
	}
	return time.Time{}
}

// Updated returns the atom:updated of the entry; where the entry has none, it is when it was first seen.
func (c *Entry) Updated() time.Time {
	e := c.Entry
	e.Updated = FirstKnown(e.Updated, c.Item.FirstSeen, Epoch)
	return e.Stamp()
}
