package main

import (
	"io"
	"os"

	"github.com/schollz/progressbar/v3"

	"dateline/aggregator/news"
)

// bar is one line on a terminal that says how far a work has come; nil draws nothing.
type bar struct {
	to    io.Writer
	drawn *progressbar.ProgressBar // nil: nothing is drawn yet
}

func (a *app) progress() *bar {
	if !a.draws() {
		return nil
	}
	return &bar{to: a.stderr}
}

// draws reports whether progress is wanted. For a caller the process that has the store open draws what the caller wants: it is the
// caller's terminal and environment that count.
func (a *app) draws() bool {
	if a.owned != nil {
		return a.terminal
	}
	return a.terminal && !a.noProgress && !a.quiet && os.Getenv("NO_COLOR") == ""
}

// begin draws a bar of so many things, how many are done and how much time is left. The library draws without colours here: the
// width fits 80 columns with the longest id beside it.
func (b *bar) begin(all int64, what string, more ...progressbar.Option) {
	b.clear()
	b.drawn = progressbar.NewOptions64(all, append(more, progressbar.OptionSetWriter(b.to), progressbar.OptionUseANSICodes(true),
		progressbar.OptionSetDescription(what), progressbar.OptionSetWidth(16), progressbar.OptionClearOnFinish(),
		progressbar.OptionSetPredictTime(true), progressbar.OptionSetRenderBlankState(true))...)
}

// expects says how many visits there will be.
func (b *bar) expects(n int) {
	if b != nil && n > 0 {
		b.begin(int64(n), "visiting", progressbar.OptionShowCount())
	}
}

// visited counts a visit.
func (b *bar) visited(news.Visit) {
	if b != nil {
		_ = b.drawn.Add(1) // it fails where the terminal is gone
	}
}

// written returns what is said of bytes, by what is done with them.
func (b *bar) written(what string) func(done, total int64) {
	return func(done, total int64) {
		if b == nil || total <= 0 {
			return
		}
		if b.drawn == nil || b.drawn.GetMax64() != total {
			b.begin(total, what, progressbar.OptionShowBytes(true), progressbar.OptionUseIECUnits(true))
		}
		_ = b.drawn.Set64(done) // as above
	}
}

// unknown says what is done, without an end in sight.
func (b *bar) unknown(what string) {
	if b != nil {
		b.begin(-1, what)
	}
}

// clear takes the line away.
func (b *bar) clear() {
	if b != nil && b.drawn != nil {
		_ = b.drawn.Clear() // as above
		b.drawn = nil
	}
}
