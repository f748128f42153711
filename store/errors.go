package store

import (
	"errors"
	"fmt"
	"runtime/debug"
)

// Errors of opening. All but ErrBusy leave the file untouched.
var (
	ErrMissing = errors.New("store: no such file")
	ErrBusy    = errors.New("store: another process holds it")
	ErrForeign = errors.New("store: not a Dateline store")
	ErrCorrupt = errors.New("store: damaged")
	ErrNewer   = errors.New("store: written by a newer version")
	ErrOlder   = errors.New("store: written by an older version")
)

// Errors of a running store.
var (
	ErrReplaced = errors.New("store: the file was replaced, cut short or removed while it was open")
	ErrClosed   = errors.New("store: closed")
	ErrReadOnly = errors.New("store: open for reading only")
)

// guarded runs what reads the mapped file. bbolt panics on damaged pages: that becomes [ErrCorrupt]. A page beyond
// the end of a file that was cut short while it was open is a fault, which would end the process: it becomes
// [ErrReplaced], and since bbolt may keep its locks then, the engine is not entered again, and what waits in it is not waited
// for.
func (s *Store) guarded(op string, do func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		p := recover()
		switch {
		case p == nil:
		case isFault(p):
			if s.lost.CompareAndSwap(false, true) {
				close(s.gone)
			}
			err = s.replaced()
		default:
			err = fmt.Errorf("%w: %s: %v", ErrCorrupt, op, p)
		}
	}()
	if s.lost.Load() {
		return s.replaced()
	}
	return do()
}

func (s *Store) replaced() error { return fmt.Errorf("%s: %w", s.path, ErrReplaced) }

// PanicError is a panic that [Recovered] met: a bug of ours.
type PanicError struct {
	Value any
	Stack []byte
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Recovered returns what do returns, or its panic as a [*PanicError]. An access to memory that is not there goes on as
// a panic: the store knows what it means.
func Recovered(do func() error) (err error) {
	defer func() {
		p := recover()
		if isFault(p) {
			panic(p)
		}
		if p != nil {
			err = &PanicError{Value: p, Stack: debug.Stack()}
		}
	}()
	return do()
}

// isFault reports whether a panic is that of an access to memory that is not there.
func isFault(p any) bool {
	_, fault := p.(interface{ Addr() uintptr })
	return fault
}
