package news

import "time"

// Source is a feed that the operator configured (RFC 4287 section 4.2.11).
type Source struct {
	ID       string         // short, permanent, lower case; part of every key
	Name     string         // as credited to readers
	Agency   string         // registry key of the agency whose feed it is
	URL      string         // address of the feed
	Site     string         // address of the agency's pages; may be empty
	Language string         // BCP 47; may be empty
	Zone     *time.Location // of dates without an offset; nil: they cannot be read
	Encoding string         // where the feed lies about it; may be empty
	Every    time.Duration  // never polled faster than this
	Rights   string         // may be empty
	Licence  string         // of items and feed that name none: address, else name; may be empty
	Content  Content        // what may be republished
	Topics   []string       // nil: none
	Priority int            // who represents an entry when neither is its originator: the higher
	Enabled  bool           // it is polled
	Include  []string       // words and phrases of which a new item must have one; nil: none
	Exclude  []string       // that no new item may have
	Removed  bool           // it is configured no more, and known by what is remembered of it

	// Pages says that the page of each new item's article is read for credits.
	Pages bool

	// KeepFurniture says that what repeats round its texts is republished with them.
	KeepFurniture bool

	// Header holds further fields of requests to the host of URL, and to no other; nil: none.
	Header map[string][]string
	// RetryFeed says that "too many requests" (429) of this source is about the feed alone, not its host.
	RetryFeed bool
}

// Content says how much of an item may be republished.
type Content string

// The three grants, from least to most. Each includes the one before.
const (
	Headline Content = "headline" // title and link
	Summary  Content = "summary"  // and a summary in plain text, of a bounded length
	Full     Content = "full"     // and the content
)

// Agency is an organisation that can be credited (NewsML-G2 infoSource). The registry maps its
// spellings in every language to one key.
type Agency struct {
	Key    string            // in the registry: lower case, part of addresses
	Name   string            // as credited to readers where the language has no name of its own
	Names  map[string]string // BCP 47 language -> name in that language
	Also   []string          // other spellings, abbreviations and case forms
	Hosts  []string          // host names of its pages, without www.
	Kind   AgencyKind
	Parent string // key of the agency it belongs to; may be empty
	Site   string // address to link the name to; may be empty
}

// AgencyKind says what an agency does in a chain of credits.
type AgencyKind string

// The kinds of agencies.
const (
	KindAgency       AgencyKind = "agency"        // reports news
	KindMinistry     AgencyKind = "ministry"      // a public body that publishes its own
	KindPhoto        AgencyKind = "photo"         // makes and owns pictures
	KindDistributor  AgencyKind = "distributor"   // passes on what others made
	KindPressRelease AgencyKind = "press-release" // carries releases of any party that pays
	KindMedia        AgencyKind = "media"         // a newspaper, broadcaster or site
)

// Feed is what a feed document says of itself (RFC 4287 section 4.1.1), as kept in atom:source.
type Feed struct {
	ID       string    `cbor:"1,keyasint,omitempty"` // atom:id byte for byte; empty where there is none
	Title    string    `cbor:"2,keyasint,omitempty"` // plain text
	Subtitle string    `cbor:"3,keyasint,omitempty"` // plain text
	Updated  time.Time `cbor:"4,keyasint,omitzero"`  // zero: not given
	Self     string    `cbor:"5,keyasint,omitempty"` // the address it names as its own
	Site     string    `cbor:"6,keyasint,omitempty"` // link rel=alternate, channel link, home_page_url
	Hub      string    `cbor:"7,keyasint,omitempty"` // WebSub hub
	Authors  []Person  `cbor:"8,keyasint,omitempty"`
	Rights   string    `cbor:"9,keyasint,omitempty"`  // as printed; empty: none
	Language string    `cbor:"10,keyasint,omitempty"` // as declared by the document
	Icon     string    `cbor:"11,keyasint,omitempty"` // address of a picture; empty: none
	Licence  string    `cbor:"12,keyasint,omitempty"` // address, else name
}
