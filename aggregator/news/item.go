package news

import "time"

// Item is what one source published under one identity, in one of its revisions. The parser fills
// what the document says; later stages fill the rest.
type Item struct {
	// Who published it, and under what name.
	Key    Key    `cbor:"1,keyasint,omitzero"`
	Source string `cbor:"2,keyasint"`           // id of the source
	GUID   string `cbor:"3,keyasint,omitempty"` // guid, atom:id, rdf:about or id, byte for byte, outer white space aside
	URL    string `cbor:"4,keyasint,omitempty"` // absolute, without tracking parameters
	URLRaw string `cbor:"5,keyasint,omitempty"` // absolute, as the source gives it; empty where equal to URL

	// What it says.
	Title        string     `cbor:"6,keyasint,omitempty"`  // plain text; empty when missing
	Summary      string     `cbor:"7,keyasint,omitempty"`  // HTML
	Content      string     `cbor:"8,keyasint,omitempty"`  // HTML
	Language     string     `cbor:"9,keyasint,omitempty"`  // BCP 47, as the document declares for this item, else for itself; else empty
	Lead         string     `cbor:"10,keyasint,omitempty"` // plain text without dateline, credits and furniture
	Authors      []Person   `cbor:"11,keyasint,omitempty"` // atom:author, author, dc:creator; inherited as RFC 4287 section 4.2.1 says
	Contributors []Person   `cbor:"12,keyasint,omitempty"` // as Authors
	Publisher    string     `cbor:"13,keyasint,omitempty"` // dc:publisher
	Categories   []Category `cbor:"14,keyasint,omitempty"` // in document order, at most 200
	Media        []Media    `cbor:"15,keyasint,omitempty"` // likewise
	Rights       string     `cbor:"16,keyasint,omitempty"` // as printed; empty: none
	Licence      string     `cbor:"40,keyasint,omitempty"` // address, else name

	// When.
	Published    time.Time `cbor:"17,keyasint,omitzero"`  // UTC; zero: missing or unreadable
	PublishedRaw string    `cbor:"18,keyasint,omitempty"` // as received
	Updated      time.Time `cbor:"19,keyasint,omitzero"`  // likewise
	UpdatedRaw   string    `cbor:"20,keyasint,omitempty"` // as received
	Guessed      []string  `cbor:"21,keyasint,omitempty"` // what was guessed to read it: "zone", "date", "encoding"

	// Where from.
	Origin *Feed `cbor:"22,keyasint,omitempty"` // the source element that the item brought along; nil: none
	Feed   Feed  `cbor:"-"`                     // the source's feed at the visit that brought this revision

	// What we found out.
	Credits   Credits   `cbor:"23,keyasint,omitzero"`  // zero: none found
	FirstSeen time.Time `cbor:"24,keyasint,omitzero"`  // UTC, the visit that first brought it
	Revised   time.Time `cbor:"25,keyasint,omitzero"`  // the visit that brought this revision
	Revision  int       `cbor:"26,keyasint"`           // from 1
	Hash      uint64    `cbor:"27,keyasint,omitempty"` // of what the document says: equal hash, equal content
	Aliases   []string  `cbor:"28,keyasint,omitempty"` // other GUIDs it has been published under
	Entry     Key       `cbor:"29,keyasint,omitzero"`  // that it is in
	Join      *Join     `cbor:"30,keyasint,omitempty"` // why it is in another item's entry; nil: it does not
	Held      bool      `cbor:"31,keyasint,omitempty"` // stored, not published
	Withdrawn bool      `cbor:"32,keyasint,omitempty"` // by its source or an editor: only a notice is published
	Erased    bool      `cbor:"33,keyasint,omitempty"` // its text is gone for good: by the editor or by retention

	IdentityKeys []IdentityKey `cbor:"34,keyasint,omitempty"` // of an erased item: what it is still recognised by

	Supersedes *Join `cbor:"35,keyasint,omitempty"` // the source's own earlier report that it takes the place of; nil: none

	OwnID      bool        `cbor:"36,keyasint,omitempty"` // its GUID is fit to be published as an atom:id
	Withdrawal *Withdrawal `cbor:"37,keyasint,omitempty"` // the newest; nil: it never was withdrawn
	Corrected  time.Time   `cbor:"38,keyasint,omitzero"`  // when a revision brought the mark that calls it a correction; zero: none did

	Furniture []Cut `cbor:"41,keyasint,omitempty"` // of Summary and Content, ascending in each: what is not republished

	Embargo *Embargo `cbor:"42,keyasint,omitempty"` // nil: none was asked for

	Page *Page `cbor:"43,keyasint,omitempty"` // what came of asking for the article's page; nil: it was not asked for

	Story []Join `cbor:"39,keyasint,omitempty"` // what was found of the event in other words when it was published, the likest first

	// Sum identifies the item's bytes in its document: equal sum, equal bytes in an equal setting.
	// It is kept with the source, not with the item.
	Sum uint64 `cbor:"-"`
}

