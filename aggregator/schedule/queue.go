package schedule

import (
	"container/heap"
	"iter"
	"maps"
	"time"
)

// Queue has the times when sources are to be visited. The zero Queue is empty. It is not safe for concurrent use.
type Queue struct {
	heap dueHeap              // entries that were replaced stay in it until they are the first
	at   map[string]time.Time // by source id: the entry that counts
}

type dueEntry struct {
	at time.Time
	id string
}

type dueHeap []dueEntry

func (h dueHeap) Len() int           { return len(h) }
func (h dueHeap) Less(i, j int) bool { return h[i].at.Before(h[j].at) }
func (h dueHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *dueHeap) Push(x any)        { *h = append(*h, x.(dueEntry)) }
func (h *dueHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}

// Set makes at the time of a source, in place of the one it had.
func (q *Queue) Set(id string, at time.Time) {
	if q.at == nil {
		q.at = map[string]time.Time{}
	}
	q.at[id] = at
	heap.Push(&q.heap, dueEntry{at, id})
}

// At returns the time of a source. It reports false where the source is not in the queue.
func (q *Queue) At(id string) (time.Time, bool) {
	at, ok := q.at[id]
	return at, ok
}

// Drop removes a source.
func (q *Queue) Drop(id string) { delete(q.at, id) }

// IDs returns the sources in the queue, in no order. They may be dropped on the way.
func (q *Queue) IDs() iter.Seq[string] { return maps.Keys(q.at) }

// Next returns the earliest time. It reports false where the queue is empty.
func (q *Queue) Next() (time.Time, bool) {
	for len(q.heap) > 0 {
		first := q.heap[0]
		if at, ok := q.at[first.id]; ok && at.Equal(first.at) {
			return first.at, true
		}
		heap.Pop(&q.heap)
	}
	return time.Time{}, false
}

// Pop removes the first source that is due at t and returns it. It reports false where none is due.
func (q *Queue) Pop(t time.Time) (id string, ok bool) {
	at, ok := q.Next()
	if !ok || at.After(t) {
		return "", false
	}
	id = heap.Pop(&q.heap).(dueEntry).id
	q.Drop(id)
	return id, true
}
