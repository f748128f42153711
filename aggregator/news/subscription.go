package news

import "time"

// Subscription is one callback at which a hub was asked to deliver a topic for a source (W3C WebSub
// section 5). A source has one, a second one while that is being renewed or moved to another hub, and
// others for a while after it was given up. Token, Callback and Secret are for the hub alone: they are never shown.
type Subscription struct {
	Token    string            `cbor:"1,keyasint"` // names the callback: unguessable, never used twice
	Source   string            `cbor:"2,keyasint"` // its id
	Topic    string            `cbor:"3,keyasint"` // as the publisher names it, byte for byte
	Hub      string            `cbor:"4,keyasint"` // likewise
	Callback string            `cbor:"5,keyasint"` // the address that the hub is given
	Secret   string            `cbor:"6,keyasint"` // signs deliveries
	State    SubscriptionState `cbor:"7,keyasint"`

	Due       time.Time `cbor:"8,keyasint,omitzero"`   // of the next request to the hub; zero: none
	Requested time.Time `cbor:"9,keyasint,omitzero"`   // the last one; zero: none yet
	Failures  int       `cbor:"10,keyasint,omitempty"` // requests that led to nothing, in a row
	RetryAt   time.Time `cbor:"11,keyasint,omitzero"`  // what a Retry-After of the hub asked for; nothing overrides it
	Reason    string    `cbor:"12,keyasint,omitempty"` // why the last request failed or was denied
	Verified  time.Time `cbor:"13,keyasint,omitzero"`  // when the hub last made sure; zero: never
	Expires   time.Time `cbor:"14,keyasint,omitzero"`  // end of the lease; zero: never verified

	// How the hub keeps its promise. It is the same in all subscriptions of the source at that hub.
	LastDelivery time.Time `cbor:"15,keyasint,omitzero"`  // the last one that was taken; zero: none yet
	Misses       int       `cbor:"16,keyasint,omitempty"` // polls since then that found what should have been delivered
	DeadSince    time.Time `cbor:"17,keyasint,omitzero"`  // since when the hub counts as dead; zero: it does not
	Ignored      uint64    `cbor:"18,keyasint,omitempty"` // deliveries that were not signed as agreed
}

// SubscriptionState says how far a subscription has come.
type SubscriptionState string

// The states of a subscription.
const (
	SubscriptionPending SubscriptionState = "pending" // wanted, and not yet confirmed by the hub
	SubscriptionActive  SubscriptionState = "active"  // the hub delivers until Expires
	SubscriptionDenied  SubscriptionState = "denied"  // the hub will not deliver
	SubscriptionRefused SubscriptionState = "refused" // our own guard does not go to the hub
	SubscriptionLeaving SubscriptionState = "leaving" // no longer wanted; until the hub confirms, or Expires
)
