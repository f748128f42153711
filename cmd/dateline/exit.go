package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime/debug"
	"strings"

	"dateline/aggregator"
	"dateline/aggregator/config"
	"dateline/aggregator/control"
	"dateline/aggregator/news"
	"dateline/aggregator/platform"
	"dateline/cmd/dateline/daemon"
	"dateline/cmd/dateline/node"
	"dateline/store"
)

// exit is an exit code, in the numbers of sysexits.h where it has one.
type exit int

const (
	exitOK          exit = 0
	exitSome        exit = 2  // some of the sources visited failed
	exitUsage       exit = 64 // unknown command, flag, source or entry
	exitData        exit = 65 // the store is damaged, or not ours
	exitNoInput     exit = 66 // a file is missing
	exitUnavailable exit = 69 // every source visited failed
	exitSoftware    exit = 70 // our own bug
	exitIO          exit = 74
	exitTempFail    exit = 75 // busy or interrupted: try again
	exitConfig      exit = 78
)

// errs that commands make themselves.
type (
	// usageError is a command line that cannot be run.
	usageError struct {
		err     error
		command string // that cannot be run so; empty: none was recognised
	}
	// sourcesError says that sources failed; they have been reported one by one.
	sourcesError struct {
		failed, visited int
		unstored        bool // nothing was stored, so `status` knows nothing of it
		added           int  // put on the list of sources beside those that failed
	}
	// remoteError is the exit code of a command that the owner ran; it has printed why.
	remoteError struct{ code exit }
	// busyError says who holds the store.
	busyError struct {
		store      string
		pid        int  // 0: not known
		unanswered bool // it was asked and did not answer
		err        error
	}
	// otherConfigError says that the owner of the store works with another config.
	otherConfigError struct{ mine, owners string }
	bug              struct{ value any }
)

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }
func (e *sourcesError) Error() string {
	return fmt.Sprintf("%d of %d sources failed", e.failed, e.visited)
}
func (e *remoteError) Error() string { return fmt.Sprintf("exit %d", e.code) }
func (e *busyError) Error() string {
	who := "another process"
	if e.pid != 0 {
		who = fmt.Sprintf("process %d", e.pid)
	}
	if e.unanswered {
		who += ", which does not answer"
	}
	return fmt.Sprintf("%s is held by %s", e.store, who)
}
func (e *busyError) Unwrap() error { return e.err }
func (e *otherConfigError) Error() string {
	return fmt.Sprintf("the store is held by a process with another config: %s, not %s", e.owners, e.mine)
}
func (e *bug) Error() string { return fmt.Sprintf("internal error: %v\n%s", e.value, debug.Stack()) }

func usage(format string, args ...any) error {
	return &usageError{err: fmt.Errorf(format, args...)}
}

// verdict is an error that knows its exit code and what to do about it; empty: nothing.
type verdict interface {
	error
	verdict() (code exit, hint string)
}

// exitError is a stage's error, with what the command that met it says of it.
type exitError struct {
	err  error
	code exit
	hint string
}

func (e *exitError) Error() string                     { return e.err.Error() }
func (e *exitError) Unwrap() error                     { return e.err }
func (e *exitError) verdict() (code exit, hint string) { return e.code, e.hint }

func (e *usageError) verdict() (code exit, hint string) {
	if e.command != "" {
		return exitUsage, "`dateline help " + e.command + "` shows how it is used"
	}
	return exitUsage, "`dateline help` lists the commands and their flags"
}

func (e *sourcesError) verdict() (code exit, hint string) {
	code, hint = exitSome, "`dateline status` shows what each source answered"
	if e.failed == e.visited {
		code = exitUnavailable
	}
	if e.added > 0 {
		hint = counted(e.added, "source") + " added; what went wrong with the others is said above"
	}
	if e.unstored {
		hint = "what went wrong is said above; nothing was stored"
	}
	return code, hint
}

func (e *remoteError) verdict() (code exit, hint string) { return e.code, "" }

func (e *busyError) verdict() (code exit, hint string) { return exitTempFail, hintBusy }

