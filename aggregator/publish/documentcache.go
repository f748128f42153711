package publish

import (
	"sync"
	"sync/atomic"

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
	p *Publisher

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
	mu      sync.Mutex
	entries *lru[string, *cacheEntry]
}

// cacheEntry is the place of one document. The first caller to find it stale renders; concurrent callers wait.
type cacheEntry struct {
	now atomic.Pointer[kept]
	mu  sync.Mutex
}

// kept is a cached response and the generation that it is of.
type kept struct {
	of *generation
	r  *cachedResponse
}

func newDocumentCache(bound int) *documentCache {
	return &documentCache{entries: newLRU[string, *cacheEntry](bound)}
}

// get returns the document called name as g has it. render is given what was served in its place so far, or
// nil.
func (s *documentCache) get(name string, g *generation, render func(prev *cachedResponse) (*cachedResponse, error)) (
	*cachedResponse, error) {
	s.mu.Lock()
	at := s.entries.get(name)
	s.mu.Unlock()
	if at == nil {
		at = &cacheEntry{}
	} else if k := at.now.Load(); k != nil && k.of == g {
		return k.r, nil
	}
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
		return nil, err // nothing is kept of what cannot be rendered, such as a page that is not there
	}
	at.now.Store(&kept{of: g, r: r})
	s.mu.Lock()
	s.entries.put(name, at, r.size())
	s.mu.Unlock()
	return r, nil
}
