package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime/debug"

	"dateline/aggregator"
	"dateline/aggregator/config"
	"dateline/aggregator/control"
	"dateline/aggregator/entries"
	"dateline/aggregator/news"
	"dateline/aggregator/opml"
	"dateline/aggregator/platform"
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

// judge returns the exit code of an error and what to do about it.
func judge(err error) (code exit, hint string) {
	var (
		use     *usageError
		sources *sourcesError
		remote  *remoteError
		busy    *busyError
		other   *otherConfigError
		unknown *aggregator.UnknownSourceError
		listed  *aggregator.ConfiguredError
		edit    *entries.EditError
		broken  *bug
		errs    config.Errors
		visited *visitError
		noFeed  *noFeedError
		list    *opml.Error
		path    *fs.PathError
	)
	switch {
	case err == nil:
		return exitOK, ""
	case errors.As(err, &remote):
		return remote.code, ""
	case errors.As(err, &broken):
		return exitSoftware, "this is a bug of Dateline; please report it with the text above"
	case errors.As(err, &use):
		if use.command != "" {
			return exitUsage, "`dateline help " + use.command + "` tells how it is used"
		}
		return exitUsage, "`dateline help` lists the commands and their flags"
	case errors.As(err, &unknown):
		return exitUsage, "`dateline status` lists the sources"
	case errors.As(err, &listed):
		return exitUsage, "take it off the list first: `dateline sources remove " + listed.Source + "`"
	case errors.Is(err, news.ErrKey), errors.Is(err, errNoEntry):
		return exitUsage, "`dateline list` prints the keys of entries"
	case errors.As(err, &edit):
		return exitUsage, "`dateline show ENTRY` tells how it stands; nothing was changed"
	case errors.As(err, &sources):
		code, hint = exitSome, "`dateline status` tells what each source answered"
		if sources.failed == sources.visited {
			code = exitUnavailable
		}
		if sources.unstored {
			hint = "what went wrong stands above; nothing was stored"
		}
		return code, hint
	case errors.As(err, &busy), errors.Is(err, store.ErrBusy):
		return exitTempFail, "wait until it ends, or end it, and try again"
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), errors.Is(err, control.ErrHungUp):
		return exitTempFail, "what was done until then is kept; run it again for the rest"
	case errors.As(err, &other):
		return exitConfig, "name the same file with --config, or use another store.path"
	case errors.As(err, &list):
		return exitData, "want a list of feeds in OPML 2.0; nothing was changed"
	case errors.As(err, &visited):
		return exitUnavailable, "`dateline fetch URL` shows what is there; `sources add --offline` does not look"
	case errors.As(err, &noFeed):
		return exitUnavailable, "look on the site for a link to its feed, and name that"
	case errors.Is(err, config.ErrForm):
		return exitConfig, "edit the file by hand; nothing was changed"
	case errors.Is(err, config.ErrBusy):
		return exitTempFail, "wait until the others are done and try again; nothing was changed"
	case errors.Is(err, config.ErrNoSource):
		return exitUsage, "`dateline sources list` names the sources"
	case errors.As(err, &errs):
		return exitConfig, "`dateline check` lists them again once they are mended"
	case errors.Is(err, node.ErrConfig):
		return exitConfig, ""
	case errors.Is(err, store.ErrNewer):
		return exitData, "run the newer version that wrote it"
	case errors.Is(err, store.ErrOlder):
		return exitData, "run the version that wrote it, or move the file away: `dateline ingest` makes a new store"
	case errors.Is(err, store.ErrForeign):
		return exitData, "name a file that Dateline made, in store.path or as the backup; nothing was changed"
	case errors.Is(err, store.ErrCorrupt):
		return exitData, "restore a backup of the store; nothing was changed"
	case errors.Is(err, store.ErrReplaced):
		return exitIO, "stop the process that holds the old file, then start again"
	case errors.As(err, &path) && errors.Is(err, fs.ErrNotExist) && path.Op == opCreate:
		return exitNoInput, "make the folder first"
	case errors.As(err, &path) && errors.Is(err, fs.ErrNotExist) && path.Op == opStore:
		return exitNoInput, "`dateline ingest` makes the store; store.path says where"
	case errors.As(err, &path) && errors.Is(err, fs.ErrNotExist) && path.Op == config.OpRead:
		return exitNoInput, "name the config with --config FILE, or run it in its folder"
	case errors.Is(err, store.ErrMissing), errors.As(err, &path) && errors.Is(err, fs.ErrNotExist):
		return exitNoInput, "name an existing file"
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
	fmt.Fprintf(a.stderr, "dateline: %v\n", err)
	if hint != "" {
		fmt.Fprintf(a.stderr, "hint: %s\n", hint)
	}
	return code
}
