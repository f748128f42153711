package main

import (
	"fmt"
	"time"

	"dateline/cmd/dateline/daemon"
	"dateline/store"
)

// The end of every command is bounded, even if something hangs: a daemon's parts have [daemon.EndTime] from the signal on; where
// something else hangs, or the store does not close, [app.forceEnd] ends the process half a second later.
const (
	forceTime = daemon.EndTime + time.Second/2
	closeTime = time.Second // for the store to be closed by force
)

// openStore is what a command has open.
type openStore struct {
	command string
	store   *store.Store
}

// forceEnd says that the command does not end, closes its store, if that takes no longer than closeTime, and returns the
// exit code. What was not committed by then is lost; the store stays whole, as it does when the process is killed.
func (a *app) forceEnd() exit {
	w := a.open.Load()
	if w == nil {
		fmt.Fprintf(a.stderr, "dateline: ended by force: not done %v after the signal\n", forceTime)
		return exitTempFail
	}
	fmt.Fprintf(a.stderr, "dateline: %s ended by force: not done %v after the signal\n", w.command, forceTime)
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		if err := w.store.Close(); err != nil {
			fmt.Fprintf(a.stderr, "dateline: %v\n", err)
		}
	}()
	timer := time.NewTimer(closeTime)
	defer timer.Stop()
	select {
	case <-closed:
	case <-timer.C:
		fmt.Fprintf(a.stderr, "dateline: %s was still in use\n", w.store.Path())
	}
	return exitTempFail
}
