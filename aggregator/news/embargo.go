package news

import "time"

// Embargo says before when an item may not be published, as its source asks.
type Embargo struct {
	Until    time.Time `cbor:"1,keyasint,omitzero"`  // zero: no time could be read, and it is for the operator to release it
	Evidence Evidence  `cbor:"2,keyasint,omitzero"`  // the words that say so
	Held     bool      `cbor:"3,keyasint,omitempty"` // without it the item would be held too
	Ended    time.Time `cbor:"4,keyasint,omitzero"`  // when it did, or was found to be over; zero: it has not
}

// InForce reports whether the item may not be published at a time.
func (e *Embargo) InForce(at time.Time) bool {
	return e != nil && e.Ended.IsZero() && (e.Until.IsZero() || e.Until.After(at))
}

// UnderEmbargo reports whether the item is held because of an embargo that has not ended.
func (it Item) UnderEmbargo() bool {
	return it.Held && !it.Erased && it.Embargo != nil && it.Embargo.Ended.IsZero()
}
