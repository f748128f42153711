package parse

import "fmt"

// NotFeedError is returned for what is no feed.
type NotFeedError struct {
	What    string // "HTML", "JSON", "empty", "text", or the name of the root element
	Snippet string // its beginning as text, at most 200 characters, for the operator
}

func (e *NotFeedError) Error() string {
	switch e.What {
	case "empty":
		return "parse: not a feed: the document is empty"
	case "HTML", "JSON", "text":
		return "parse: not a feed but " + e.What
	}
	return fmt.Sprintf("parse: not a feed but a document with the root element %q", e.What)
}

// BrokenError is returned for a feed that cannot be read in spite of all repair.
type BrokenError struct {
	Format string // as in [Document]
	Err    error  // what the parser says
}

func (e *BrokenError) Error() string {
	return fmt.Sprintf("parse: broken %s document: %v", e.Format, e.Err)
}

// Unwrap returns the cause.
func (e *BrokenError) Unwrap() error { return e.Err }
