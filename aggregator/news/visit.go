package news

import "time"

// Validators are ETag and Last-Modified as received, byte for byte (RFC 9110 section 8.8).
type Validators struct {
	ETag         string `cbor:"1,keyasint,omitempty"` // with its quotes; empty: none
	LastModified string `cbor:"2,keyasint,omitempty"` // an HTTP date; empty: none
}

// IsZero reports whether there is nothing to validate with.
func (v Validators) IsZero() bool { return v == Validators{} }

// Visit is one reading of a source, as reported to the caller that asked for it.
type Visit struct {
	Source  string        // its id
	Pushed  bool          // no visit: a hub delivered the document
	ByHand  bool          // of those pushed: an operator did
	At      time.Time     // when it was answered, or given up
	Took    time.Duration // from its beginning to its commit
	Result  Result
	Status  int       // of the answer; 0: there was none
	Err     error     // nil: it is a good one
	New     int       // items
	Updated int       // items revised
	Joined  int       // of New, those that joined an entry
	Held    int       // of New, those not yet published
	Gap     bool      // the document shared nothing with the one before
	Next    time.Time // when the source is due again

	Recovered bool           // the visit before failed, and this one is good
	Withdrawn []Retraction   // what the source took back
	Joins     map[string]int // of Joined, by the level at which they joined
	Received  int64          // bytes of the answer's body, as they came
}

// Retraction is an item that its source took back.
type Retraction struct {
	Entry Key    // that the item was in
	Title string // as it was last stored
	URL   string // empty: it had none
}

// Result says how a visit ended.
type Result string

// The results of a visit. Partial and Failed count as failed.
const (
	OK          Result = "ok"           // a document was read
	NotModified Result = "not_modified" // 304
	Unchanged   Result = "unchanged"    // the bytes of the last good visit
	Partial     Result = "partial"      // a document cut off in the middle: its whole items were taken
	Failed      Result = "failed"
)

// Good reports whether r is the result of a good visit.
func (r Result) Good() bool { return r == OK || r == NotModified || r == Unchanged }

// State is what is remembered of a source between visits. The zero State is that of a source never visited.
type State struct {
	URL         string         `cbor:"1,keyasint,omitempty"`  // the configured address that the rest was learned from
	Validators  Validators     `cbor:"2,keyasint,omitzero"`   // of the last good answer
	Hash        uint64         `cbor:"3,keyasint,omitempty"`  // of the last good body, the parser and the parse settings; 0: none
	LastVisit   time.Time      `cbor:"4,keyasint,omitzero"`   // the end of the second in which the last visit was answered
	LastSuccess time.Time      `cbor:"5,keyasint,omitzero"`   // the last good visit; zero: none
	LastNew     time.Time      `cbor:"6,keyasint,omitzero"`   // when a visit last brought a new item
	Due         time.Time      `cbor:"7,keyasint,omitzero"`   // not before; zero: at once
	Why         string         `cbor:"8,keyasint,omitempty"`  // what decided Due: every, max-age, expires, ttl, retry-after, back-off …
	RetryAt     time.Time      `cbor:"9,keyasint,omitzero"`   // what a Retry-After asked for; nothing overrides it
	Failures    int            `cbor:"10,keyasint,omitempty"` // bad visits in a row
	Result      Result         `cbor:"11,keyasint,omitempty"` // of the last visit
	Status      int            `cbor:"12,keyasint,omitempty"` // HTTP status of the last answer
	Problem     Problem        `cbor:"13,keyasint,omitempty"` // class of the last error; empty: none
	Error       string         `cbor:"14,keyasint,omitempty"` // text of the last error; empty since the last good visit
	Snippet     string         `cbor:"15,keyasint,omitempty"` // the beginning of the body that was no feed
	Feed        Feed           `cbor:"16,keyasint,omitzero"`  // as the last good document describes itself
	Learned     string         `cbor:"17,keyasint,omitempty"` // address learned from permanent redirects
	Items       uint64         `cbor:"18,keyasint,omitempty"` // ever stored
	Held        uint64         `cbor:"-"`                     // now held back, as the store counts them (19 is an old stored count)
	Embargoed   uint64         `cbor:"-"`                     // of Held, those under embargo
	EmbargoEnds time.Time      `cbor:"-"`                     // when the first of their embargoes ends; zero: none has a moment
	Guessed     uint64         `cbor:"20,keyasint,omitempty"` // items whose reading needed a guess
	TTL         time.Duration  `cbor:"21,keyasint,omitempty"` // the document's own ttl
	SkipHours   []int          `cbor:"22,keyasint,omitempty"` // hours of the day in UTC, 0 to 23
	SkipDays    []time.Weekday `cbor:"23,keyasint,omitempty"` // in UTC

	// How it was configured at its last visit, so that its items stay credited once it is removed.
	Name     string   `cbor:"24,keyasint,omitempty"`
	Agency   string   `cbor:"25,keyasint,omitempty"`
	Site     string   `cbor:"26,keyasint,omitempty"`
	Language string   `cbor:"27,keyasint,omitempty"`
	Content  Content  `cbor:"28,keyasint,omitempty"`
	Rights   string   `cbor:"29,keyasint,omitempty"`
	Licence  string   `cbor:"46,keyasint,omitempty"`
	Topics   []string `cbor:"47,keyasint,omitempty"`

	KeepFurniture bool `cbor:"48,keyasint,omitempty"`

	// Permanent redirects, until enough of them agree for Learned to be set.
	Moving      string    `cbor:"30,keyasint,omitempty"` // where they lead
	MovingSince time.Time `cbor:"31,keyasint,omitzero"`  // zero: they do not
	MovingCount int       `cbor:"32,keyasint,omitempty"` // visits in a row that were led there and found the same feed

	// The source's own rhythm.
	// visits whose document shared nothing with the one before: items may have been missed
	Gaps    uint64        `cbor:"33,keyasint,omitempty"`
	News    uint64        `cbor:"34,keyasint,omitempty"` // visits that brought something new
	Longest time.Duration `cbor:"35,keyasint,omitempty"` // the longest time without news, old ones fading

	// What the next visit has to heed.
	Asked time.Time `cbor:"36,keyasint,omitzero"`  // until when max-age, Expires or ttl want no visit
	From  string    `cbor:"37,keyasint,omitempty"` // the address that Validators are of, after all redirects; empty: the one asked

	RetryHost string `cbor:"44,keyasint,omitempty"` // the host that asked for RetryAt
	Pause     Pause  `cbor:"45,keyasint,omitzero"`  // the last that an answer to this source put on a host, over or not

	Newest   time.Time `cbor:"39,keyasint,omitzero"`  // the latest date of its items; zero: none has one
	Excluded uint64    `cbor:"40,keyasint,omitempty"` // items of its last document that its lists keep out
	LeftOut  LeftOut   `cbor:"42,keyasint,omitzero"`  // items of its last document that were shortened or left out

	Style Style `cbor:"41,keyasint,omitzero"` // of its datelines, as learned from its items

	Edges []Edges `cbor:"49,keyasint,omitempty"` // of its newest items, at most 8: what repeats there is furniture

	Tally Tally `cbor:"50,keyasint,omitzero"` // of the items that it brought

	Pages  Pages  `cbor:"52,keyasint,omitzero"` // of its articles
	Robots Robots `cbor:"53,keyasint,omitzero"` // of the site of its articles' pages
}

