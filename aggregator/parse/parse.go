// Package parse reads feed documents: RSS 0.9 to 2.0, RSS 1.0 (RDF), Atom 0.3 and 1.0, JSON Feed.
// gofeed does the reading; this package gives it bytes that it can read, and puts right what it
// rewrites, guesses or drops. Nothing here knows the network, the clock or the store.
package parse

import (
	"time"

	"dateline/aggregator/news"
)

// Version is part of the body hash kept by the engine: raise it when reading changes.
const Version = 1

// Options is what is known of a document besides its bytes. The zero value reads it by itself alone.
type Options struct {
	Document    string                // address the document was read from; base of relative links
	ContentType string                // HTTP Content-Type; "" unknown
	Encoding    string                // the source's own encoding, where the feed lies; "" none
	Zone        *time.Location        // of dates without an offset or with an unknown zone name; nil: such dates are missing
	Known       func(sum uint64) bool // reports that the item with these bytes need not be read; nil: read all
}

// Document is a feed document as read.
type Document struct {
	Format    string // "rss", "rdf", "atom", "json"
	Feed      news.Feed
	Items     []news.Item   // in document order. An item that Known knew has nothing but Sum set.
	Deleted   []string      // ids of at:deleted-entry (RFC 6721 section 3)
	Partial   bool          // cut off in the middle: Items holds the whole ones
	TTL       time.Duration // how long the document asks to be kept; 0: it does not say
	SkipHours []int         // hours of the day in UTC, 0 to 23, in which it asks not to be read
	SkipDays  []time.Weekday
	Guessed   []string // what was guessed for the document as a whole: "encoding"
}
