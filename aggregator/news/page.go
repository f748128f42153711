package news

import "time"

// Page is what came of asking for the page of an item's article, for a source whose credits are taken from pages. Its text is not kept.
type Page struct {
	At     time.Time  `cbor:"1,keyasint"` // of the last request
	Result PageResult `cbor:"2,keyasint"`
	Tries  int        `cbor:"3,keyasint"`           // requests
	Why    string     `cbor:"4,keyasint,omitempty"` // why it brought nothing

	Credits   Credits `cbor:"5,keyasint,omitzero"`  // as the page states them; those of the item are these and the feed's
	Canonical string  `cbor:"6,keyasint,omitempty"` // the address that it calls its own
	Language  string  `cbor:"7,keyasint,omitempty"` // BCP 47
	Licence   string  `cbor:"8,keyasint,omitempty"` // address, else name
}

// PageField is the field of the evidence of what was read on an article's page ([Evidence]).
const PageField = "page"

// PageResult says what came of a page.
type PageResult string

// The results of a page. After all but PageFailed it is never asked for again.
const (
	PageRead    PageResult = "read"    // it states credits
	PageEmpty   PageResult = "empty"   // it was read, and states none, or which article is meant cannot be decided
	PageRefused PageResult = "refused" // by its host or robots.txt, or it failed too often
	PageFailed  PageResult = "failed"  // it is tried again
)

// Robots is what the robots.txt of a site asks for. The zero Robots is that of no site.
type Robots struct {
	Site        string    `cbor:"1,keyasint,omitempty"` // scheme, host and port
	Until       time.Time `cbor:"2,keyasint,omitzero"`  // when it is to be asked for again
	Rules       string    `cbor:"3,keyasint,omitempty"` // for us, as a file
	Unreachable bool      `cbor:"4,keyasint,omitempty"` // it could not be read: no page may be asked for until then
}

// Pages counts the requests for the pages of a source. The zero Pages is that of a source that made none.
type Pages struct {
	Read    uint64    `cbor:"1,keyasint,omitempty"` // requests that ended so, as PageRead
	Empty   uint64    `cbor:"2,keyasint,omitempty"` // as PageEmpty
	Refused uint64    `cbor:"3,keyasint,omitempty"` // as PageRefused
	Failed  uint64    `cbor:"4,keyasint,omitempty"` // as PageFailed
	Since   time.Time `cbor:"5,keyasint,omitzero"`  // when counting began
	Pace    float64   `cbor:"6,keyasint,omitempty"` // requests, those of long ago fading
	At      time.Time `cbor:"7,keyasint,omitzero"`  // until when Pace has faded

	// Waiting are the new items of the last day whose page is to be asked for, and those for which that ended within the last minute;
	// the oldest first.
	Waiting []WaitingPage `cbor:"8,keyasint,omitempty"`
}

// WaitingPage is a new item whose article's page is to be asked for.
type WaitingPage struct {
	Item Key       `cbor:"1,keyasint"`
	Seen time.Time `cbor:"2,keyasint"`          // when the item was first seen
	Done time.Time `cbor:"3,keyasint,omitzero"` // when it was asked for, or given up, for good; zero: it waits
}
