package config

import "errors"

// Accepts returns an error for a source that could not be added to c, nil for one that could. It is about no place in
// a file.
func (c *Config) Accepts(s Source) error {
	if _, err := c.index(s.ID); err == nil {
		return wrong("id %q is used already", s.ID)
	}
	alone := Default()
	alone.Poll, alone.Topics, alone.Sources = c.Poll, c.Topics, []Source{s}
	_, err := Parse("", alone.YAML())
	var errs Errors
	if errors.As(err, &errs) {
		for _, e := range errs {
			e.Line, e.Column = 0, 0
		}
		return errs
	}
	return err
}

// SameFeed reports whether two addresses are those of one feed: http or https, default port and a final slash make no other.
func SameFeed(a, b string) bool { return sameFeed(a) == sameFeed(b) }
