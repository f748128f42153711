package main

import (
	"fmt"
	"io"
	"os"
	"time"

	"dateline/aggregator/news"
)

// bar is one line on a terminal that says how far a work has come; nil draws nothing.
type bar struct {
	to    io.Writer
	began time.Time
	all   int // visits; 0: not known
	done  int
	drawn string
}

func (a *app) progress() *bar {
	if !a.draws() {
		return nil
	}
	return &bar{to: a.stderr, began: time.Now()}
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

// expects says how many visits there will be.
func (b *bar) expects(n int) {
	if b != nil {
		b.all = n
	}
}

// visited counts a visit.
func (b *bar) visited(v news.Visit) {
	if b != nil {
		b.done++
		b.show("%d of %d visited%s, %s: %s", b.done, b.all, b.left(time.Now()), v.Source, v.Result)
	}
}

// left says how much longer the visits will take that are not made yet, by those that are; empty: too early to say.
func (b *bar) left(now time.Time) string {
	took := now.Sub(b.began)
	if b.done == 0 || b.done >= b.all || took < 2*time.Second {
		return ""
	}
	return ", about " + span(took*time.Duration(b.all-b.done)/time.Duration(b.done)) + " left"
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
