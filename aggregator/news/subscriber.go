package news

import "time"

// Subscriber is a callback to which our own hub delivers a topic (W3C WebSub section 5), or the hub elsewhere that is
// notified of all changes (section 6). Topic and Callback together name it. Secret is for signing alone: it is never shown.
type Subscriber struct {
	Topic    string    `cbor:"1,keyasint"`          // path and query of one of our documents, below the public address
	Callback string    `cbor:"2,keyasint"`          // as it was given, byte for byte
	Secret   string    `cbor:"3,keyasint,omitzero"` // signs deliveries; empty: they are not signed
	Expires  time.Time `cbor:"4,keyasint,omitzero"` // end of the lease; zero: the hub elsewhere, which has neither lease nor topic

	Position uint64    `cbor:"5,keyasint,omitempty"` // newest position of the log that it was notified of, or knew when it subscribed
	Failures int       `cbor:"6,keyasint,omitempty"` // requests in a row that it did not take
	RetryAt  time.Time `cbor:"7,keyasint,omitzero"`  // nothing is sent before; zero: at once
}
