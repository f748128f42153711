package news

import "time"

// Entry is what we publish: one item, or several that carry the same text (RFC 4287 atom:entry).
type Entry struct {
	Key Key    // of the item that represented it when it was published; never changes
	ID  string // atom:id; empty: the URN of Key
	// the representative first, then carriers as they joined; nil: the representative alone; of one that was merged, as it was then
	Items     []Key
	Published time.Time  // constant
	Updated   time.Time  // whole seconds: the last significant change
	First     uint64     // its first position in the log; 0: never published
	Last      uint64     // its newest position
	Revision  int        // of the representative, as the newest record names it
	State     EntryState // zero: published
	Into      Key        // the entry that it was merged into

	// Changed moves whenever the entry or one of its items changes, as the store counts: equal Changed, equal entry.
	Changed uint64

	// Story lists the entries about the same event in other words, this one among them, in the order in which they came to
	// the story: each of them has the same list. nil: there are no others. Of one that was merged, as it was then.
	Story []Key
}

// AtomID returns the entry's atom:id.
func (e Entry) AtomID() string {
	if e.ID != "" {
		return e.ID
	}
	return e.Key.URN()
}

// Members returns the keys of the entry's items, the representative first.
func (e Entry) Members() []Key {
	if len(e.Items) == 0 {
		return []Key{e.Key}
	}
	return e.Items
}

// Load returns the items of the entry that item finds, the representative first, or the first error of item.
func (e Entry) Load(item func(Key) (Item, bool, error)) ([]Item, error) {
	keys := e.Members()
	all := make([]Item, 0, len(keys))
	for _, k := range keys {
		it, found, err := item(k)
		if err != nil {
			return nil, err
		}
		if found {
			all = append(all, it)
		}
	}
	return all, nil
}

// Stamp returns the atom:updated of the entry: the last significant change, with a fraction in
// microseconds from its first log position, so that no two entries of a document share it. Of what was never published,
// and is in few documents, the fraction is of the key.
func (e Entry) Stamp() time.Time {
	n := e.First
	if n == 0 {
		n = uint64(e.Key[0])<<16 | uint64(e.Key[1])<<8 | uint64(e.Key[2])
	}
	return e.Updated.UTC().Truncate(time.Second).Add(time.Duration(n%1_000_000) * time.Microsecond)
}

// EntryState says how an entry is in the documents.
type EntryState string

// The states of an entry. The zero value is published.
const (
	Public    EntryState = ""
	Held      EntryState = "held"
	Embargoed EntryState = "embargoed" // held, and in no public document
	Withdrawn EntryState = "withdrawn"
	Merged    EntryState = "merged"
)

// Join says why an item is in an entry with others, or which one it supersedes.
type Join struct {
	Level string    `cbor:"1,keyasint,omitempty"` // L3, L4, L5, L6, L7, or "editor"
	Rule  string    `cbor:"2,keyasint,omitempty"` // of the level, such as "edited"
	Score float64   `cbor:"3,keyasint,omitempty"` // 0 to 1; of texts, the containment of one in the other
	With  Key       `cbor:"4,keyasint,omitzero"`  // the item it was compared with
	At    time.Time `cbor:"5,keyasint,omitzero"`  // when it was decided
	// Of texts, what was measured and by what it was judged.
	Shared     int        `cbor:"6,keyasint,omitempty"`  // fingerprints
	Title      float64    `cbor:"7,keyasint,omitempty"`  // likeness of the titles, 0 to 1
	Guards     []Guard    `cbor:"8,keyasint,omitempty"`  // those asked; nil: none
	Thresholds Thresholds `cbor:"9,keyasint,omitzero"`   // in force then
	Entry      Key        `cbor:"10,keyasint,omitzero"`  // of what is superseded, or about the same event: the entry that it was in
	Story      float64    `cbor:"11,keyasint,omitempty"` // how much the two have of the same event, 0 to 1
}

// Same reports whether j says that two items have the same text, or that one takes the place of the other: no
// level does but those of stories.
func (j Join) Same() bool { return j.Level != "" && j.Level != "L7" }

// LogRecord is one line of the log. Positions are dense from 1 and never reused; when a position is
// visible, every smaller one is (notes/why-positions.md).
type LogRecord struct {
	Pos      uint64 // from 1
	Entry    Key
	Kind     Kind
	Revision int       // of the representative
	At       time.Time // of the commit
	Updated  time.Time // the entry's, as this record left it
}

// Kind says what a record published.
type Kind string

// The kinds of records.
const (
	RecordNew       Kind = "new"
	RecordUpdated   Kind = "updated"
	RecordWithdrawn Kind = "withdrawn"
	RecordRestored  Kind = "restored"
	RecordMerged    Kind = "merged"
)
