package postings

import (
	"errors"
	"fmt"
)

// ErrDamaged is wrapped by every [*DamageError].
var ErrDamaged = errors.New("damaged postings")

// DamageError is returned for a stored value that is not what was written.
type DamageError struct {
	Where  string // path of the value: buckets and key
	Reason string
}

func (e *DamageError) Error() string { return fmt.Sprintf("%v: %s: %s", ErrDamaged, e.Where, e.Reason) }

// Unwrap returns [ErrDamaged].
func (e *DamageError) Unwrap() error { return ErrDamaged }

// RangeError is returned for a document that an index cannot hold.
type RangeError struct {
	Doc    Doc
	Reason string // why it cannot be added
}

func (e *RangeError) Error() string {
	return fmt.Sprintf("postings: document %d: %s", e.Doc.ID, e.Reason)
}

func hex(k []byte) string { return fmt.Sprintf("%x", k) }
