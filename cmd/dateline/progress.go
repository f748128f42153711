package main

import (
	"fmt"
	"io"
	"os"

	"dateline/aggregator/news"
)

// bar is one line on a terminal that says how far a work has come; nil draws nothing.
type bar struct {
	to    io.Writer
	done  int
	drawn string
}

func (a *app) progress() *bar {
	if !a.draws() {
		return nil
	}
	return &bar{to: a.stderr}
}

// draws reports whether progress is wanted. For a caller the holder draws what the caller wants: it is the
// caller's terminal and environment that count.
func (a *app) draws() bool {
	if a.owned != nil {
		return a.terminal
	}
	return a.terminal && !a.noProgress && !a.quiet && os.Getenv("NO_COLOR") == ""
}

// show replaces the line.
func (b *bar) show(format string, args ...any) {
	if b == nil {
		return
	}
	if line := fmt.Sprintf(format, args...); line != b.drawn {
		b.drawn = line
		fmt.Fprint(b.to, "\r\x1b[K", line)
	}
}

// visited counts a visit.
func (b *bar) visited(v news.Visit) {
	if b != nil {
		b.done++
		b.show("%d visited, %s: %s", b.done, v.Source, v.Result)
	}
}

// written returns what is told of bytes, by what is done with them.
func (b *bar) written(what string) func(done, total int64) {
	return func(done, total int64) {
		if total > 0 {
			b.show("%s: %d %%", what, 100*done/total)
		}
	}
}

// clear takes the line away.
func (b *bar) clear() {
	if b != nil && b.drawn != "" {
		fmt.Fprint(b.to, "\r\x1b[K")
		b.drawn = ""
	}
}
