package main

import (
	"fmt"
	"io"
	"time"

	"golang.org/x/text/language"
	"golang.org/x/text/message"

	"dateline/aggregator/config"
	"dateline/aggregator/text"
)

// write writes text for people: nothing in it that others have made can move a terminal's cursor, paint, or turn letters round.
func write(to io.Writer, format string, args ...any) error {
	_, err := io.WriteString(to, text.Escaped(fmt.Sprintf(format, args...)))
	return err
}

// complaint writes a line of what went wrong to standard error, without the secrets in addresses that were typed.
func (a *app) complaint(format string, args ...any) {
	_ = write(a.stderr, "dateline: %s\n", config.Hide(fmt.Sprintf(format, args...))) // it fails where nothing can be said
}

// success says on a terminal, in one line, what a command did. On a pipe it says nothing, so that cron is quiet.
func (a *app) success(format string, args ...any) {
	if a.terminal && !a.quiet {
		fmt.Fprintf(a.stderr, format+"\n", args...)
	}
}

// thousands writes a number as people read it: 12,000.
func thousands(n int) string { return message.NewPrinter(language.English).Sprintf("%d", n) }

// counted writes a number of things: 1 source, 2 sources.
func counted(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return thousands(n) + " " + thing + "s"
}

// ago says how far from now a time is: 3m ago, in 2h. "-" where it is missing.
func ago(t, now time.Time) string {
	switch d := now.Sub(t); {
	case t.IsZero():
		return "-"
	case d >= 0:
		return span(d) + " ago"
	default:
		return "in " + span(-d)
	}
}

// span writes a length of time in its largest unit, rounded down: 59s, 3m, 2h, 12d.
func span(d time.Duration) string {
	for _, unit := range []struct {
		length time.Duration
		name   string
	}{{24 * time.Hour, "d"}, {time.Hour, "h"}, {time.Minute, "m"}} {
		if d >= unit.length {
			return fmt.Sprintf("%d%s", d/unit.length, unit.name)
		}
	}
	return fmt.Sprintf("%ds", d/time.Second)
}
