package aggregator

import (
	"cmp"
	"context"
	"slices"
	"sync"
)

// bytesPerByte is the memory that a visit may take for each byte of its document, decoded: body, items, texts, what is found in them, and
// as much again that the collector has not freed yet.
const bytesPerByte = 24

// leastMemory is what a process with little memory may use for visits, and mostMemory one that has more.
const (
	leastMemory = 16 << 20
	mostMemory  = 256 << 20
)

// memory bounds the bytes that visits hold together. Of those that wait the oldest goes on when there is room for it, or when none is at
// work. So a visit that is larger than the bound runs alone, visits that wait for each other's memory do not wait for ever, and only the
// oldest of all takes more than there is.
type memory struct {
	mu      sync.Mutex
	bound   int64
	used    int64
	begun   uint64         // visits
	working int            // visits that hold memory and do not wait for more
	queue   []*reservation // by age
}

// reservation is the memory of one visit. The zero reservation but for m holds none.
type reservation struct {
	m       *memory
	age     uint64        // the number of the visit: 1 is the oldest; 0: it has not asked yet
	held    int64         // bytes
	want    int64         // while it waits
	granted chan struct{} // closed when want is held
}

// setBound sets the bytes that visits may hold; 0: half of limit, at least leastMemory and at most mostMemory.
func (m *memory) setBound(bytes, limit int64) {
	if bytes <= 0 {
		bytes = min(max(limit/2, leastMemory), mostMemory)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.bound = bytes
	m.grant()
}

// grow waits until the visit may hold the memory for a document of size bytes. It returns the error of ctx where that ends before.
func (c *reservation) grow(ctx context.Context, size int64) error {
	m, want := c.m, size*bytesPerByte
	m.mu.Lock()
	if want <= c.held {
		m.mu.Unlock()
		return nil
	}
	if c.held > 0 {
		m.working--
	}
	if c.age == 0 {
		m.begun++
		c.age = m.begun
	}
	c.want, c.granted = want, make(chan struct{})
	younger, _ := slices.BinarySearchFunc(m.queue, c, func(a, b *reservation) int { return cmp.Compare(a.age, b.age) })
	m.queue = slices.Insert(m.queue, younger, c)
	m.grant()
	m.mu.Unlock()
	select {
	case <-c.granted:
		return nil
	case <-ctx.Done():
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if i := slices.Index(m.queue, c); i >= 0 {
		m.queue = slices.Delete(m.queue, i, i+1)
		if c.held > 0 {
			m.working++
		}
		m.grant()
	}
	return ctx.Err()
}

// grant lets visits go on, the oldest first. The caller holds the lock.
func (m *memory) grant() {
	for len(m.queue) > 0 {
		c := m.queue[0]
		if m.working > 0 && m.used-c.held+c.want > m.bound {
			return
		}
		m.queue = m.queue[1:]
		m.used += c.want - c.held
		c.held = c.want
		m.working++
		close(c.granted)
	}
}

// release gives the memory back.
func (c *reservation) release() {
	c.m.mu.Lock()
	defer c.m.mu.Unlock()
	if c.held == 0 {
		return
	}
	c.m.used -= c.held
	c.m.working--
	c.held = 0
	c.m.grant()
}

// places are the semaphores in which a visit has a place: that of the visits that ask, that of those that parse. It keeps them until it
// is recorded.
type places []chan struct{}

// take waits for a place. It returns the error of ctx where that ends before there is one.
func (p *places) take(ctx context.Context, sem chan struct{}) error {
	select {
	case sem <- struct{}{}:
		*p = append(*p, sem)
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// release gives all places back.
func (p *places) release() {
	for _, sem := range *p {
		<-sem
	}
	*p = nil
}
