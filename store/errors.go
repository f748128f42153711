package store

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
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

// DamageError is returned for a row that is not what was written.
type DamageError struct {
	Bucket string // path from the root, parted by /
	Key    []byte // nil: the bucket as a whole
	Reason string
}

// Error shows the beginning of the key: the length of a damaged one may lead through the rest of the file.
func (e *DamageError) Error() string {
	const shown = 64
	key := fmt.Sprintf("%x", e.Key[:min(len(e.Key), shown)])
	if len(e.Key) > shown {
		key += fmt.Sprintf("... (%d bytes)", len(e.Key))
	}
	return fmt.Sprintf("%v: bucket %s, key %s: %s", ErrCorrupt, e.Bucket, key, e.Reason)
}

// Unwrap returns [ErrCorrupt].
func (e *DamageError) Unwrap() error { return ErrCorrupt }

// corrupt returns what is wrong with the file as [ErrCorrupt]; nil: nothing is.
func corrupt(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", ErrCorrupt, err)
}

// guarded runs what reads the mapped file. bbolt panics on damaged pages: that becomes [ErrCorrupt], as does the fault of reading
// where the file has no page, which would end the process; where the file was cut short while it was open it becomes [ErrReplaced].
// Any other panic is a bug of ours or the caller's, a [*PanicError].
// After a fault, or a panic in the middle of a commit, bbolt may keep its locks: the engine is not entered again, and what waits in
// it is not waited for.
func (s *Store) guarded(op string, do func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		err = fmt.Errorf("%s: %w", op, panicked(p))
		if _, cut := s.whole(); isFault(p) && cut != nil {
			err = cut
		}
		if isFault(p) || op == opCommit {
			s.lose(err)
		}
	}()
	if err := s.lost.Load(); err != nil {
		return *err
	}
	return do()
}

// opCommit is the name of what changes the file.
const opCommit = "commit"

// lose has every call return err from now on.
func (s *Store) lose(err error) {
	if s.lost.CompareAndSwap(nil, &err) {
		close(s.gone)
	}
}

// PanicError is a panic that [Recovered] met: a bug of ours.
type PanicError struct {
	Value any    // of recover
	Stack []byte // of the goroutine
}

func (e *PanicError) Error() string { return fmt.Sprintf("panic: %v", e.Value) }

// Unwrap returns the value of the panic where that is an error, else nil.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// Recovered returns what do returns, or its panic: [ErrCorrupt] where bbolt met what it cannot read, else a [*PanicError]. An access to
// memory that is not there goes on as a panic: the store knows what it means.
func Recovered(do func() error) (err error) {
	defer func() {
		p := recover()
		if isFault(p) {
			panic(p)
		}
		if p != nil {
			err = panicked(p)
		}
	}()
	return do()
}

// panicked returns the error of a panic that was recovered in the function that calls it: [ErrCorrupt] where bbolt met what it cannot
// read, else a [*PanicError].
func panicked(p any) error {
	if isFault(p) || inEngine() {
		return fmt.Errorf("%w: %v", ErrCorrupt, p)
	}
	return &PanicError{Value: p, Stack: debug.Stack()}
}

// inEngine reports whether the panic under way began in bbolt: the first function below the runtime's own is one of it.
func inEngine() bool {
	var pcs [64]uintptr
	frames := runtime.CallersFrames(pcs[:runtime.Callers(2, pcs[:])])
	panicking := false
	for {
		f, more := frames.Next()
		if panicking && !strings.HasPrefix(f.Function, "runtime.") {
			return strings.HasPrefix(f.Function, "go.etcd.io/bbolt")
		}
		panicking = panicking || f.Function == "runtime.gopanic"
		if !more {
			return false
		}
	}
}

// isFault reports whether a panic is that of an access to memory that is not there.
func isFault(p any) bool {
	_, fault := p.(interface{ Addr() uintptr })
	return fault
}
