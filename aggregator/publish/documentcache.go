package publish

import (
	"errors"
	"runtime"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/singleflight"

	"dateline/aggregator/publish/page"
)

// What the caches keep, in bytes, all codings together: of pages that depend on the parameter before, of which there are as many as
// positions of the log, and of all other documents. A crawler that walks the former does not drop the feeds.
const (
	documentCacheBytes = 64 << 20
	pageCacheBytes     = 16 << 20
)

// generation is a state of the store and the publisher that renders it. Documents of one generation are the
// same bytes, whenever they are rendered.
type generation struct {
	p       *Publisher
	seq     uint64             // of the store
	renders singleflight.Group // of documents, by name

	mu   sync.Mutex
	side *page.Rail // nil: not made yet
}

// rail returns the rail of pages.
func (g *generation) rail(r Reader) (*page.Rail, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	var err error
	if g.side == nil {
		g.side, err = g.p.rail(r)
	}
	return g.side, err
}

// documentCache keeps the documents that were requested last. It is safe for concurrent use.
type documentCache struct {
	cold *coldRenders

	mu      sync.Mutex
	entries *lru[string, *cacheEntry]
}

// cacheEntry is the place of one document. One caller at a time renders it.
type cacheEntry struct {
	now atomic.Pointer[kept]
	mu  sync.Mutex
}

// kept is a cached response and the generation that it is of.
type kept struct {
	of *generation
	r  *cachedResponse
}

func newDocumentCache(bound int, cold *coldRenders) *documentCache {
	return &documentCache{cold: cold, entries: newLRU[string, *cacheEntry](bound)}
}

// get returns the document called name as g has it. All that ask while it is rendered get the same. render is given what was served in
// its place so far, or nil. The error is that of render, or errBusy where a document that is not kept would have to wait too long.
func (s *documentCache) get(name string, g *generation, render func(prev *cachedResponse) (*cachedResponse, error)) (
	*cachedResponse, error) {
	s.mu.Lock()
	at := s.entries.get(name)
	s.mu.Unlock()
	if at != nil {
		if k := at.now.Load(); k != nil && k.of == g {
			return k.r, nil
		}
	}
	r, err, _ := g.renders.Do(name, func() (any, error) {
		if at != nil {
			return s.renew(name, at, g, render)
		}
		if err := s.cold.begin(); err != nil {
			return nil, err
		}
		defer s.cold.end()
		return s.renew(name, &cacheEntry{}, g, render)
	})
	if err != nil {
		return nil, err // nothing is kept of what cannot be rendered, such as a page that is not there
	}
	return r.(*cachedResponse), nil
}

// renew renders what is out of date in a place.
func (s *documentCache) renew(name string, at *cacheEntry, g *generation, render func(prev *cachedResponse) (*cachedResponse, error)) (
	*cachedResponse, error) {
	at.mu.Lock()
	defer at.mu.Unlock()
	k := at.now.Load()
	if k == nil {
		k = &kept{}
	} else if k.of == g {
		return k.r, nil
	}
	r, err := render(k.r)
	if err != nil {
		return nil, err
	}
	at.now.Store(&kept{of: g, r: r})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries.put(name, at, r.size())
	return r, nil
}

// coldQueue is how many documents that are not kept may wait to be rendered.
const coldQueue = 64

// errBusy says that too many documents wait to be rendered.
var errBusy = errors.New("publish: too many documents wait to be rendered")

// coldRenders bounds how many documents that are not kept are rendered at a time: as many as there are processors.
type coldRenders struct {
	places  chan struct{}
	waiting atomic.Int64
}

func newColdRenders() *coldRenders {
	return &coldRenders{places: make(chan struct{}, runtime.GOMAXPROCS(0))}
}

// begin waits for a place. The error is errBusy.
func (c *coldRenders) begin() error {
	if c.waiting.Add(1) > int64(cap(c.places)+coldQueue) {
		c.waiting.Add(-1)
		return errBusy
	}
	c.places <- struct{}{}
	return nil
}

// end gives the place back.
func (c *coldRenders) end() {
	<-c.places
	c.waiting.Add(-1)
}
