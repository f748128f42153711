package news

import "time"

// Event is something that the operator is notified of.
type Event struct {
	Number  uint64    `cbor:"-"`          // in the order in which they were stored, from 1; 0: it is not stored yet
	At      time.Time `cbor:"1,keyasint"` // when it happened
	Kind    EventKind `cbor:"2,keyasint"`
	Source  string    `cbor:"3,keyasint,omitzero"` // empty: it is about none
	State   string    `cbor:"4,keyasint,omitzero"` // of the source since then; of a config: refused or accepted; empty: it has none
	Message string    `cbor:"5,keyasint,omitzero"` // one line
	Hint    string    `cbor:"6,keyasint,omitzero"` // what to do; empty: nothing
	Sent    bool      `cbor:"7,keyasint,omitzero"` // `notify` has had it, or had no program and no address then

	// What was taken back, of [EventWithdrawn]; zero: it is about no entry.
	Entry Key    `cbor:"9,keyasint,omitzero"`
	Title string `cbor:"10,keyasint,omitempty"`
	URL   string `cbor:"11,keyasint,omitempty"`

	// Digests of those of the program and the address of `notify` that have had it, while the other has not.
	Had []string `cbor:"8,keyasint,omitempty"`
}

// EventKind says what an event is about.
type EventKind string

// The kinds of events.
const (
	EventState     EventKind = "state"     // a source has come into a state in which the operator is needed
	EventRecovered EventKind = "recovered" // it is well again
	EventGap       EventKind = "gap"       // items of a source may have been missed
	EventWithdrawn EventKind = "withdrawn" // a source took items back
	EventConfig    EventKind = "config"    // the config on disk was refused, or is accepted again
)
