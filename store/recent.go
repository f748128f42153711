package store

import (
	"sync"

	"dateline/aggregator/news"
)

// maxRecent is how many changes of entries are remembered at least.
const maxRecent = 10_000

// recent remembers, in memory, which entries the last updates have changed, so that a reader that knows the store as of one update need
// look only at those. Changes of an update that failed may be among them.
type recent struct {
	mu    sync.Mutex
	since uint64 // what updates up to this one changed is not remembered
	all   []recentChange
}

type recentChange struct {
	seq uint64 // of the update
	key news.Key
}

// note remembers a change that the update seq makes.
func (r *recent) note(seq uint64, k news.Key) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.all) >= 2*maxRecent {
		r.since = max(r.since, r.all[maxRecent-1].seq)
		r.all = append(r.all[:0], r.all[maxRecent:]...)
	}
	r.all = append(r.all, recentChange{seq, k})
}

// forget has readers begin anew: the update seq took entries away.
func (r *recent) forget(seq uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.since, r.all = max(r.since, seq), nil
}

// ChangedSince returns the keys of the entries that were changed after the update seq, which this process has read from [View.Seq]; more
// may be among them, and one may come twice. It reports false where that is not known, or an entry was forgotten since.
func (v View) ChangedSince(seq uint64) ([]news.Key, bool) {
	r := &v.s.recent
	r.mu.Lock()
	defer r.mu.Unlock()
	if seq < r.since {
		return nil, false
	}
	var keys []news.Key
	for i := len(r.all) - 1; i >= 0 && r.all[i].seq > seq; i-- {
		keys = append(keys, r.all[i].key)
	}
	return keys, true
}
