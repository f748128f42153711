package store

import (
	"errors"
	"fmt"
)

// Errors of opening. All but ErrBusy leave the file untouched.
var (
	ErrMissing = errors.New("store: no such file")
	ErrBusy    = errors.New("store: another process holds it")
	ErrForeign = errors.New("store: not a Dateline store")
	ErrCorrupt = errors.New("store: damaged")
	ErrNewer   = errors.New("store: written by a newer version")
)

// Errors of a running store.
var (
	ErrReplaced = errors.New("store: the file was replaced or removed while it was open")
	ErrClosed   = errors.New("store: closed")
	ErrReadOnly = errors.New("store: open for reading only")
)

// caught turns a panic of the engine below into ErrCorrupt: bbolt panics on damaged pages.
func caught(op string, err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("%w: %s: %v", ErrCorrupt, op, p)
	}
}
