package parse

import (
	"errors"
	"fmt"
)

// The bounds of a document. They hold before anything is built of it.
const (
	MaxDepth    = 64      // elements, or objects and arrays, inside each other
	MaxElements = 200_000 // start tags, or JSON values
	MaxItems    = 2_000
	MaxToken    = 1 << 20 // bytes of one tag, text, comment or JSON string
	MaxList     = 200     // persons, categories or media of one item; those beyond are left out
)

// What gofeed and encoding/xml take quadratic time for.
const (
	maxAttributes = 256   // of one element
	maxNamespaces = 256   // declared by the elements around one
	maxChildren   = 4_096 // elements and CDATA sections inside one that is no container of items
)

// Errors of documents beyond the bounds.
var (
	ErrTooDeep         = errors.New("parse: nested too deep")
	ErrTooManyElements = errors.New("parse: too many elements")
	ErrTooManyItems    = errors.New("parse: too many items")
	ErrTooLongToken    = errors.New("parse: a tag or text is too long")
)

// NotFeedError is returned for what is no feed.
type NotFeedError struct {
	What    string // "HTML", "JSON", "empty", "text", or the name of the root element
	Snippet string // its beginning as text, at most 200 characters, for whoever looks into it
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
	Err    error
}

func (e *BrokenError) Error() string {
	return fmt.Sprintf("parse: broken %s document: %v", e.Format, e.Err)
}

// Unwrap returns the cause.
func (e *BrokenError) Unwrap() error { return e.Err }