// Pause is the time in which a host wants no request (429 with Retry-After): from any source, unless its retry_scope is feed.
// The zero Pause is none.
type Pause struct {
	Host  string    `cbor:"1,keyasint,omitempty"` // HOST:PORT
	Until time.Time `cbor:"2,keyasint,omitzero"`  // when it may be asked again
}

// Tally counts what a source brought, each item once, when it first came. The zero Tally is that of a source that has
// brought nothing since it is counted.
type Tally struct {
	Since     time.Time `cbor:"1,keyasint,omitzero"`  // when counting began
	Items     uint64    `cbor:"2,keyasint,omitempty"` // new ones, joined ones among them
	Joined    uint64    `cbor:"3,keyasint,omitempty"` // that are in an entry of another source
	Datelines uint64    `cbor:"4,keyasint,omitempty"` // with a dateline
	Photos    uint64    `cbor:"5,keyasint,omitempty"` // with a photo credit
	Pace      float64   `cbor:"6,keyasint,omitempty"` // items after the first visit, those of long ago fading
	At        time.Time `cbor:"7,keyasint,omitzero"`  // until when Pace has faded
	Undated   uint64    `cbor:"8,keyasint,omitempty"` // with a date that cannot be read: most often one without an offset

	Day   int      `cbor:"9,keyasint,omitempty"`  // the newest day that items came on: days since 1 January 1970 in the zone of pages
	Daily []uint32 `cbor:"10,keyasint,omitempty"` // items that came on Day and the days before it, the newest first; at most TallyDays
}

// TallyDays is for how many days items are counted day by day.
const TallyDays = 14

// LeftOut counts the items of a document that could not be taken as they are, and were shortened or left out. The zero value
// says that all were taken.
type LeftOut struct {
	Count   int    `cbor:"1,keyasint,omitempty"` // items
	Reason  string `cbor:"2,keyasint,omitempty"` // why; several are parted by "; "
	Example string `cbor:"3,keyasint,omitempty"` // what the first of them is called
}

// Called returns what the source was called by, and how its items are credited: nothing that a visit goes on from.
func (st State) Called() State {
	return State{Name: st.Name, Agency: st.Agency, URL: st.URL, Site: st.Site, Language: st.Language, Content: st.Content,
		Rights: st.Rights, Licence: st.Licence, KeepFurniture: st.KeepFurniture}
}

// Problem is the class of an error, as the state of a source in `status` is derived from it.
type Problem string

// The classes of errors.
const (
	ProblemBlocked Problem = "blocked" // the server will not serve us: 401, 403, a challenge page
	ProblemGone    Problem = "gone"    // 410
	ProblemHTTP    Problem = "http"    // any other status
	ProblemNet     Problem = "network" // no answer: DNS, connection, TLS, time
	ProblemGuard   Problem = "guard"   // an address we do not go to
	ProblemPort    Problem = "port"    // a port we do not go to
	ProblemSize    Problem = "size"    // more than we take
	ProblemFeed    Problem = "feed"    // an answer that is no feed, or a broken one
	ProblemPartial Problem = "partial" // a document cut off in the middle
	ProblemBug     Problem = "bug"     // our own
)

// Seen is one line of a source's window: an item of its last good document.
type Seen struct {
	Item Key
	Sum  uint64 // of the item's bytes in that document
}

// Poll says where and when a source is polled.
type Poll struct {
	Source string    // id
	Host   string    // host:port
	Due    time.Time // zero: it is not polled
}
