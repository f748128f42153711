package news

import "time"

// Withdrawal is why an item was taken back, and whether it is again there.
type Withdrawal struct {
	By    Decider   `cbor:"1,keyasint,omitempty"`
	Rule  string    `cbor:"2,keyasint,omitempty"` // of the source: deleted-entry, mark or missing
	Words string    `cbor:"3,keyasint,omitempty"` // the mark as printed
	At    time.Time `cbor:"4,keyasint,omitzero"`

	Ended   time.Time `cbor:"5,keyasint,omitzero"` // zero: it is withdrawn still
	EndedBy Decider   `cbor:"6,keyasint,omitempty"`
}

// Decider says who decided.
type Decider string

// The deciders.
const (
	BySource Decider = "source"
	ByEditor Decider = "editor"
)

// Rule is what an editor decided of one item. It outlives every poll, revision and recomputation. The zero Rule says
// nothing.
type Rule struct {
	Item  Key       `cbor:"-"`
	Apart []Key     `cbor:"1,keyasint,omitempty"` // items that it never shares an entry with
	With  []Key     `cbor:"2,keyasint,omitempty"` // items that it was joined with
	Stand Stand     `cbor:"3,keyasint,omitempty"`
	At    time.Time `cbor:"4,keyasint,omitzero"` // of the newest decision
}

// Stand is what an editor decided of whether a text stands.
type Stand string

// The stands. The zero value leaves it to the source.
const (
	StandOpen      Stand = ""
	StandWithdrawn Stand = "withdrawn" // regardless of what the source publishes
	StandRestored  Stand = "restored"  // regardless of what the source takes back
)

// IsZero reports whether nothing is decided.
func (r Rule) IsZero() bool { return len(r.Apart)+len(r.With) == 0 && r.Stand == StandOpen }