func (e *otherConfigError) verdict() (code exit, hint string) {
	return exitConfig, "name the same file with --config, or use another store.path"
}

func (e *bug) verdict() (code exit, hint string) {
	return exitSoftware, "this is a bug of Dateline; please report it with the text above"
}

const hintBusy = "wait until it ends, or end it, and try again"

// judge returns the exit code of an error and what to do about it. An error that knows them comes first, a bug before all others; then
// what any command may meet: the store, the config, the files and the network of this machine.
func judge(err error) (code exit, hint string) {
	var broken *bug
	var known verdict
	switch {
	case err == nil:
		return exitOK, ""
	case errors.As(err, &broken):
		return broken.verdict()
	case errors.As(err, &known):
		return known.verdict()
	}
	var unknown *aggregator.UnknownSourceError
	var errs config.Errors
	switch {
	case errors.As(err, &unknown):
		return exitUsage, "`dateline status` lists the sources"
	case errors.Is(err, news.ErrKey), errors.Is(err, errNoEntry):
		return exitUsage, "`dateline list` prints the keys of entries"
	case errors.Is(err, store.ErrBusy):
		return exitTempFail, hintBusy
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), errors.Is(err, control.ErrHungUp):
		return exitTempFail, "what was done until then is kept; run it again for the rest"
	case errors.As(err, &errs):
		return exitConfig, "mend the file; `dateline check` looks at it without starting anything"
	case errors.Is(err, node.ErrConfig):
		return exitConfig, ""
	case errors.Is(err, store.ErrNewer):
		return exitData, "run the newer version that wrote it"
	case errors.Is(err, store.ErrOlder):
		return exitData, fmt.Sprintf("`dateline ingest` or `serve` brings a store of schema %d or higher to this version; "+
			"for an older one run the version that wrote it, or move the file away", store.OldestSchema)
	case errors.Is(err, store.ErrForeign):
		return exitData, "name a file that Dateline made, in store.path or as the backup; nothing was changed"
	case errors.Is(err, store.ErrCorrupt):
		return exitData, "restore a backup of the store, or bring out what is whole with `dateline db check --salvage FILE`; nothing was changed"
	case errors.Is(err, store.ErrReplaced):
		return exitIO, "stop the process that holds the old file, then start again"
	case errors.Is(err, store.ErrMissing):
		return exitNoInput, "name an existing file"
	}
	return judgeSystem(err)
}

// judgeSystem is judge for what the operating system says.
func judgeSystem(err error) (code exit, hint string) {
	var path *fs.PathError
	switch {
	case errors.As(err, &path) && errors.Is(err, fs.ErrNotExist):
		switch path.Op {
		case opCreate:
			return exitNoInput, "make the folder first"
		case opStore:
			return exitNoInput, "`dateline ingest` makes the store; store.path says where"
		case config.OpRead:
			return exitNoInput, "name the config with --config FILE, or run it in its folder"
		}
		return exitNoInput, "name an existing file"
	case errors.As(err, &path) && path.Op == daemon.OpSocket:
		return exitIO, "another file is there: move it away, or name another path in http.listen"
	case platform.IsDiskFull(err):
		return exitIO, "make room on the disk; what was kept so far is whole"
	case errors.Is(err, fs.ErrPermission):
		return exitIO, "run it as the user who owns the file and its folder"
	case platform.IsReadOnly(err):
		return exitIO, "name a file on a disk that can be written to"
	case platform.IsAddressInUse(err):
		return exitIO, "end what listens there, or name another port in the config"
	}
	return exitIO, ""
}

// fail prints an error and returns its exit code.
func (a *app) fail(err error) exit {
	code, hint := judge(err)
	var remote *remoteError
	if err == nil || errors.As(err, &remote) || platform.IsBrokenPipe(err) {
		return code
	}
	a.complaint("%s", strings.ReplaceAll(err.Error(), context.Canceled.Error(), "interrupted"))
	if hint != "" {
		_ = write(a.stderr, "hint: %s\n", hint) // it fails where nothing can be said
	}
	return code
}
