package parse

import (
	"context"
	"time"

	"dateline/aggregator/news"
)

// Version is part of the body hash kept by the engine: raise it when reading changes.
const Version = 3

// Options is what is known of a document besides its bytes. The zero value reads it by itself alone.
type Options struct {
	Document    string                // address the document was read from; base of relative links
	ContentType string                // HTTP Content-Type; "" unknown
	Encoding    string                // the source's own encoding, where the feed lies; "" none
	Zone        *time.Location        // of dates without an offset or with an unknown zone name; nil: such dates are missing
	Language    string                // of the source, BCP 47; decides between links where neither item nor document says; "" unknown
	Known       func(sum uint64) bool // reports that the item with these bytes need not be read; nil: read all
	// Stored reports that an item is stored, of which only GUID, URL, Title and PublishedRaw are set; nil: none is. It is
	// asked where a document has more than MaxItems items.
	Stored func(it news.Item) bool
}

// Document is a feed document as read.
type Document struct {
	Format    string         // "rss", "rdf", "atom", "json"
	Feed      news.Feed      // what the document says of itself
	Items     []news.Item    // in document order. An item that Known knew has nothing but Sum set.
	Deleted   []string       // ids of at:deleted-entry (RFC 6721 section 3)
	Partial   bool           // cut off in the middle: Items holds the whole ones
	Total     int            // items that the document holds; where that is more than Items, absence from Items says nothing
	LeftOut   news.LeftOut   // items that were shortened or left out
	TTL       time.Duration  // how long the document asks to be kept; 0: it does not say
	SkipHours []int          // hours of the day in UTC, 0 to 23, in which it asks not to be read
	SkipDays  []time.Weekday // in UTC
	Guessed   []string       // what was guessed for the document as a whole: "encoding"
}

// Feed reads the document body. It returns a [*NotFeedError] for what is no feed, a [*BrokenError] where nothing helps, and
// the error of ctx when that ends first. Only with an error is the document nil. What is beyond the bounds costs an item at
// most, which LeftOut counts. Neither document nor error refer to body when Feed has returned.
//
// The Hash of an item covers what the document says of it and nothing else: neither what is around it,
// nor how it was read. Its Sum covers its bytes and all that its reading depends on.
func Feed(ctx context.Context, body []byte, o Options) (*Document, error) {
	text, guessed := decode(body, o)
	format, start, entities, err := detect(text)
	if err != nil {
		return nil, err
	}
	r := &reader{ctx: ctx, o: o, d: &Document{Format: format}}
	if guessed {
		r.d.Guessed = []string{"encoding"}
	}
	if format == "json" {
		err = r.json(text[start:])
	} else {
		err = r.xml(text[start:], entities)
	}
	if err != nil {
		return nil, err
	}
	return r.d, nil
}
