package main

import "log/slog"

// logger returns the log of a command that is no daemon: nothing, unless more was asked for.
func (a *app) logger() *slog.Logger {
	if !a.verbose {
		return slog.New(slog.DiscardHandler)
	}
	return a.newLog(true)
}

// newLog writes text for people, JSON for machines.
func (a *app) newLog(text bool) *slog.Logger {
	o := &slog.HandlerOptions{Level: a.level()}
	if text {
		return slog.New(slog.NewTextHandler(a.stderr, o))
	}
	return slog.New(slog.NewJSONHandler(a.stderr, o))
}

// level is how much is logged.
func (a *app) level() slog.Level {
	switch {
	case a.quiet:
		return slog.LevelError
	case a.verbose:
		return slog.LevelDebug
	}
	return slog.LevelInfo
}
