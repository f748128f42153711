package news

import "time"

// Thresholds says when two texts are the same. The zero value stands for the defaults of the code that uses it.
type Thresholds struct {
	Window    time.Duration `cbor:"1,keyasint,omitempty"` // between the dates of the two
	Duplicate float64       `cbor:"2,keyasint,omitempty"` // containment at or above: the same text
	Edited    float64       `cbor:"3,keyasint,omitempty"` // at or above, with every guard passed: the same text, edited
}

// Guard is one reason for which two like texts may be two, and whether it was passed.
type Guard struct {
	// numbers, negation, serial, short, language, window, own-dateline, same-source, title, lead, quotation, story, entry
	Name   string `cbor:"1,keyasint,omitempty"`
	Passed bool   `cbor:"2,keyasint,omitempty"` // nothing was found against the join
	Detail string `cbor:"3,keyasint,omitempty"` // what was compared
}

// Fingerprint is what the text of one revision of an item is found by.
type Fingerprint struct {
	Item  Key
	At    time.Time // of publication, or when first seen
	Terms []uint32  // ascending, each once
}

// Terms are what an item is found by.
type Terms struct {
	_           struct{} `cbor:",toarray"`
	Item        Key
	Source      string    // its id
	At          time.Time // of publication, or when first seen
	Fingerprint []uint32  // what its text is recognised by, ascending, each once
	Stems       []uint32  // what it is searched for by; likewise
}

// Erasure names an item whose text is destroyed, and what it stays recognised by besides its key.
type Erasure struct {
	_            struct{} `cbor:",toarray"`
	Item         Key
	IdentityKeys []IdentityKey
}

// Hit is an item whose fingerprint has terms that were asked for.
type Hit struct {
	Number uint64    // of the item, in order of arrival
	Source string    // its id
	At     time.Time // to the minute
	Terms  []uint32  // those asked for, ascending
}
