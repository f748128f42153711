package websub

import (
	"maps"
	"slices"
	"time"
)

// writeAgain is the wait after the store did not take a write.
const writeAgain = 5 * time.Second

// Behind is a write-behind: the keys of the rows that the store does not know as they are. The lock of its owner guards it; the
// store is called without that lock. Make it with [NewBehind].
type Behind[K comparable] struct {
	every   time.Duration
	changed map[K]bool
	next    time.Time // no write before
}

// NewBehind returns a write-behind that lets time pass between two writes, at least every; 0: none.
func NewBehind[K comparable](every time.Duration) *Behind[K] {
	return &Behind[K]{every: every, changed: map[K]bool{}}
}

// Touch notes that the store does not know the row of a key as it is, or that the row is gone.
func (b *Behind[K]) Touch(k K) { b.changed[k] = true }

// Any reports whether there is anything to be written.
func (b *Behind[K]) Any() bool { return len(b.changed) > 0 }

// Take returns the keys that are to be written now, or else how long there is nothing to write. With force it is never too early.
// [Behind.Wrote] must follow where there are keys.
func (b *Behind[K]) Take(now time.Time, force bool) (keys []K, wait time.Duration) {
	switch {
	case len(b.changed) == 0:
		return nil, RestAtMost
	case now.Before(b.next) && !force:
		return nil, b.next.Sub(now)
	}
	keys = slices.Collect(maps.Keys(b.changed))
	clear(b.changed)
	return keys, 0
}

// Wrote notes how the write of keys ended. After an error they are to be written again. It returns how long there is nothing to write.
func (b *Behind[K]) Wrote(keys []K, now time.Time, err error) (wait time.Duration) {
	b.next = now.Add(b.every)
	if err != nil {
		b.next = now.Add(max(b.every, writeAgain))
		for _, k := range keys {
			b.changed[k] = true
		}
	}
	if len(b.changed) == 0 {
		return RestAtMost
	}
	return b.next.Sub(now)
}