// Date returns when the item was published, or first seen where its source does not say.
func (it Item) Date() time.Time {
	if it.Published.IsZero() {
		return it.FirstSeen
	}
	return it.Published
}

// DateUnreadable reports whether the source gives a date of publication that cannot be read: most often one without an offset.
func (it Item) DateUnreadable() bool { return it.PublishedRaw != "" && it.Published.IsZero() }

// maxAhead is how far in the future a feed's date may lie before it is not believed.
const maxAhead = time.Hour

// ClampDates replaces dates that lie more than an hour after firstSeen by firstSeen. The raw ones stay.
func (it *Item) ClampDates(firstSeen time.Time) {
	for _, t := range []*time.Time{&it.Published, &it.Updated} {
		if t.After(firstSeen.Add(maxAhead)) {
			*t = firstSeen
		}
	}
}

// Person is a name as printed, with what the feed says of it (RFC 4287 section 3.2).
type Person struct {
	Name  string `cbor:"1,keyasint,omitempty"`
	Email string `cbor:"2,keyasint,omitempty"` // empty: none
	URI   string `cbor:"3,keyasint,omitempty"` // empty: none
}

// Category is the source's own (RFC 4287 section 4.2.2).
type Category struct {
	Term   string `cbor:"1,keyasint,omitempty"`
	Scheme string `cbor:"2,keyasint,omitempty"` // address of the vocabulary; empty: none
	Label  string `cbor:"3,keyasint,omitempty"` // for readers; empty: Term
}

// Media is a picture, recording or film that an item names (Media RSS media:content, enclosure).
type Media struct {
	URL         string        `cbor:"1,keyasint,omitempty"`  // absolute
	Type        string        `cbor:"2,keyasint,omitempty"`  // full MIME type; empty where unknown
	Medium      string        `cbor:"3,keyasint,omitempty"`  // image, audio, video, document, executable
	Length      int64         `cbor:"4,keyasint,omitempty"`  // bytes; 0: unknown
	Width       int           `cbor:"5,keyasint,omitempty"`  // pixels; 0: unknown
	Height      int           `cbor:"6,keyasint,omitempty"`  // pixels; 0: unknown
	Title       string        `cbor:"7,keyasint,omitempty"`  // plain text; empty: none
	Description string        `cbor:"8,keyasint,omitempty"`  // the caption, plain text
	Copyright   string        `cbor:"9,keyasint,omitempty"`  // as printed; empty: none
	Licence     string        `cbor:"12,keyasint,omitempty"` // address, else name
	Thumbnail   string        `cbor:"10,keyasint,omitempty"` // address
	Credits     []MediaCredit `cbor:"11,keyasint,omitempty"` // every one, in order
}

// MediaCredit is a media:credit as the feed gives it (Media RSS 1.5.1).
type MediaCredit struct {
	Role   string `cbor:"1,keyasint,omitempty"` // empty: none given
	Scheme string `cbor:"2,keyasint,omitempty"` // of the role, such as urn:ebu; empty: none given
	Name   string `cbor:"3,keyasint,omitempty"` // as printed
}
