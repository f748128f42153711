package config

import (
	"errors"
	"strings"

	"golang.org/x/text/language"
)

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

// Language returns the canonical form of a language tag as feeds have them (en_US, ru-ru), "" for what is none.
func Language(s string) string {
	t, err := language.Raw.Parse(strings.ReplaceAll(strings.TrimSpace(s), "_", "-"))
	if err != nil || t == language.Und {
		return ""
	}
	return t.String()
}

// SameFeed reports whether two addresses are those of one feed: scheme, default port and a final slash make no other.
func SameFeed(a, b string) bool { return sameFeed(a) == sameFeed(b) }
