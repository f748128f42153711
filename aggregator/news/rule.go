package news

import (
	"slices"
	"time"
)

// Withdrawal is why an item was taken back, and whether it is again there.
type Withdrawal struct {
	By    Decider   `cbor:"1,keyasint,omitempty"`
	Rule  string    `cbor:"2,keyasint,omitempty"` // of the source: deleted-entry, mark or missing
	Words string    `cbor:"3,keyasint,omitempty"` // the mark as printed
	At    time.Time `cbor:"4,keyasint,omitzero"`  // when it was taken back

	Ended   time.Time `cbor:"5,keyasint,omitzero"`  // zero: it is withdrawn still
	EndedBy Decider   `cbor:"6,keyasint,omitempty"` // empty while it is withdrawn
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
	Stand Stand     `cbor:"3,keyasint,omitempty"` // zero: as the source says
	At    time.Time `cbor:"4,keyasint,omitzero"`  // of the newest decision

	Decisions []Decision `cbor:"5,keyasint,omitempty"` // that made it so, the oldest first; also those that another one undid
}

// MaxDecisions is how many decisions are kept of an item, the newest.
const MaxDecisions = 20

// Decision is one decision of an editor. It is for editors alone: no document shows it.
type Decision struct {
	At     time.Time `cbor:"1,keyasint"`           // when it was made
	Name   string    `cbor:"2,keyasint"`           // split, join, withdraw or restore
	Entry  Key       `cbor:"3,keyasint"`           // as it was called then
	Other  Key       `cbor:"4,keyasint,omitempty"` // of a split the item, of a join the other entry
	Reason string    `cbor:"5,keyasint,omitempty"` // as the editor gave it; empty: none
}

// Decide notes a decision, once.
func (r *Rule) Decide(d Decision) {
	r.At = d.At
	if n := len(r.Decisions); n > 0 && r.Decisions[n-1].At.Equal(d.At) {
		last := r.Decisions[n-1]
		if last.At = d.At; last == d {
			return
		}
	}
	r.Decisions = append(slices.Clone(r.Decisions), d)
	r.Decisions = r.Decisions[max(0, len(r.Decisions)-MaxDecisions):]
}

// Stand is what an editor decided of whether a text stays published.
type Stand string

// The stands. The zero value leaves it to the source.
const (
	StandOpen      Stand = ""
	StandWithdrawn Stand = "withdrawn" // regardless of what the source publishes
	StandRestored  Stand = "restored"  // regardless of what the source takes back
)

// IsZero reports whether nothing is decided, and nothing was.
func (r Rule) IsZero() bool {
	return len(r.Apart)+len(r.With)+len(r.Decisions) == 0 && r.Stand == StandOpen
}
