package subscriber

import (
	"context"
	"sync"
	"time"
)

const (
	workers     = 4        // deliveries that are handed on at a time, of different sources
	maxReserved = 256      // deliveries that are being read, wait, or are being handed on
	maxOfSource = 4        // of one source
	maxBytes    = 64 << 20 // of their bodies
)

// delivery is a document that a hub brought, signed as agreed.
type delivery struct {
	source, hub, contentType string
	body                     []byte
}

// queue holds deliveries until they are handed on: those of one source one after the other, within bounds.
type queue struct {
	ready chan string // sources with a delivery that is not being handled

	mu       sync.Mutex
	waiting  map[string][]delivery // by source; the first may be being handed on
	reserved map[string]int        // by source: these, and those that are being read
	count    int
	bytes    int64
}

func newQueue() *queue {
	// A source is in ready once, and has a delivery then: sending never blocks.
	return &queue{ready: make(chan string, maxReserved), waiting: map[string][]delivery{}, reserved: map[string]int{}}
}

// reserve makes room for a delivery of up to size bytes, and reports whether there is any.
func (q *queue) reserve(source string, size int64) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.count == maxReserved || q.reserved[source] == maxOfSource || (q.bytes+size > maxBytes && q.count > 0) {
		return false
	}
	q.count++
	q.reserved[source]++
	q.bytes += size
	return true
}

// free gives back what was reserved.
func (q *queue) free(source string, size int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.count--
	q.bytes -= size
	if q.reserved[source]--; q.reserved[source] == 0 {
		delete(q.reserved, source)
	}
}

// put enters a delivery for which size bytes were reserved.
func (q *queue) put(d delivery, size int64) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.bytes -= size - int64(len(d.body))
	q.waiting[d.source] = append(q.waiting[d.source], d)
	if len(q.waiting[d.source]) == 1 {
		q.ready <- d.source
	}
}

// first returns the delivery of a ready source that is to be handed on.
func (q *queue) first(source string) delivery {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.waiting[source][0]
}

// done ends the handing on of a source's first delivery.
func (q *queue) done(d delivery) {
	q.free(d.source, int64(len(d.body)))
	q.mu.Lock()
	defer q.mu.Unlock()
	rest := q.waiting[d.source][1:]
	if len(rest) == 0 {
		delete(q.waiting, d.source)
		return
	}
	q.waiting[d.source] = rest
	q.ready <- d.source
}

// work hands deliveries on until ctx ends. Those that wait then are lost to us, not to the wire: the next poll
// finds what they brought.
func (s *Subscriber) work(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case source := <-s.queue.ready:
			d := s.queue.first(source)
			err := s.deliver(ctx, source, d.body, d.contentType)
			s.queue.done(d)
			s.delivered(ctx, d, err)
		}
	}
}

// delivered notes that a hub keeps its promise. A document that was not taken proves nothing.
func (s *Subscriber) delivered(ctx context.Context, d delivery, err error) {
	switch {
	case ctx.Err() != nil:
		return
	case err != nil:
		s.log.Warn("delivery not taken", "source", d.source, "err", err)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, sub := range s.book.at(d.source, d.hub) {
		sub.LastDelivery, sub.Misses, sub.DeadSince = time.Now().UTC(), 0, time.Time{}
		s.book.touch(sub)
	}
	s.loop.Wake()
}
