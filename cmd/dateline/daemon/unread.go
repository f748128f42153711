package daemon

import (
	"log/slog"
	"sync"

	"dateline/aggregator/news"
)

// unread watches whether any source can be read at all. The zero value is ready, and safe for concurrent use.
type unread struct {
	mu     sync.Mutex
	failed map[string]bool
	done   bool // one was read, or it was said that none was
}

// visited takes a visit, and logs one hint when every one of the sources has failed and none was read since the daemon began.
func (u *unread) visited(v news.Visit, sources []news.Source, log *slog.Logger) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.done {
		return
	}
	if v.Result != news.Failed {
		u.done = true
		return
	}
	if u.failed == nil {
		u.failed = make(map[string]bool)
	}
	u.failed[v.Source] = true
	enabled := 0
	for _, src := range sources {
		if src.Enabled {
			if enabled++; !u.failed[src.ID] {
				return
			}
		}
	}
	u.done = true
	log.Warn("no source could be read", "sources", enabled, "err", v.Err,
		"hint", "is this machine online? dateline check --online asks each source once; dateline demo needs no internet")
}
